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

ExhibitFile session_exhibit(const Submission& submission, const Digest& salt) {
    const auto& session = submission.connection;
    const auto at = to_rfc3339(submission.envelope.received);
    Json json{{"v", 1}, {"salt", salt.hex().substr(0, 32)}};
    const auto add = [&](const char* name, const std::string& value, const char* macro) {
        json[name] = {{"value", value.empty() ? Json(nullptr) : Json(value)},
                      {"src", std::string("postfix ") + macro},
                      {"at", at}};
    };
    add("server_ip", session.server_address, "{daemon_addr}");
    add("server_port", session.server_port, "{daemon_port}");
    add("client_ptr", session.client_ptr, "{client_ptr}");
    add("tls_version", session.tls_version, "{tls_version}");
    add("tls_cipher", session.tls_cipher, "{cipher}");
    add("tls_bits", session.tls_bits, "{cipher_bits}");
    add("cert_subject", session.certificate_subject, "{cert_subject}");
    add("cert_issuer", session.certificate_issuer, "{cert_issuer}");
    return {"2-identification/session.json", text_of(json), false};
}

ExhibitFile rates_exhibit(const TrafficFacts& facts, const Digest& salt) {
    Json json{{"v", 1},
              {"salt", salt.hex().substr(0, 32)},
              {"src", "counters of the filter"},
              {"at", to_rfc3339(facts.at)},
              {"suspect_messages_within_a_day", facts.strikes},
              {"service", nullptr},
              {"login", nullptr}};
    if (facts.rates)
        json["service"] = {{"messages_last_minute", facts.rates->messages_minute},
                           {"messages_last_hour", facts.rates->messages_hour},
                           {"recipients_last_hour", facts.rates->recipients_hour}};
    if (facts.habits)
        json["login"] = {{"networks_last_hour", facts.habits->networks_hour},
                         {"messages_last_hour", facts.habits->messages_hour},
                         {"busiest_hour_of_last_week", facts.habits->usual_hour},
                         {"days_known", facts.habits->days_known},
                         {"first_seen_from_this_network", facts.habits->new_network}};
    return {"3-traffic/rates.json", text_of(json), false};
}

ExhibitFile parts_exhibit(const Message& message, const std::vector<Digest>& digests,
                          const Digest& salt) {
    Json json{{"v", 1}, {"salt", salt.hex().substr(0, 32)}};
    json["header"] = Json::array();
    for (const auto& field : message.fields)
        json["header"].push_back({{"name", field.name}, {"value", field.value}});
    json["parts"] = Json::array();
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const auto& part = message.parts[i];
        json["parts"].push_back({{"type", part.type},
                                 {"charset", part.charset},
                                 {"name", part.file_name},
                                 {"decoded_size", part.size},
                                 {"sha256", i < digests.size() ? Json(digests[i].hex()) : Json()}});
    }
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
