#pragma once
// What has been spent of the enforcer's budgets: by the ledger, and by this process.

#include <bailiff/clock.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/ledger.hpp>
#include <chrono>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "src/pipeline/hour_count.hpp"
#include "src/pipeline/recheck.hpp"

namespace bailiff {

/// Threads  one.
class BudgetBook {
public:
    /// A rule is young for `young` after a change. All arguments must outlive it.
    BudgetBook(const Directory& directory, const Clock& clock, std::chrono::hours young)
        : directory_(directory), clock_(clock), young_(young) {}

    /// Breaker and spending, as `facts.action` will be weighed against.
    [[nodiscard]] Result<void> look(const LedgerView& view, outbox::Facts& facts);

    /// Whether it is among what was spent: a retry does not spend again.
    [[nodiscard]] bool has(const ActionId& id) const { return counted_.contains(id); }
    void add(EffectRow effect);
    void close(const ActionId& id) { counted_.erase(id); }

private:
    void add_own(std::vector<EffectRow>& day, Instant hour_ago);
    // Constant after construction.
    const Directory& directory_;
    const Clock& clock_;
    const std::chrono::hours young_;
    // The one thread's own.
    std::set<ActionId> counted_;
    HourCount effects_;  ///< started by this process
    std::deque<std::pair<SteadyInstant, EffectRow>>
        own_day_;           ///< the same ones, of 24 steady hours
    Instant reset_seen_{};  ///< of the breaker: what was started before counts no more
};

}  // namespace bailiff
