#include "src/panel/order_json.hpp"

#include <algorithm>
#include <array>
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

constexpr std::array standings{Standing::active, Standing::held, Standing::suspended,
                               Standing::terminated, Standing::purged};

Result<OtherClaim> other_at(const Json& json) {
    OtherClaim other;
    BAILIFF_TRY(other.case_id, id_at<CaseId>(json, "case_id"));
    BAILIFF_TRY(other.target, text_at(json, "target"));
    BAILIFF_TRY(const auto what, text_at(json, "what"));
    BAILIFF_TRY(const auto standing, text_at(json, "standing"));
    if (what != "service" && what != "account")
        return fail(Fault::invalid_input, "the order: others: what: expected service or account");
    other.what = what == "account" ? ActionTarget::account : ActionTarget::service;
    const auto known =
        std::ranges::find(standings, standing, [](Standing s) { return to_text(s); });
    if (known == standings.end())
        return fail(Fault::invalid_input, "the order: others: standing: expected one we know");
    other.standing = *known;
    return other;
}

/// An enforcer of before it was told says nothing: then a state is that of an act.
Direction direction_at(const Json& json) {
    return json.value("direction", Json()) == "undo" ? Direction::undo : Direction::act;
}

/// None from an enforcer of before there were any.
Result<std::vector<OtherClaim>> others_at(const Json& json) {
    std::vector<OtherClaim> others;
    const auto found = json.find("others");
    if (found == json.end()) return others;
    if (!found->is_array()) return fail(Fault::invalid_input, "the order: others: expected a list");
    for (const auto& row : *found) {
        if (!row.is_object())
            return fail(Fault::invalid_input, "the order: others: expected objects");
        BAILIFF_TRY(auto other, other_at(row));
        others.push_back(std::move(other));
    }
    return others;
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
    order.direction = direction_at(json);
    BAILIFF_TRY(order.others, others_at(json));
    if (order.action_id.empty() || order.case_id.empty() || order.target.empty())
        return fail(Fault::invalid_input,
                    "the order: action_id, case_id and target: expected them not to be empty");
    return order;
}

std::string state_line(const std::string& state) {
    return Json{{"state", state}}.dump() + "\n";
}

}  // namespace bailiff::panel
