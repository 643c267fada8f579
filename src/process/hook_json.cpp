#include "src/process/hook_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bailiff::process {

namespace {

bool is_state(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

}  // namespace

std::string to_hook_json(const Order& order) {
    auto others = nlohmann::ordered_json::array();
    for (const auto& other : order.others)
        others.push_back({{"case_id", other.case_id.text()},
                          {"what", other.what == ActionTarget::account ? "account" : "service"},
                          {"target", other.target},
                          {"standing", to_text(other.standing)}});
    const nlohmann::ordered_json json{
        {"v", 1},
        {"action_id", order.action_id.text()},
        {"case_id", order.case_id.text()},
        {"kind", to_text(order.kind)},
        {"direction", to_text(order.direction)},
        {"account", order.account.text()},
        {"service", order.service.text()},
        {"target", order.target},
        {"state_before", order.state_before},
        {"reason", order.reason},
        {"mode", to_text(order.mode)},
        {"others", std::move(others)},
    };
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string to_lookup_json(const AccountId& account, const ServiceId& service,
                           const HolderId& holder) {
    const nlohmann::ordered_json json{{"v", 1},
                                      {"account", account.text()},
                                      {"service", service.text()},
                                      {"holder", holder.text()}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<std::string> state_from_hook_json(std::string_view output) {
    const auto json = nlohmann::json::parse(output, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto state = json.find("state");
    if (state == json.end() || !state->is_string()) return std::nullopt;
    const auto& text = state->get_ref<const std::string&>();
    if (!is_state(text)) return std::nullopt;
    return text;
}

}  // namespace bailiff::process
