#include "src/replay/replay.hpp"

#include <algorithm>

#include "src/decide/decide.hpp"
#include "src/inspect/behaviour.hpp"

namespace bailiff {
namespace {

void take(Findings& all, Findings more) {
    std::ranges::move(more, std::back_inserter(all));
}

/// That there was one is all that a path asks.
Proof proof_of(IdentityKind kind, const FeatureRow& row) {
    return {.kind = kind,
            .value = "?",
            .source = {},
            .strength = kind == IdentityKind::login ? Strength::proven : Strength::asserted,
            .services = {row.service.id}};
}

/// As the pipeline had it, but for proofs and words.
Attribution attribution_of(const FeatureRow& row) {
    Service service;
    service.id = row.service.id;
    service.created = row.service.created;
    service.account = row.account;
    service.test = row.test;
    service.is_protected = row.is_protected;
    service.plan = row.plan;
    Attribution attribution;
    attribution.strength = row.strength;
    if (row.vouched) attribution.vouched = service;
    if (row.answers) attribution.service = std::move(service);
    if (row.proves_login) attribution.proofs.push_back(proof_of(IdentityKind::login, row));
    if (row.names_script) attribution.proofs.push_back(proof_of(IdentityKind::script, row));
    return attribution;
}

Findings trap_findings(const FeatureRow& row, const ReplayRules& rules) {
    if (row.trap == TrapHit::none || !rules.traps) return {};
    if (row.trap == TrapHit::ignored) return {state_finding("TRAP_RECIPIENT_IGNORED", "")};
    return {{Family::reputation, "TRAP_RECIPIENT", rules.trap_score, ""}};
}

Findings rate_findings(const FeatureRow& row, const BehaviourSettings& settings) {
    if (!row.rates) return {};
    return judge_rate(settings, {.messages_last_minute = row.rates->messages_minute,
                                 .messages_last_hour = row.rates->messages_hour,
                                 .recipients_last_hour = row.rates->recipients_hour,
                                 .seen_before = false});
}

Findings rspamd_findings(const FeatureRow& row, const ReplayRules& rules) {
    if (!rules.hears_rspamd) return {};
    if (row.asked == Asked::silent) return {state_finding("RSPAMD_UNAVAILABLE", "")};
    return rules.weigh(row.rspamd);
}

}  // namespace

Replay::Replay(ReplayRules rules) : rules_(std::move(rules)), atoms_(rules_.rules.atoms()) {}

Replay::Refusal Replay::learn(std::uint32_t number, const FeatureBook& book) {
    Translation translation(book, atoms_);
    Refusal refusal{translation.unanswerable(), rules_.traps && *rules_.traps != book.traps};
    if (refusal.empty()) books_.insert_or_assign(number, std::move(translation));
    return refusal;
}

Replay::Told Replay::judge(std::uint32_t book, const FeatureRow& row) const {
    const auto known = books_.find(book);
    if (known == books_.end()) return {std::nullopt, Untold::unknown_book};
    const auto hits = known->second.of(row.atoms);
    if (!hits) return {std::nullopt, Untold::rules_cut};
    if (rules_.hears_rspamd && row.asked == Asked::nobody) return {std::nullopt, Untold::not_asked};
    if (!rules_.hears_rspamd && row.asked != Asked::nobody && row.late)
        return {std::nullopt, Untold::late};

    // In the order in which the witnesses speak in src/pipeline/judge.cpp.
    Findings findings = rules_.rules.rescore(*hits);
    take(findings, trap_findings(row, rules_));
    take(findings, rate_findings(row, rules_.behaviour));
    take(findings, rspamd_findings(row, rules_));
    take(findings, row.others);
    for (const auto& limit : row.limits) findings.push_back(state_finding(limit, ""));

    const auto attribution = attribution_of(row);
    Replayed replayed;
    replayed.verdict = decide(rules_.policy, attribution, std::move(findings),
                              {.door = row.door,
                               .at = row.received,
                               .timeliness = row.late ? Timeliness::late : Timeliness::in_time,
                               .on_probation = row.on_probation});
    replayed.plan = plan(replayed.verdict, attribution,
                         {.mode = Mode::enforce,
                          .door = row.door,
                          .directory_fresh = row.directory_fresh,
                          .on_probation = row.on_probation,
                          .at = row.received,
                          .habits = row.habits,
                          .paths = rules_.paths,
                          .policy = rules_.policy});
    return {std::move(replayed), {}};
}

}  // namespace bailiff
