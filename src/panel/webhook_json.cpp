#include "src/panel/webhook_effect.hpp"

#include <nlohmann/json.hpp>

namespace bailiff::panel {

std::string webhook_body(const Order& order, Instant now) {
    const nlohmann::ordered_json json{
        {"type", "bailiff." + std::string(to_text(order.kind))},
        {"timestamp", to_rfc3339(now)},
        {"data",
         {{"v", 1},
          {"action_id", order.action_id.text()},
          {"case_id", order.case_id.text()},
          {"kind", to_text(order.kind)},
          {"account", order.account.text()},
          {"service", order.service.text()},
          {"target", order.target},
          {"reason", order.reason}}},
    };
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace bailiff::panel
