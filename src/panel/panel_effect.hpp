#pragma once
// The effect that a panel hook's file asks for.

#include "src/panel/secret.hpp"
#include "src/panel/target_map.hpp"

#include <bailiff/clock.hpp>
#include <bailiff/panel_settings.hpp>
#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/http.hpp>
#include <memory>

namespace bailiff::panel {

/// All of it outlives the effect.
struct World {
    const PanelSettings& settings;
    const Secrets& secrets;
    const TargetMap& map;
    Http& http;
    const Clock& clock;
};

/// Carries out actions of `kind` by the panel of `world.settings`; one that it does not know it
/// answers with `never`.
[[nodiscard]] std::unique_ptr<Effect> panel_effect(const World& world, ActionKind kind);

}  // namespace bailiff::panel
