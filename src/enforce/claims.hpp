#pragma once
// What several cases want of one service or account, and what is left of it when one lets go. Pure.

#include <algorithm>
#include <bailiff/case.hpp>
#include <bailiff/service.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace bailiff {

/// How the target of an act stands once it has happened; active: as before.
[[nodiscard]] constexpr Standing standing_by(ActionKind kind) {
    for (const auto standing : {Standing::suspended, Standing::terminated, Standing::purged})
        if (to_text(standing) == row_of(kind).wanted) return standing;
    return Standing::active;
}

/// How one case, which no person has ended, has its target stand.
struct CaseClaim {
    Standing standing = Standing::active;
    CaseId case_id;
    bool operator==(const CaseClaim&) const = default;
};

/// The claim that counts: the harshest, of equal ones the first. Nothing: none wants anything.
[[nodiscard]] inline std::optional<CaseClaim> harshest(const std::vector<CaseClaim>& claims) {
    const auto found = std::ranges::max_element(claims, {}, &CaseClaim::standing);
    if (found == claims.end() || found->standing == Standing::active) return std::nullopt;
    return *found;
}

/// Whether an act of this kind, on the same target, still wants what undoing the other would take
/// away.
[[nodiscard]] constexpr bool keeps(ActionKind act, ActionKind undone) {
    if (act == undone) return true;
    const bool same_target = row_of(act).target == row_of(undone).target;
    return same_target && standing_by(undone) != Standing::active &&
           standing_by(act) > standing_by(undone) && can_be_undone(act);
}

/// Whether `state`, a word of the hook contract, is at least as harsh as `standing`.
[[nodiscard]] constexpr bool is_as_harsh(std::string_view state, Standing standing) {
    for (const auto known : {Standing::suspended, Standing::terminated, Standing::purged})
        if (to_text(known) == state) return known >= standing;
    return standing == Standing::active;
}

/// Where an undo leads: to `state_before`, but never below what the other cases still want.
/// Shape    `state_before` empty: nobody could read it, as good as active.
[[nodiscard]] constexpr std::string_view way_back(std::string_view state_before,
                                                  Standing others_want) {
    return is_as_harsh(state_before, others_want) ? state_before : to_text(others_want);
}

/// One act is taken out from among those on one target: what another one found before it, and so
/// its way back, was of the first one's making, and must lead to where that one began.
/// Shape    `found` is the other's state before, `began` the first one's.
[[nodiscard]] constexpr std::string_view way_back_without(ActionKind taken_out,
                                                          std::string_view began,
                                                          std::string_view found) {
    const auto made = row_of(taken_out).wanted;
    // It found what it wanted, or worse: then it has made nothing.
    const auto standing = standing_by(taken_out);
    const bool made_nothing =
        began == made || (standing != Standing::active && is_as_harsh(began, standing));
    return found == made && !made_nothing ? began : found;
}

}  // namespace bailiff
