#include "src/app/status_json.hpp"

#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

constexpr auto stale_after = std::chrono::seconds(5);

/// The state of one role, told by the age of its file.
Json role(const std::string& written, Instant now) {
    auto json = Json::parse(written, nullptr, false);
    if (!json.is_object() || !json.contains("at") || !json["at"].is_string())
        return {{"running", false}};
    const auto at = parse_rfc3339(json["at"].get<std::string>());
    const bool running = at && now - *at < stale_after;
    json["running"] = running;
    return json;
}

std::string line(const std::string& name, const std::string& value) {
    return name + std::string(name.size() < 14 ? 14 - name.size() : 1, ' ') + value + "\n";
}

std::string plain(const Json& json) {
    return json.is_string() ? json.get<std::string>() : text(json);
}

std::string counts(const Json& object) {
    std::string result;
    for (const auto& [key, value] : object.items())
        result += (result.empty() ? "" : ", ") + key + " " + plain(value);
    return result;
}

std::string role_lines(const std::string& name, const Json& json) {
    if (!json.value("running", false))
        return line(name,
                    json.contains("at")
                        ? "NOT RUNNING, or it hangs: nothing heard of it since " + plain(json["at"])
                        : "NOT RUNNING");
    std::string lines = line(
        name, "running since " + json.value("started", "?") + ", mode " + json.value("mode", "?"));
    for (const auto& [key, value] : json.items())
        if (value.is_object()) lines += line("  " + key, counts(value));
    for (const auto* key : {"last_reload_error", "last_error"})
        if (const auto error = json.value(key, ""); !error.empty())
            lines += line(std::string("  ") + key, error);
    return lines;
}

Json json_of(const StateWatch::State& state) {
    Json json{{"state", state.name}, {"since", to_rfc3339(state.since)}};
    if (!state.why.empty()) json["why"] = state.why;
    return json;
}

void add_conditions(Json& json, const Conditions& now) {
    json["ledger"] = json_of(now.ledger);
    json["ledger"]["records"] = now.records.name;
    json["ledger"]["corrupt_seen"] = now.health.corrupt_seen;
    json["ledger"]["reopened"] = now.health.reopened;
    json["directory"] = json_of(now.directory);
    if (now.imported) {
        json["directory"]["imported"] = to_rfc3339(now.imported->imported);
        json["directory"]["services"] = now.imported->services;
        json["directory"]["accounts"] = now.imported->accounts;
    } else {
        json["directory"]["imported"] = "never";
    }
    json["clock"] = json_of(now.clock);
}

void add_canary(Json& json, const CanaryStory& story) {
    if (story.state == "none") return;
    json["canary"] = {{"state", story.state},
                      {"rules", story.order.rules},
                      {"until", to_rfc3339(story.order.until)},
                      {"messages", story.report.messages},
                      {"changed", story.report.changed},
                      {"holds_gained", story.report.holds_gained},
                      {"holds_lost", story.report.holds_lost}};
}

}  // namespace

