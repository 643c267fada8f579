#pragma once
// What the panel tells of a thing → a state of the hook contract. Pure.

#include "src/panel/panel_api.hpp"
#include "src/panel/reason.hpp"

#include <span>
#include <string>

namespace bailiff::panel {

/// Ours, and by which case; nothing: not suspended, or by somebody else.
[[nodiscard]] std::optional<OwnReason> own_reason(const Look& look);

/// The state of one thing, for an action of `kind`: README.md has the table.
[[nodiscard]] std::string state_of(const Look& look, ActionKind kind);

/// The state of all of them: that of the one which is stopped least. Those that are neither active
/// nor stopped by anybody count only if there is no other.
[[nodiscard]] std::string state_of(std::span<const Thing> things, ActionKind kind);

}  // namespace bailiff::panel
