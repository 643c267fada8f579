#pragma once
// Who had what of a case opened, and why: written down before anything is handed out.

#include <bailiff/ports/desk.hpp>
#include <bailiff/ports/ledger.hpp>

namespace bailiff {

/// So long what a disclosure was written down for may be read under its leaf.
inline constexpr auto disclosure_lasts = std::chrono::hours(1);

/// Errors   invalid_input: nobody is named, or no reason is.
[[nodiscard]] Result<void> check_disclosure(const Disclosure& disclosure);

/// An event of the case, "custody export authority" or "custody view", and a leaf of kind
/// "disclosure"; returns its number.  Errors   not_found.
[[nodiscard]] Result<std::uint64_t> note_disclosure(LedgerTxn& txn, const CaseId& id,
                                                    const Disclosure& disclosure, Instant now);

/// Whether `leaf` is a disclosure of this case that still lasts.  Errors   invalid_input.
[[nodiscard]] Result<void> check_leaf(const LedgerView& view, const CaseId& id, std::uint64_t leaf,
                                      Instant now);

}  // namespace bailiff
