#include "src/evidence/exhibits.hpp"

#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

/// Bytes that are no UTF-8 become U+FFFD: the message itself has them as they were.
std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json json_of(const LineSet& lines) {
    Json json{{"suspect", lines.suspect}, {"spam", lines.spam}};
    for (const auto family : families)
        json["families"][to_text(family)] = {{"alone", lines.of(family).alone},
                                             {"corroborates", lines.of(family).corroborates}};
    return json;
}

LineSet lines_of(const Json& json) {
    LineSet lines{.suspect = json.at("suspect"), .spam = json.at("spam"), .families_lines = {}};
    for (const auto family : families) {
        const auto& of = json.at("families").at(std::string(to_text(family)));
        lines.of(family) = {of.at("alone"), of.at("corroborates")};
    }
    return lines;
}

std::int64_t milliseconds(Instant at) {
    return at.time_since_epoch().count();
}
Instant instant(const Json& json) {
    return Instant(std::chrono::milliseconds(json.get<std::int64_t>()));
}

Json json_of(const AllowRow& row) {
    return {{"service", row.service},
            {"account", row.account},
            {"symbols", row.symbols},
            {"until_ms", milliseconds(row.until)},
            {"reason", row.reason}};
}

AllowRow allow_of(const Json& json) {
    return {.service = json.at("service"),
            .account = json.at("account"),
            .symbols = json.at("symbols"),
            .until = instant(json.at("until_ms")),
            .reason = json.at("reason")};
}

}  // namespace

ExhibitFile recipients_exhibit(const Envelope& envelope, const Digest& salt) {
    std::string lines = text_of(Json{{"salt", salt.hex().substr(0, 32)},
                                     {"recipients", envelope.rcpt_count},
                                     {"kept", envelope.rcpt_to.size()}});
    for (const auto& address : envelope.rcpt_to) lines += text_of(Json{{"rcpt_to", address}});
    return {std::string(recipients_path), std::move(lines), true};
}

ExhibitFile parts_exhibit(const Message& message, const Digest& salt) {
    Json json{{"v", 1}, {"salt", salt.hex().substr(0, 32)}};
    json["header"] = Json::array();
    for (const auto& field : message.fields)
        json["header"].push_back({{"name", field.name}, {"value", field.value}});
    json["parts"] = Json::array();
    for (const auto& part : message.parts)
        json["parts"].push_back({{"type", part.type},
                                 {"charset", part.charset},
                                 {"name", part.file_name},
                                 {"decoded_size", part.size}});
    json["links"] = message.uris;
    json["limits"] = Json::array();
    for (const auto& limit : message.limits)
        json["limits"].push_back({{"symbol", limit.symbol}, {"reason", limit.reason}});
    return {std::string(parts_path), text_of(json), true};
}

ExhibitFile engine_exhibit(const EngineFacts& facts) {
    Json json{{"v", 1},
              {"program", "bailiff"},
              {"version", facts.version},
              {"rule_set", facts.rule_set},
              {"at", to_rfc3339(facts.at)},
              {"at_ms", milliseconds(facts.at)},
              {"late", facts.late},
              {"lines", json_of(facts.lines)},
              {"observed", facts.observed}};
    json["allow"] = Json::array();
    for (const auto& row : facts.allow) json["allow"].push_back(json_of(row));
    return {std::string(engine_path), text_of(json), false};
}

Result<EngineFacts> engine_facts(std::string_view text) {
    try {
        const auto json = Json::parse(text);
        EngineFacts facts{.version = json.at("version"),
                          .rule_set = json.at("rule_set"),
                          .lines = lines_of(json.at("lines")),
                          .observed = json.at("observed"),
                          .allow = {},
                          .at = instant(json.at("at_ms")),
                          .late = json.at("late")};
        for (const auto& row : json.at("allow")) facts.allow.push_back(allow_of(row));
        return facts;
    } catch (const Json::exception& wrong) {
        return fail(Fault::invalid_input, std::string("engine.json: ") + wrong.what());
    }
}

}  // namespace bailiff
