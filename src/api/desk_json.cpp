#include "src/api/desk_json.hpp"

#include <bailiff/masked.hpp>

#include <functional>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;
constexpr int format_version = 1;

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class Range, class Make>
Json list_of(const Range& range, Make make) {
    auto list = Json::array();
    for (const auto& element : range) list.push_back(make(element));
    return list;
}

Json json_of(const Finding& finding) {
    return {{"family", to_text(finding.families)},
            {"symbol", finding.symbol},
            {"score", finding.score},
            {"reason", finding.reason}};
}

Json json_of(const Findings& findings) {
    return list_of(findings, [](const Finding& finding) { return json_of(finding); });
}

Json json_of(const Verdict& verdict) {
    auto by_family = Json::object();
    for (const auto family : families) by_family[to_text(family)] = of(verdict, family);
    return {{"level", to_text(verdict.level)},
            {"score", verdict.score},
            {"late", verdict.late},
            {"families", std::move(by_family)},
            {"reasons", list_of(verdict.reasons, std::mem_fn(&Sentence::en))},
            {"reasons_fr", list_of(verdict.reasons, std::mem_fn(&Sentence::fr))},
            {"findings", json_of(verdict.findings)}};
}

Json json_of(const Proof& proof) {
    return {
        {"kind", to_text(proof.kind)},
        {"value", proof.value},
        {"source", proof.source},
        {"strength", to_text(proof.strength)},
        {"services", list_of(proof.services, [](const ServiceId& id) { return Json(id.text()); })}};
}

Json json_of(const std::vector<Proof>& proofs) {
    return list_of(proofs, [](const Proof& proof) { return json_of(proof); });
}

Json json_of(const Envelope& envelope) {
    const auto shown = [](const std::string& address) { return Json(masked_recipient(address)); };
    return {{"transaction", envelope.transaction},
            {"queue_id", envelope.queue_id},
            {"door", to_text(envelope.door)},
            {"daemon_name", envelope.daemon_name},
            {"client_address", envelope.client_address},
            {"client_port", envelope.client_port},
            {"client_name", envelope.client_name},
            {"helo", envelope.helo},
            {"login", envelope.login},
            {"auth_type", envelope.auth_type},
            {"auth_author", envelope.auth_author},
            {"uid", envelope.uid ? Json(*envelope.uid) : Json(nullptr)},
            {"mail_from", envelope.mail_from},
            {"rcpt_to", list_of(envelope.rcpt_to, shown)},
            {"rcpt_count", envelope.rcpt_count},
            {"received", to_rfc3339(envelope.received)}};
}

Json json_of(const Action& action) {
    return {{"id", action.id.text()},
            {"kind", to_text(action.kind)},
            {"direction", to_text(action.direction)},
            {"service", action.service.id.text()},
            {"account", action.account.text()},
            {"target", action.target},
            {"sequence", action.sequence},
            {"generation", action.generation},
            {"state", to_text(action.state)},
            {"attempts", action.attempts},
            {"due", to_rfc3339(action.due)},
            {"changed", to_rfc3339(action.changed)},
            {"state_before", action.state_before},
            {"detail", action.detail}};
}

Json json_of(const StandingRow& row) {
    Json json{{"standing", to_text(row.standing)}, {"case", row.case_id.text()}};
    json["since"] = row.case_id.empty() ? Json(nullptr) : Json(to_rfc3339(row.since));
    const bool ever = row.probation_until > Instant{};
    json["probation_until"] = ever ? Json(to_rfc3339(row.probation_until)) : Json(nullptr);
    return json;
}

Json json_of(const CaseEvent& event) {
    return {{"at", to_rfc3339(event.at)},
            {"by", event.by},
            {"what", event.what},
            {"reason", event.reason}};
}

/// What the list and the whole begin with.
Json head_of(const Case& record) {
    return {{"id", record.id.text()},
            {"opened", to_rfc3339(record.opened)},
            {"path", record.path},
            {"mode", to_text(record.mode)},
            {"state", to_text(record.state)},
            {"service", record.service.id.text()},
            {"account", record.account.text()},
            {"reply_unknown", is_reply_unknown(record)},
            {"messages", record.messages}};
}

