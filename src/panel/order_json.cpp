#include "src/panel/order_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bailiff::panel {
namespace {

using Json = nlohmann::json;

Result<std::string> text_at(const Json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string())
        return fail(Fault::invalid_input, std::string("the order: ") + key + ": expected text");
    return found->get<std::string>();
}

/// An id, or none where the contract lets it be empty.
template <class Id>
Result<Id> id_at(const Json& json, const char* key) {
    BAILIFF_TRY(const auto text, text_at(json, key));
    if (text.empty()) return Id();
    return Id::parse(text).within("the order");
}

}  // namespace

Result<Order> read_order(std::string_view line) {
    const auto json = Json::parse(line, nullptr, false);
    if (!json.is_object() || json.value("v", Json()) != 1)
        return fail(Fault::invalid_input, "the order: expected one line of JSON with \"v\":1");
    Order order;
    BAILIFF_TRY(const auto kind, text_at(json, "kind"));
    const auto row = std::ranges::find(action_kind_table, kind, &ActionKindRow::name);
    if (row == action_kind_table.end())
        return fail(Fault::invalid_input, "the order: kind: expected one that is known");
    order.kind = row->kind;
    BAILIFF_TRY(order.action_id, id_at<ActionId>(json, "action_id"));
    BAILIFF_TRY(order.case_id, id_at<CaseId>(json, "case_id"));
    BAILIFF_TRY(order.account, id_at<AccountId>(json, "account"));
    BAILIFF_TRY(order.service, id_at<ServiceId>(json, "service"));
    BAILIFF_TRY(order.target, text_at(json, "target"));
    BAILIFF_TRY(order.state_before, text_at(json, "state_before"));
    BAILIFF_TRY(order.reason, text_at(json, "reason"));
    if (order.action_id.empty() || order.case_id.empty() || order.target.empty())
        return fail(Fault::invalid_input,
                    "the order: action_id, case_id and target: expected them not to be empty");
    return order;
}

std::string state_line(const std::string& state) {
    return Json{{"state", state}}.dump() + "\n";
}

}  // namespace bailiff::panel
