#include "src/pipeline/breaker.hpp"

#include <algorithm>

#include "src/pipeline/case_notes.hpp"

namespace bailiff {

Result<ActionBreaker> breaker_of(const LedgerView& view) {
    auto breaker = view.breaker();
    if (breaker || breaker.error().fault != Fault::corrupt) return breaker;
    return ActionBreaker{
        .open = true,
        .since = {},
        .cause = "ledger",
        .detail = "its record cannot be read (" + breaker.error().what + "), so it counts as open",
        .by = {},
        .reason = {}};
}

Result<void> open_breaker(LedgerTxn& txn, const Overrun& over, Instant now) {
    BAILIFF_TRY(auto breaker, breaker_of(txn));
    if (breaker.open) return {};
    breaker.open = true;
    breaker.since = now;
    breaker.cause = over.setting;
    breaker.detail = over.setting + ": " + over.detail;
    BAILIFF_CHECK(txn.put_breaker(breaker));
    BAILIFF_CHECK(txn.append_leaf(breaker_leaf(breaker)));
    return {};
}

Result<void> close_breaker(LedgerTxn& txn, const DecidedBy& by, Instant now) {
    BAILIFF_TRY(auto breaker, breaker_of(txn));
    if (!breaker.open)
        return fail(Fault::invalid_input, "the breaker is not open; nothing was changed");
    breaker.open = false;
    breaker.since = now;
    breaker.by = by.name;
    breaker.reason = by.reason;
    BAILIFF_CHECK(txn.put_breaker(breaker));
    BAILIFF_CHECK(txn.append_leaf(breaker_leaf(breaker)));
    return {};
}

// A reset that lies in our future was made by another clock: it forgets nothing.
Instant counted_from(const ActionBreaker& breaker, Instant now, std::chrono::hours period) {
    const bool reset = !breaker.open && !breaker.by.empty() && breaker.since <= now;
    return reset ? std::max(now - period, breaker.since) : now - period;
}

}  // namespace bailiff