Json summary_of(const Case& record) {
    auto json = head_of(record);
    json["strength"] = to_text(record.strength);
    json["level"] = to_text(record.verdict.level);
    json["score"] = record.verdict.score;
    json["held"] = record.held.size() + record.held_uncounted;
    return json;
}

Json json_of(const Case& record) {
    auto json = head_of(record);
    json["service_created"] = to_rfc3339(record.service.created);
    json["attribution"] = {{"strength", to_text(record.strength)},
                           {"service", record.service.id.text()},
                           {"reason", record.attribution_reason.en},
                           {"reason_fr", record.attribution_reason.fr},
                           {"proofs", json_of(record.proofs)}};
    json["verdict"] = json_of(record.verdict);
    json["envelope"] = json_of(record.envelope);
    json["fingerprint"] = record.fingerprint.hex();
    json["message_sha256"] = record.message_digest.hex();
    json["message_size"] = record.message_size;
    json["rule_set"] = record.rule_set;
    json["held"] = list_of(record.held, [](const HeldMail& mail) {
        return Json{
            {"queue_id", mail.queue_id}, {"judged", mail.judged}, {"at", to_rfc3339(mail.at)}};
    });
    json["held_uncounted"] = record.held_uncounted;
    json["events"] = list_of(record.events, [](const CaseEvent& event) { return json_of(event); });
    return json;
}

}  // namespace

std::string case_json(const CaseFile& file) {
    Json json{{"v", format_version}, {"case", json_of(file.record)}};
    json["actions"] = list_of(file.actions, [](const Action& action) { return json_of(action); });
    json["service_standing"] = json_of(file.service_standing);
    json["account_standing"] = json_of(file.account_standing);
    return text_of(json);
}

std::string case_list_json(const std::vector<Case>& cases) {
    Json json{{"v", format_version}};
    json["cases"] = list_of(cases, summary_of);
    return text_of(json);
}

std::string breaker_json(const ActionBreaker& breaker) {
    const bool never = breaker.cause.empty();
    return text_of({{"v", format_version},
                    {"open", breaker.open},
                    {"since", never ? Json(nullptr) : Json(to_rfc3339(breaker.since))},
                    {"cause", breaker.cause},
                    {"detail", breaker.detail},
                    {"by", breaker.by},
                    {"reason", breaker.reason}});
}

std::string report_json(const Report& report) {
    Json json{{"v", format_version},         {"cases", report.cases},
              {"messages", report.messages}, {"services", report.services},
              {"accounts", report.accounts}, {"cut", report.cut}};
    json["paths"] = list_of(report.paths, [](const Report::Paths& row) {
        return Json{{"path", row.path}, {"mode", to_text(row.mode)}, {"count", row.count}};
    });
    json["actions"] = list_of(report.actions, [](const Report::Actions& row) {
        return Json{{"kind", to_text(row.kind)},
                    {"direction", to_text(row.direction)},
                    {"state", to_text(row.state)},
                    {"count", row.count}};
    });
    json["rules"] = list_of(report.rules, [](const Report::Rules& row) {
        return Json{{"rule", row.rule}, {"count", row.count}};
    });
    return text_of(json);
}

std::string error_json(const Error& error) {
    return text_of({{"error", {{"fault", to_text(error.fault)}, {"what", error.what}}}});
}

std::string findings_json(const Findings& findings) {
    return text_of(json_of(findings));
}
std::string verdict_json(const Verdict& verdict) {
    return text_of(json_of(verdict));
}
std::string json_quoted(std::string_view text) {
    return text_of(Json(text));
}

std::string attribution_json(const Attribution& attribution) {
    const auto& service = attribution.service;
    return text_of({{"strength", to_text(attribution.strength)},
                    {"service", service ? service->id.text() : ""},
                    {"account", service ? service->account.text() : ""},
                    {"reason", attribution.reason.en},
                    {"reason_fr", attribution.reason.fr},
                    {"proofs", json_of(attribution.proofs)}});
}

}  // namespace bailiff
