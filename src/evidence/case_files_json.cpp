#include "src/evidence/case_files.hpp"

#include "src/evidence/content_class.hpp"
#include "src/evidence/custody.hpp"

#include <bailiff/masked.hpp>
#include <bailiff/version.hpp>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

/// Bytes that are no UTF-8 become U+FFFD.
std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}
std::string page_of(const Json& json) {
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string fresh() {
    return fresh_salt().hex().substr(0, 32);
}

/// A fact from outside: its value, who said so, and when.
Json fact(Json value, std::string_view source, Instant at) {
    return {{"value", std::move(value)}, {"src", source}, {"at", to_rfc3339(at)}};
}

Json json_of(const Sentence& sentence) {
    return {{"en", sentence.en}, {"fr", sentence.fr}};
}

Json json_of(const Sentences& sentences) {
    auto list = Json::array();
    for (const auto& sentence : sentences) list.push_back(json_of(sentence));
    return list;
}

Json json_of(const Action& action) {
    return {{"action_id", action.id.text()},
            {"type", to_text(action.kind)},
            {"direction", to_text(action.direction)},
            {"target", action.target},
            {"state", to_text(action.state)},
            {"attempts", action.attempts},
            {"due", to_rfc3339(action.due)},
            {"changed", to_rfc3339(action.changed)},
            {"state_before", action.state_before},
            {"automated", true},
            {"can_be_undone", row_of(action.kind).can_be_undone},
            {"detail", action.detail}};
}

Json json_of(const Proof& proof, Instant at) {
    return {{"kind", to_text(proof.kind)},
            {"identity", fact(proof.value, "postfix " + proof.source, at)},
            {"strength", to_text(proof.strength)}};
}

Json case_json(const BagFacts& facts) {
    const auto& record = facts.record;
    return {{"case_id", record.id.text()},
            {"path", record.path},
            {"mode", to_text(record.mode)},
            {"state", to_text(record.state)},
            {"opened_at", to_rfc3339(record.opened)},
            {"trigger", "filter"},
            {"class", {{"value", content_class(record)},
                       {"src", "names of the findings; a candidate, decided by nobody"},
                       {"at", to_rfc3339(facts.at)}}},
            {"attribution", to_text(record.strength)},
            {"messages", record.messages},
            {"stopped_mails", record.held.size() + record.held_uncounted},
            {"bag", facts.number},
            {"previous_bag", facts.previous}};
}

/// Nothing of tiers 1 to 4: this file is always disclosed.
ExhibitFile record_file(const BagFacts& facts) {
    const auto& record = facts.record;
    Json json{{"schema", "evidence-record/1"}, {"case", case_json(facts)}};
    json["operator"] = {{"node", facts.node}};
    json["software"] = {{"name", "bailiff"}, {"version", program_version}};
    json["clock"] = {{"source", "system clock"},
                     {"synced", facts.clock.synced},
                     {"est_error_us", facts.clock.error_us},
                     {"at", to_rfc3339(facts.at)}};
    json["message"] = {{"sha256", record.message_digest.hex()},
                       {"size", record.message_size},
                       {"received", to_rfc3339(record.envelope.received)}};
    json["analysis"] = {{"verdict", to_text(record.verdict.level)},
                        {"score_millipoints", record.verdict.score},
                        {"rule_set_sha256", record.rule_set},
                        {"late", record.verdict.late}};
    json["limits"] = json_of(limits_of(facts));
    return {"record.json", page_of(json)};
}

ExhibitFile holder_file(const BagFacts& facts) {
    const auto& known = facts.holder;
    Json json{{"salt", fresh()},
              {"account", facts.record.account.text()},
              {"service", facts.record.service.id.text()},
              {"src", known.source},
              {"at", to_rfc3339(known.at)}};
    if (known.holder) {
        const auto& holder = *known.holder;
        json["holder"] = {{"id", holder.id.text()},     {"name", holder.name},
                          {"email", holder.email},      {"phone", holder.phone},
                          {"address", holder.address},  {"country", holder.country},
                          {"language", holder.language}};
    } else {
        json["holder"] = nullptr;
    }
    return {std::string(holder_path), page_of(json), true};
}

ExhibitFile access_file(const BagFacts& facts) {
    const auto& record = facts.record;
    const auto& envelope = record.envelope;
    const auto at = envelope.received;
    Json session{{"salt", fresh()}, {"door", to_text(envelope.door)}};
    session["client_ip"] = fact(envelope.client_address, "postfix {client_addr}", at);
    session["client_port"] = fact(envelope.client_port, "postfix {client_port}", at);
    session["client_name"] = fact(envelope.client_name, "postfix {client_name}", at);
    session["listener"] = fact(envelope.daemon_name, "postfix {daemon_name}", at);
    session["helo"] = fact(envelope.helo, "client, unverified", at);
    session["auth_user"] = fact(envelope.login, "postfix {auth_authen}", at);
    session["auth_mech"] = fact(envelope.auth_type, "postfix {auth_type}", at);
    session["uid"] = fact(envelope.uid ? Json(*envelope.uid) : Json(nullptr),
                          "Received header of the local door", at);
    session["service"] = record.service.id.text();
    session["service_created"] = to_rfc3339(record.service.created);
    session["account"] = record.account.text();
    session["strength"] = to_text(record.strength);
    session["reason"] = json_of(record.attribution_reason);
    session["proofs"] = Json::array();
    for (const auto& proof : record.proofs) session["proofs"].push_back(json_of(proof, at));
    return {"2-identification/access.jsonl", line_of(session)};
}

ExhibitFile transactions_file(const BagFacts& facts) {
    const auto& envelope = facts.record.envelope;
    Json first{{"salt", fresh()},
               {"queue_id", fact(envelope.queue_id, "postfix {i}", envelope.received)},
               {"mail_from", fact(envelope.mail_from, "client, at MAIL", envelope.received)},
               {"rcpt_count", envelope.rcpt_count},
               {"size", facts.record.message_size},
               {"transaction", envelope.transaction}};
    auto lines = line_of(first);
    for (const auto& mail : facts.record.held)
        lines += line_of({{"queue_id", mail.queue_id},
                          {"stopped_at", to_rfc3339(mail.at)},
                          {"by_its_own_verdict", mail.judged}});
    return {"3-traffic/transactions.jsonl", std::move(lines)};
}

ExhibitFile masked_recipients_file(const BagFacts& facts) {
    auto lines = line_of({{"salt", fresh()}, {"recipients", facts.record.envelope.rcpt_count}});
    for (const auto& address : facts.record.envelope.rcpt_to)
        lines += line_of({{"rcpt_to", masked_recipient(address)}});
    return {"3-traffic/recipients.masked.jsonl", std::move(lines)};
}

ExhibitFile verdict_file(const BagFacts& facts) {
    const auto& verdict = facts.record.verdict;
    Json json{{"verdict", to_text(verdict.level)},
              {"score_millipoints", verdict.score},
              {"late", verdict.late},
              {"rule_set_sha256", facts.record.rule_set}};
    for (const auto family : families) json["families"][to_text(family)] = of(verdict, family);
    json["reasons"] = json_of(verdict.reasons);
    return {"5-analysis/verdict.json", page_of(json)};
}

ExhibitFile hits_file(const BagFacts& facts) {
    std::string lines;
    for (const auto& finding : facts.record.verdict.findings)
        lines += line_of({{"family", to_text(finding.families)},
                          {"family_bits", finding.families.bits()},
                          {"rule_id", finding.symbol},
                          {"weight_millipoints", finding.score},
                          {"reason", finding.reason}});
    return {"5-analysis/hits.jsonl", std::move(lines)};
}

ExhibitFile actions_file(const BagFacts& facts) {
    std::string lines;
    for (const auto& action : facts.actions) lines += line_of(json_of(action));
    return {"7-decision/actions.jsonl", std::move(lines)};
}

ExhibitFile events_file(const BagFacts& facts) {
    std::string lines;
    for (const auto& event : facts.record.events)
        lines += line_of({{"at", to_rfc3339(event.at)},
                          {"by", event.by},
                          {"what", event.what},
                          {"reason", event.reason}});
    return {"7-decision/events.jsonl", std::move(lines)};
}

ExhibitFile custody_file(const BagFacts& facts) {
    return {"8-custody/custody.jsonl", custody_lines(facts)};
}

/// The custody lines, each behind the digest of the one before.
class Custody {
public:
    explicit Custody(std::string node) : node_(std::move(node)) {}
    void add(Instant at, std::string_view who, std::string_view kind, std::string_view action,
             std::string_view object, const std::string& digest, std::string_view reason) {
        const auto line = line_of({{"seq", ++seq_},
                                   {"t", to_rfc3339(at)},
                                   {"actor", {{"type", kind}, {"id", who}}},
                                   {"host", node_},
                                   {"action", action},
                                   {"object", object},
                                   {"sha256", digest},
                                   {"tool", {{"name", "bailiff"}, {"version", program_version}}},
                                   {"reason", reason},
                                   {"prev", prev_}});
        lines_ += line;
        prev_ = sha256(line).hex();
    }
    [[nodiscard]] std::string lines() && { return std::move(lines_); }

private:
    std::string node_, lines_, prev_ = std::string(64, '0');
    std::uint64_t seq_ = 0;
};

}  // namespace

