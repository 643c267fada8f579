#include "src/enforce/budget.hpp"

#include <algorithm>

namespace bailiff {
namespace {

bool ends_a_service(ActionKind kind) {
    return kind == ActionKind::service_terminate || kind == ActionKind::service_purge;
}

std::optional<Overrun> exceeds(std::string_view setting, std::int64_t spent, std::int64_t allowed,
                               const std::string& what) {
    if (spent < allowed) return std::nullopt;
    return Overrun{"enforcer." + std::string(setting),
                   std::to_string(spent) + " " + what + ", of " + std::to_string(allowed)};
}

std::optional<Overrun> of_the_hour(const Budgets& budgets, const Spending& spent) {
    const auto counted = std::ranges::count_if(
        spent.day, [&](const EffectRow& row) { return row.at >= spent.hour_ago; });
    const auto hour = std::max<std::int64_t>(counted, static_cast<std::int64_t>(spent.own_hour));
    return exceeds("actions_per_hour", hour, budgets.actions_per_hour, "actions within an hour");
}

/// Two actions on one service by one rule are two: a termination and a suspension of its account.
std::optional<Overrun> of_a_rule(const Budgets& budgets, const Spending& spent,
                                 const EffectRow& next) {
    for (const auto& rule : next.rules) {
        const auto uses = std::ranges::count_if(spent.day, [&](const EffectRow& row) {
            return row.at >= spent.hour_ago && std::ranges::count(row.rules, rule) > 0;
        });
        const bool young = spent.young.contains(rule);
        const auto weight = young ? 2 : 1;
        // The next one must find room for its whole weight.
        if ((uses + 1) * weight <= budgets.actions_per_rule) continue;
        return Overrun{"enforcer.actions_per_rule",
                       std::to_string(uses * weight) + " actions within an hour by rule " + rule +
                           (young ? ", which is new or changed and counts double" : "") +
                           ", of " + std::to_string(budgets.actions_per_rule)};
    }
    return std::nullopt;
}

std::optional<Overrun> of_the_day(const Budgets& budgets, const Spending& spent,
                                  const EffectRow& next) {
    if (!ends_a_service(next.kind)) return std::nullopt;
    const auto ended = std::ranges::count_if(
        spent.day, [](const EffectRow& row) { return ends_a_service(row.kind); });
    return exceeds("terminations_per_day", ended, budgets.terminations_per_day,
                   "services ended within a day");
}

std::optional<Overrun> of_all_accounts(const Budgets& budgets, const Spending& spent,
                                       const EffectRow& next) {
    std::set<AccountId> hit;
    for (const auto& row : spent.day) hit.insert(row.account);
    if (hit.contains(next.account)) return std::nullopt;
    const auto share =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, budgets.accounts_percent)) *
        spent.accounts / 100;
    const auto allowed = std::max(share, accounts_floor);
    if (budgets.accounts_percent >= 100 || hit.size() < allowed) return std::nullopt;
    return Overrun{"enforcer.accounts_percent",
                   std::to_string(hit.size()) + " accounts within a day, of " +
                       std::to_string(allowed) + " (" + std::to_string(budgets.accounts_percent) +
                       " % of " + std::to_string(spent.accounts) + ", at least " +
                       std::to_string(accounts_floor) + ")"};
}

}  // namespace

std::optional<Overrun> overrun(const Budgets& budgets, const Spending& spent,
                               const EffectRow& next) {
    if (auto over = of_the_hour(budgets, spent)) return over;
    if (auto over = of_a_rule(budgets, spent, next)) return over;
    if (auto over = of_the_day(budgets, spent, next)) return over;
    return of_all_accounts(budgets, spent, next);
}

}  // namespace bailiff
