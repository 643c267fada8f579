#pragma once
// The breaker in the ledger: who opens and who closes it, each time with a leaf of the log.

#include <bailiff/ports/desk.hpp>
#include <bailiff/ports/ledger.hpp>

#include "src/enforce/budget.hpp"

namespace bailiff {

/// How it stands. A record that cannot be read counts as open: a person closes it, and so writes it
/// anew.
[[nodiscard]] Result<ActionBreaker> breaker_of(const LedgerView& view);

/// Opens it, unless it is open; then the first cause stays.
[[nodiscard]] Result<void> open_breaker(LedgerTxn& txn, const Overrun& over, Instant now);

/// Closes it: budgets count anew from now on; what waits goes on waiting for its own decision.
/// Errors   invalid_input: it is not open.
[[nodiscard]] Result<void> close_breaker(LedgerTxn& txn, const DecidedBy& by, Instant now);

/// From when on budgets of `period` count.
[[nodiscard]] Instant counted_from(const ActionBreaker& breaker, Instant now,
                                   std::chrono::hours period);

}  // namespace bailiff