std::string custody_lines(const BagFacts& facts) {
    const auto& record = facts.record;
    Custody custody(facts.node);
    const auto digest = record.message_digest.hex();
    custody.add(record.envelope.received, "milter", "role", "acquire", message_path, digest,
                "handed over by Postfix");
    custody.add(record.opened, "milter", "role", "hash", message_path, digest,
                "case opened, content sealed");
    auto sealed = facts.sealed;
    sealed.push_back(facts.at);
    std::uint32_t number = 0;
    const auto seal_until = [&](Instant at) {
        for (; number < sealed.size() && sealed[number] < at; ++number)
            custody.add(sealed[number], "enforcer", "role", "seal",
                        "bag " + std::to_string(number), "", number == 0 ? "first" : "addendum");
    };
    for (const auto& event : record.events) {
        if (!is_custody_event(event)) continue;
        seal_until(event.at);
        const auto word = custody_words(event);
        custody.add(event.at, event.by, "person", word.action, word.object, "", event.reason);
    }
    seal_until(Instant::max());
    return std::move(custody).lines();
}

std::vector<ExhibitFile> case_files(const BagFacts& facts) {
    return {record_file(facts),
            holder_file(facts),
            access_file(facts),
            transactions_file(facts),
            masked_recipients_file(facts),
            verdict_file(facts),
            hits_file(facts),
            actions_file(facts),
            events_file(facts),
            custody_file(facts)};
}

std::vector<ExhibitFile> addendum_files(const BagFacts& facts) {
    return {record_file(facts), transactions_file(facts), actions_file(facts), events_file(facts),
            custody_file(facts)};
}

}  // namespace bailiff