std::string to_json(const MilterStatus& status) {
    Json json{{"at", to_rfc3339(status.at)},
              {"started", to_rfc3339(status.started)},
              {"mode", to_text(status.mode)},
              {"pid", status.pid}};
    json["sessions"] = {{"now", status.sessions.sessions_now},
                        {"total", status.sessions.sessions_total},
                        {"refused", status.sessions.refused},
                        {"messages", status.sessions.messages},
                        {"max", status.sessions.sessions_max}};
    json["descriptors"] = {{"used", status.descriptors},
                           {"limit", status.sessions.descriptors_max},
                           {"turned_away", status.sessions.turned_away}};
    const auto& in_flight = status.sessions.in_flight;
    json["in_flight"] = {{"messages", in_flight.messages},
                         {"bytes", in_flight.bytes},
                         {"bytes_max", in_flight.bytes_max},
                         {"put_off", in_flight.put_off}};
    for (const auto level : {Level::pass, Level::suspect, Level::spam, Level::confirmed})
        json["verdicts"][to_text(level)] = status.judged.verdicts[static_cast<std::size_t>(level)];
    for (const auto kind :
         {Reply::Kind::proceed, Reply::Kind::reject, Reply::Kind::tempfail, Reply::Kind::hold})
        json["replies"][to_text(kind)] = status.judged.replies[static_cast<std::size_t>(kind)];
    json["states"] = {{"unattributed", status.judged.unattributed},
                      {"unrecorded", status.judged.unrecorded},
                      {"unread", status.judged.unread}};
    json["rspamd"] = {{"up", status.rspamd.up},
                      {"asked", status.rspamd.asked},
                      {"answered", status.rspamd.answered},
                      {"failed", status.rspamd.failed},
                      {"skipped", status.rspamd.skipped},
                      {"probed", status.rspamd.probed},
                      {"left_alone", status.rspamd.open},
                      {"patience_ms", status.rspamd.patience.count()},
                      {"last_error", status.rspamd.last_error}};
    json["features"] = {{"kept", status.features.kept},
                        {"lost", status.features.lost},
                        {"bytes", status.features.bytes}};
    json["rules"] = {{"count", status.rules}, {"digest", status.rule_set}};
    add_conditions(json, status.conditions);
    add_canary(json, status.canary);
    json["last_reload_error"] = status.last_reload_error;
    return text(json);
}

std::string to_json(const EnforcerStatus& status) {
    const auto used = status.ledger.map_bytes == 0
                          ? 0
                          : 100 * status.ledger.map_bytes_used / status.ledger.map_bytes;
    Json json{{"at", to_rfc3339(status.at)},
              {"started", to_rfc3339(status.started)},
              {"mode", to_text(status.mode)}};
    json["outbox"] = {{"open", status.ledger.outbox},
                      {"waiting_for_a_person", status.ledger.waiting},
                      {"attempted", status.attempted}};
    json["breaker"] = {{"state", status.breaker.open ? "OPEN" : "closed"}};
    if (status.breaker.open) {
        json["breaker"]["since"] = to_rfc3339(status.breaker.since);
        json["breaker"]["why"] = status.breaker.detail;
    }
    add_conditions(json, status.conditions);
    json["ledger"].update({{"cases", status.ledger.cases},
                           {"leaves", status.ledger.leaves},
                           {"map_fill_percent", used},
                           {"map_bytes_used", status.ledger.map_bytes_used},
                           {"oldest_reader_lag", status.ledger.oldest_reader_lag}});
    json["queue"] = {{"role", status.queue_role}};
    json["evidence"] = {{"signer", status.sealing.signer},
                        {"unsealed_cases", status.ledger.unsealed},
                        {"unstamped_seals", status.ledger.unstamped},
                        {"error", status.sealing.seal_error},
                        {"stamp_error", status.sealing.stamp_error}};
    json["log"] = {{"published", status.sealing.log.size}, {"error", status.sealing.log.error}};
    for (const auto& way : status.sealing.sent)
        json["log"]["sent"][way.way] = {
            {"at", way.sent == Instant() ? Json(nullptr) : Json(to_rfc3339(way.sent))},
            {"error", way.error}};
    json["last_error"] = status.last_error;
    return text(json);
}

std::string joined_status(const std::string& milter, const std::string& enforcer, Instant now) {
    return text(Json{{"v", 1}, {"milter", role(milter, now)}, {"enforcer", role(enforcer, now)}});
}

bool both_run(const std::string& joined) {
    const auto json = Json::parse(joined, nullptr, false);
    return json.is_object() && json["milter"].value("running", false) &&
           json["enforcer"].value("running", false);
}

std::string status_text(const std::string& joined) {
    const auto json = Json::parse(joined, nullptr, false);
    if (!json.is_object()) return "no status\n";
    return role_lines("milter", json["milter"]) + role_lines("enforcer", json["enforcer"]);
}

}  // namespace bailiff
