#include "src/panel/panel_effect.hpp"

#include "src/panel/stop_effect.hpp"
#include "src/panel/ticket_effect.hpp"
#include "src/panel/webhook_effect.hpp"
#include "src/panel/whm.hpp"
#include "src/panel/whmcs.hpp"

namespace bailiff::panel {

std::unique_ptr<Effect> panel_effect(const World& world, ActionKind kind) {
    const auto& settings = world.settings;
    const std::function<Calls()> calls = [&http = world.http, &clock = world.clock, &settings] {
        return Calls(http, clock, settings);
    };
    const WhmcsAccess whmcs{settings, world.secrets};
    if (settings.panel == "webhook")
        return std::make_unique<WebhookEffect>(
            WebhookEffect::World{settings, world.secrets, world.clock, calls});
    if (settings.panel == "whmcs" && kind == ActionKind::ticket_open)
        return std::make_unique<TicketEffect>(whmcs, world.map, calls);
    std::unique_ptr<PanelApi> api;
    if (settings.panel == "whmcs")
        api = std::make_unique<Whmcs>(whmcs, world.map);
    else
        api = std::make_unique<Whm>(settings, world.secrets, world.map);
    return std::make_unique<StopEffect>(
        std::move(api), StopEffect::Options{calls, world.secrets.purge.has_value()});
}

}  // namespace bailiff::panel
