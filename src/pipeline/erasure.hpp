#pragma once
// What nobody shall read any more: its wraps and bytes go, its digest, seal and leaf stay.

#include <bailiff/ports/desk.hpp>
#include <bailiff/ports/ledger.hpp>

namespace bailiff {

/// Whether a legal hold forbids it: the last word of a named person counts.
[[nodiscard]] bool is_on_legal_hold(const Case& record);

/// Puts what is sealed of `what` out of everybody's reach: "content" (message, parts, full
/// recipients), "holder", or "all". An event of the case, "custody erase content", and a leaf of
/// kind "erasure".
/// Errors   not_found; invalid_input: no such part, a legal hold, or nothing of it is left.
[[nodiscard]] Result<void> erase_evidence(LedgerTxn& txn, const CaseId& id, const DecidedBy& by,
                                          Instant now);

/// Whether anything of "content", "holder" or "all" can still be read by whoever has the keys.
[[nodiscard]] Result<bool> is_left(const LedgerView& view, const CaseId& id, std::string_view what);

/// "set" or "released" in `by.what`; an event of the case and a leaf.
/// Errors   not_found; invalid_input: it is so already.
[[nodiscard]] Result<void> hold_for_law(LedgerTxn& txn, const CaseId& id, const DecidedBy& by,
                                        Instant now);

}  // namespace bailiff
