#include "src/pipeline/cover.hpp"

#include <algorithm>

#include "src/evidence/case_files.hpp"
#include "src/evidence/custody.hpp"
#include "src/evidence/exhibits.hpp"
#include "src/evidence/sshsig.hpp"

namespace bailiff {
namespace {

Fact postfix(const Case& record, std::string value, std::string_view macro) {
    return {std::move(value), Sentence::of("Postfix " + std::string(macro)),
            record.envelope.received};
}

SessionFacts session_of(const Case& record, const TierChoice& tiers) {
    const auto& envelope = record.envelope;
    SessionFacts session;
    if (tiers[1]) {
        session.client_address = postfix(record, envelope.client_address, "{client_addr}");
        session.client_port =
            postfix(record, std::to_string(envelope.client_port), "{client_port}");
        session.client_name = postfix(record, envelope.client_name, "{client_name}");
        session.helo = postfix(record, envelope.helo, "HELO");
        session.login = postfix(record, envelope.login, "{auth_authen}");
        session.auth_type = postfix(record, envelope.auth_type, "{auth_type}");
        if (envelope.uid)
            session.uid = {std::to_string(*envelope.uid),
                           {"first header field of the local door",
                            "premier champ d'en-tête de la porte locale"},
                           envelope.received};
    }
    if (!tiers[2]) return session;
    session.queue_id = postfix(record, envelope.queue_id, "{i}");
    session.mail_from =
        postfix(record, envelope.mail_from.empty() ? "<>" : envelope.mail_from, "{mail_addr}");
    session.recipient_count = postfix(record, std::to_string(envelope.rcpt_count), "{rcpt_addr}");
    session.recipients = envelope.rcpt_to;
    session.recipients_source = {"Postfix {rcpt_addr}, masked", "Postfix {rcpt_addr}, masqués"};
    return session;
}

ServiceFacts service_of(const Case& record, const TierChoice& tiers) {
    ServiceFacts facts{.service = record.service,
                       .account = record.account,
                       .plan = {},
                       .strength = record.strength,
                       .reason = {},
                       .proofs = {},
                       .directory = {"customer directory", "annuaire des clients"},
                       .directory_at = record.opened};
    const Sentence withheld{"The identity that proves it is in folder 2, which is withheld.",
                            "L’identité qui le prouve est dans le dossier 2, non communiqué."};
    facts.reason = tiers[1] ? record.attribution_reason : withheld;
    if (tiers[1]) facts.proofs = record.proofs;
    return facts;
}

VerdictFacts verdict_of(const Case& record, const LineSet& lines) {
    VerdictFacts facts{.level = record.verdict.level,
                       .late = record.verdict.late,
                       .score = record.verdict.score,
                       .by_family = record.verdict.by_family,
                       .lines = lines,
                       .reasons = record.verdict.reasons,
                       .findings = {},
                       .rule_set = record.rule_set,
                       .at = record.opened};
    for (const auto& finding : record.verdict.findings)
        facts.findings.push_back(
            {finding.families, finding.symbol, finding.score, Sentence::of(finding.reason)});
    return facts;
}

bool is_person(const CaseEvent& event) {
    return event.by != "milter" && event.by != "enforcer" && event.by != "bailiff";
}

std::vector<ReportAction> actions_of(const Case& record, const std::vector<Action>& actions) {
    std::vector<ReportAction> told;
    for (const auto& action : actions) {
        const bool ran = action.state == ActionState::verified || action.state == ActionState::done;
        told.push_back({.kind = action.kind,
                        .direction = action.direction,
                        .target = action.target,
                        .by = action.direction == Direction::act ? "milter" : "enforcer",
                        .automated = true,
                        .requested = record.opened,
                        .executed = ran ? std::optional(action.changed) : std::nullopt,
                        .state = action.state,
                        .detail = action.detail,
                        .adapter = "hook"});
    }
    return told;
}

std::vector<ReportDecision> decisions_of(const Case& record) {
    std::vector<ReportDecision> told;
    for (const auto& event : record.events)
        if (is_person(event) && !is_custody_event(event))
            told.push_back({event.at, event.by, Sentence::of(event.what), event.reason});
    return told;
}

TierShown shown(bool goes_out) {
    const Sentence why{"not for this recipient", "non destiné à ce destinataire"};
    return {.state = goes_out ? Availability::present : Availability::withheld,
            .why = goes_out ? Sentence{} : why,
            .source = {},
            .at = {}};
}

SealFacts seal_of(const std::vector<Seal>& seals, const CoverNames& names) {
    SealFacts facts{.identity = names.identity,
                    .key_fingerprint = {},
                    .log_origin = names.log_origin,
                    .bag = {},
                    .sealed = {},
                    .stamp_authority = {},
                    .stamped = {},
                    .log_index = {},
                    .log_size = {},
                    .previous = {}};
    if (seals.empty()) return facts;
    const auto& first = seals.front();
    facts.bag = sha256(first.tag_manifest);
    if (const auto signer = ssh::signer_of(first.signature))
        facts.key_fingerprint = ssh::fingerprint(*signer);
    facts.sealed = first.at;
    facts.log_index = first.leaf;
    if (!first.stamp.empty()) facts.stamped = first.stamped;
    return facts;
}

/// As they were for this message; what cannot be read is none.
LineSet lines_of(const LedgerView& view, const CaseId& id) {
    const auto engine = view.exhibit(id, 0, engine_path);
    const auto facts =
        engine ? engine_facts(*engine) : Result<EngineFacts>(Failure(engine.error()));
    return facts ? facts->lines : LineSet{};
}

}  // namespace

Result<ReportFacts> cover_facts(const LedgerView& view, const CaseId& id, const CoverNames& names,
                                const TierChoice& tiers, Instant now) {
    BAILIFF_TRY(const auto found, view.find_case(id));
    if (!found) return fail(Fault::not_found, "there is no case " + id.text());
    BAILIFF_TRY(const auto actions, view.actions_of(id));
    BAILIFF_TRY(const auto seals, view.seals(id));
    const auto& record = *found;
    ReportFacts facts;
    facts.case_id = id;
    facts.operator_name = facts.node = names.node;
    facts.software = names.software;
    facts.written = now;
    facts.opened = record.opened;
    facts.mode = record.mode;
    facts.state = record.state;
    facts.clock = {"the state of the machine's clock is in record.json",
                   "l'état de l'horloge de la machine est dans record.json"};
    facts.service = service_of(record, tiers);
    facts.session = session_of(record, tiers);
    facts.message = {.digest = record.message_digest,
                     .size = record.message_size,
                     .received = record.envelope.received,
                     .messages = record.messages,
                     .message_id = {},
                     .subject = {},
                     .subject_is_withheld = true};
    facts.verdict = verdict_of(record, lines_of(view, id));
    facts.actions = actions_of(record, actions);
    facts.decisions = decisions_of(record);
    for (std::size_t tier = 0; tier < tiers.size(); ++tier) facts.tiers[tier] = shown(tiers[tier]);
    facts.holder = shown(tiers[0]);
    facts.limits = limits_of(record);
    facts.seal = seal_of(seals, names);
    return facts;
}

}  // namespace bailiff
