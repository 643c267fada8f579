#include "src/pipeline/feature_notes.hpp"

#include <algorithm>

namespace bailiff {
namespace {

TrapHit trap_in(const Findings& findings) {
    const auto says = [&](std::string_view symbol, bool is_state) {
        return std::ranges::any_of(findings, [&](const Finding& finding) {
            return finding.symbol == symbol && finding.families.empty() == is_state &&
                   (is_state || finding.families.is_only(Family::reputation));
        });
    };
    if (says("TRAP_RECIPIENT", false)) return TrapHit::hit;
    return says("TRAP_RECIPIENT_IGNORED", true) ? TrapHit::ignored : TrapHit::none;
}

/// Whether a replay knows where it came from, and so what it would weigh.
bool is_known(const Finding& finding, const FeatureRow& row) {
    const auto& from = finding.families;
    if (from.empty() || from.is_only(Family::rules)) return true;
    if (from.is_only(Family::behaviour)) return row.rates && finding.symbol.starts_with("RATE_");
    if (from.is_only(Family::reputation)) return finding.symbol == "TRAP_RECIPIENT";
    return from.is_only(Family::rspamd) &&
           std::ranges::find(row.rspamd, finding.symbol) != row.rspamd.end();
}

void note_sender(FeatureRow& row, const Attribution& attribution) {
    row.strength = attribution.strength;
    row.answers = attribution.service.has_value();
    row.vouched = attribution.vouched.has_value();
    const auto& who = row.answers ? attribution.service : attribution.vouched;
    if (!who) return;
    row.service = who->ref();
    row.account = who->account;
    row.test = who->test;
    row.is_protected = who->is_protected;
    row.plan = who->plan;
    row.proves_login = is_met(When::login, attribution, false);
    row.names_script = is_met(When::script, attribution, false);
}

}  // namespace

void note_heard(FeatureRow& row, const PendingFindings& asked) {
    auto heard = asked.heard();
    row.asked = heard ? Asked::heard : Asked::silent;
    if (heard) row.rspamd = *std::move(heard);
}

void note_judged(Judgement& judgement, const Snapshot& snapshot, const Submission& submission,
                 const Message& message, bool directory_fresh) {
    auto& row = judgement.features;
    const auto& envelope = submission.envelope;
    row.received = envelope.received;
    row.door = envelope.door;
    row.rcpt_count = envelope.rcpt_count;
    note_sender(row, judgement.attribution);
    row.directory_fresh = directory_fresh;
    row.late = judgement.verdict.late;
    row.trap = trap_in(judgement.verdict.findings);
    for (const auto& finding : judgement.verdict.findings)
        if (!is_known(finding, row))
            row.others.push_back({finding.families, finding.symbol, finding.score, ""});
    for (const auto& limit : message.limits) row.limits.push_back(limit.symbol);
    row.limits.insert(row.limits.end(), submission.limits.begin(), submission.limits.end());
    row.habits = judgement.habits;
    row.on_probation = judgement.on_probation;
    // Without strikes: how many messages are suspect is another number by other settings.
    const auto enforced = plan(judgement.verdict, judgement.attribution,
                               {.mode = Mode::enforce,
                                .door = envelope.door,
                                .directory_fresh = directory_fresh,
                                .on_probation = judgement.on_probation,
                                .at = envelope.received,
                                .habits = judgement.habits,
                                .paths = snapshot.settings.paths,
                                .policy = snapshot.settings.policy});
    row.decided = {judgement.verdict.level, enforced.path, enforced.reply, enforced.hold_service};
    row.book = snapshot.book;
}

}  // namespace bailiff
