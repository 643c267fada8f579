#pragma once
// Which act a person may put in the place of one that does not go on. Pure.

#include <algorithm>
#include <array>
#include <bailiff/action_kind.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff {

struct Milder {
    ActionKind from, to;
};

/// All that there are: each takes less from the customer than what it stands in for, and none
/// destroys anything.
inline constexpr std::array milder_acts{
    Milder{ActionKind::service_terminate, ActionKind::service_suspend},
    Milder{ActionKind::service_terminate, ActionKind::script_block},
    Milder{ActionKind::service_terminate, ActionKind::credential_reset},
    Milder{ActionKind::account_suspend, ActionKind::service_suspend},
    Milder{ActionKind::account_suspend, ActionKind::script_block},
    Milder{ActionKind::account_suspend, ActionKind::credential_reset},
    Milder{ActionKind::service_suspend, ActionKind::script_block},
    Milder{ActionKind::service_suspend, ActionKind::credential_reset},
    Milder{ActionKind::script_block, ActionKind::credential_reset},
};

[[nodiscard]] constexpr bool is_milder(ActionKind from, ActionKind to) {
    return std::ranges::any_of(milder_acts,
                               [&](const Milder& row) { return row.from == from && row.to == to; });
}

/// "service.terminate to service.suspend", as a person asks for it and the history keeps it.
[[nodiscard]] inline std::string to_text(const Milder& edit) {
    return std::string(to_text(edit.from)) + " to " + std::string(to_text(edit.to));
}

/// Nothing: not of that form, of kinds that there are not, or not milder.
[[nodiscard]] inline std::optional<Milder> milder_from(std::string_view text) {
    const auto found =
        std::ranges::find_if(milder_acts, [&](const Milder& row) { return to_text(row) == text; });
    return found == milder_acts.end() ? std::nullopt : std::optional(*found);
}

}  // namespace bailiff
