#include "src/api/seals_json.hpp"

#include <algorithm>
#include <bailiff/base64.hpp>
#include <bailiff/ed25519.hpp>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Seal& seal) {
    return {{"number", seal.number},
            {"at_ms", seal.at.time_since_epoch().count()},
            {"bag_info", seal.bag_info},
            {"manifest", seal.manifest},
            {"tag_manifest", seal.tag_manifest},
            {"signature", seal.signature},
            {"salt", to_base64(raw(seal.salt))},
            {"leaf", seal.leaf},
            {"stamp", to_base64(seal.stamp)},
            {"stamp_chain", seal.stamp_chain},
            {"stamped_ms", seal.stamped.time_since_epoch().count()}};
}

Instant instant(const Json& json) {
    return Instant(std::chrono::milliseconds(json.get<std::int64_t>()));
}

Seal seal_of(const Json& json) {
    Seal seal;
    seal.number = json.at("number");
    seal.at = instant(json.at("at_ms"));
    seal.bag_info = json.at("bag_info");
    seal.manifest = json.at("manifest");
    seal.tag_manifest = json.at("tag_manifest");
    seal.signature = json.at("signature");
    const auto salt = from_base64(json.at("salt").get<std::string>()).value_or("");
    if (salt.size() == seal.salt.bytes.size()) std::ranges::copy(salt, seal.salt.bytes.begin());
    seal.leaf = json.at("leaf");
    seal.stamp = from_base64(json.at("stamp").get<std::string>()).value_or("");
    seal.stamp_chain = json.at("stamp_chain");
    seal.stamped = instant(json.at("stamped_ms"));
    return seal;
}

}  // namespace

std::string disclosed_json(const Disclosed& disclosed) {
    Json json{{"v", 1}, {"leaf", disclosed.leaf}, {"seals", Json::array()}};
    for (const auto& seal : disclosed.seals) json["seals"].push_back(json_of(seal));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Disclosed> disclosed_from_json(std::string_view text) {
    try {
        const auto json = Json::parse(text);
        Disclosed disclosed{.seals = {}, .leaf = json.at("leaf")};
        for (const auto& seal : json.at("seals")) disclosed.seals.push_back(seal_of(seal));
        return disclosed;
    } catch (const Json::exception& wrong) {
        return fail(Fault::internal, std::string("the desk's answer: ") + wrong.what());
    }
}

}  // namespace bailiff
