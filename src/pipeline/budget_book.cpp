#include "src/pipeline/budget_book.hpp"

#include <algorithm>
#include <utility>

#include "src/pipeline/breaker.hpp"

namespace bailiff {

namespace {

// Only this process' own memory of what it has counted; when it is full, all may be counted twice,
// which makes the budget smaller, never larger.
constexpr std::size_t counted_max = 10'000;

}  // namespace

// An effect that a clock has put into our near future counts, too.
Result<void> BudgetBook::look(const LedgerView& view, outbox::Facts& facts) {
    constexpr auto hour = std::chrono::hours(1), day = std::chrono::hours(24);
    const auto now = clock_.now();
    BAILIFF_TRY(facts.breaker, breaker_of(view));
    const auto& breaker = facts.breaker;
    if (!breaker.open && breaker.since != std::exchange(reset_seen_, breaker.since)) {
        effects_.forget();
        own_day_.clear();
    }
    BAILIFF_TRY(facts.spent.day, view.effects(counted_from(breaker, now, day), now + hour));
    facts.spent.hour_ago = counted_from(breaker, now, hour);
    add_own(facts.spent.day, facts.spent.hour_ago);
    facts.spent.own_hour = static_cast<std::uint64_t>(effects_.last_hour(clock_.steady()));
    if (const auto info = directory_.info()) facts.spent.accounts = info->accounts;
    for (const auto& rule : outbox::effect_of(facts.action, facts.record, now).rules) {
        BAILIFF_TRY(const auto age, view.rule_age(rule));
        if (!age || age->since > now - young_) facts.spent.young.insert(rule);
    }
    return {};
}

// What the ledger does not show within the day, because the clock was set back since: by rule and
// by day it counts as it does by the hour.
void BudgetBook::add_own(std::vector<EffectRow>& day, Instant hour_ago) {
    const auto now = clock_.steady();
    while (!own_day_.empty() && now - own_day_.front().first > std::chrono::hours(24))
        own_day_.pop_front();
    for (const auto& [at, effect] : own_day_) {
        if (std::ranges::find(day, effect.action, &EffectRow::action) != day.end()) continue;
        auto row = effect;
        const bool lately = now - at <= std::chrono::hours(1);
        row.at = lately ? clock_.now() : hour_ago - std::chrono::milliseconds(1);
        day.push_back(std::move(row));
    }
}

void BudgetBook::add(EffectRow effect) {
    if (counted_.size() >= counted_max) counted_.clear();
    counted_.insert(effect.action);
    effects_.add(clock_.steady());
    if (own_day_.size() >= counted_max) own_day_.pop_front();
    own_day_.emplace_back(clock_.steady(), std::move(effect));
}

}  // namespace bailiff
