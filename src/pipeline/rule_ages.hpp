#pragma once
// Since when each rule reads as it does: what a young one does counts double (enforce/budget.hpp).

#include <bailiff/features.hpp>
#include <bailiff/ports/ledger.hpp>
#include <vector>

namespace bailiff {

/// Writes down which of `rules` are new or read otherwise than before; the others stay as they are.
/// Returns how many.  Errors   those of Ledger; then all of them count as young.
[[nodiscard]] Result<std::size_t> note_rules(Ledger& ledger, const std::vector<Atom>& rules,
                                             Instant now);

}  // namespace bailiff
