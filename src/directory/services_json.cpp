// Services → JSON, one a line.

#include <nlohmann/json.hpp>

#include "src/directory/import.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Identity& identity) {
    Json json{{"kind", to_text(identity.kind)}, {"value", identity.value}};
    if (identity.from) json["from"] = to_rfc3339(*identity.from);
    if (identity.until) json["until"] = to_rfc3339(*identity.until);
    return json;
}

Json json_of(const Service& service) {
    Json json{{"service", service.id.text()}, {"account", service.account.text()}};
    if (!service.holder.empty()) json["holder"] = service.holder.text();
    json["plan"] = service.plan;
    json["created"] = to_rfc3339(service.created);
    json["test"] = service.test;
    json["protected"] = service.is_protected;
    auto& identities = json["identities"] = Json::array();
    for (const auto& identity : service.identities) identities.push_back(json_of(identity));
    return json;
}

}  // namespace

std::string write_services(const std::vector<Service>& services) {
    std::string text = "[";
    for (const auto& service : services) {
        text += text.size() == 1 ? "\n" : ",\n";
        text += json_of(service).dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return text + "\n]\n";
}

}  // namespace bailiff
