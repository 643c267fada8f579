#include "src/pipeline/budget_book.hpp"

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
    BAILIFF_TRY(facts.breaker, view.breaker());
    const auto& breaker = facts.breaker;
    if (!breaker.open && breaker.since != std::exchange(reset_seen_, breaker.since))
        effects_.forget();
    BAILIFF_TRY(facts.spent.day, view.effects(counted_from(breaker, now, day), now + hour));
    facts.spent.hour_ago = counted_from(breaker, now, hour);
    facts.spent.own_hour = static_cast<std::uint64_t>(effects_.last_hour(clock_.steady()));
    if (const auto info = directory_.info()) facts.spent.accounts = info->accounts;
    for (const auto& rule : outbox::effect_of(facts.action, facts.record, now).rules) {
        BAILIFF_TRY(const auto age, view.rule_age(rule));
        if (!age || age->since > now - young_) facts.spent.young.insert(rule);
    }
    return {};
}

void BudgetBook::add(const ActionId& id) {
    if (counted_.size() >= counted_max) counted_.clear();
    counted_.insert(id);
    effects_.add(clock_.steady());
}

}  // namespace bailiff
