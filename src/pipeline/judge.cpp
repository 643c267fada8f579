#include "src/pipeline/judge.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <bailiff/limits.hpp>
#include <exception>

#include "src/decide/decide.hpp"
#include "src/identify/attribute.hpp"
#include "src/inspect/behaviour.hpp"
#include "src/message/address.hpp"
#include "src/message/parse.hpp"
#include "src/pipeline/crash_point.hpp"
#include "src/pipeline/directory_state.hpp"
#include "src/pipeline/exhibit_notes.hpp"
#include "src/pipeline/feature_notes.hpp"
#include "src/pipeline/fingerprint.hpp"

namespace bailiff {
namespace {

class Stopwatch {
public:
    Stopwatch(const Clock& clock, std::vector<StationTime>& times)
        : clock_(clock), times_(times), last_(clock.steady()) {}
    void done(std::string_view station) {
        const auto now = clock_.steady();
        const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now - last_);
        times_.push_back({station, us.count()});
        crash_point(station);
        last_ = now;
    }

private:
    const Clock& clock_;
    std::vector<StationTime>& times_;
    SteadyInstant last_;
};

void take(Findings& all, Findings more) {
    std::ranges::move(more, std::back_inserter(all));
}

Findings cut_while_coming_in(const Submission& submission) {
    Findings findings;
    for (const auto& symbol : submission.limits)
        findings.push_back(state_finding(symbol, "a limit was reached while the message came in"));
    return findings;
}

Circumstances circumstances(const Snapshot& snapshot, const Judgement& judged,
                            const Envelope& envelope, bool directory_fresh) {
    return {.mode = snapshot.settings.mode,
            .door = envelope.door,
            .directory_fresh = directory_fresh,
            .on_probation = judged.on_probation,
            .at = envelope.received,
            .habits = judged.habits,
            .strikes = judged.strikes,
            .paths = snapshot.settings.paths,
            .policy = snapshot.settings.policy};
}

/// Bounces and forms must not be a witness against what the service sent itself: others decide how
/// many of them there are (faults G07, G15).
Stream stream_of(const Service& service, const Envelope& envelope) {
    if (guard_removed(Guard::rates_are_of_one_occasion)) return service.ref();
    if (envelope.mail_from.empty()) return {service.ref(), Occasion::bounce};
    return {service.ref(), envelope.door == Door::local ? Occasion::script : Occasion::submitted};
}

constexpr const char* try_again = "Temporary failure, try again later";

std::string said_of(const StandingRow& row) {
    return "Service " + std::string(to_text(row.standing)) + ", case " + row.case_id.text();
}

/// Local mail waits in the hold queue, submitted mail at its client: neither is lost.
Reply::Kind not_now(Door door) {
    return door == Door::local ? Reply::Kind::hold : Reply::Kind::tempfail;
}

}  // namespace

Judge::Judge(JudgeParts parts) : parts_(std::move(parts)) {}

Judgement Judge::consider(const Submission& submission) {
    const auto snapshot = parts_.snapshots.current();
    const auto& envelope = submission.envelope;
    const auto begun = parts_.clock.steady();
    Judgement result;
    Stopwatch watch(parts_.clock, result.times);

    const auto asked =
        parts_.rspamd == nullptr
            ? nullptr
            : parts_.rspamd->ask(submission, begun + snapshot->settings.rspamd.deadline);
    watch.done("ask");
    const auto message = parse(submission.raw);
    watch.done("parse");
    result.attribution = attributed(envelope, message);
    result.fingerprint = fingerprint_of(submission, message, result.attribution);
    watch.done("identify");
    Findings findings = snapshot->rules->inspect_noting(submission, message, result.features.atoms);
    watch.done("rules");
    take(findings,
         judge_recipients(snapshot->traps, snapshot->settings.reputation.score, envelope, message));
    if (result.attribution.vouched) {
        const auto tally =
            parts_.counters.count(stream_of(*result.attribution.vouched, envelope),
                                  envelope.rcpt_count, result.fingerprint, envelope.received);
        result.seen_before = tally.seen_before;
        result.features.rates = {tally.messages_last_minute, tally.messages_last_hour,
                                 tally.recipients_last_hour};
        take(findings, judge_rate(snapshot->settings.behaviour, tally));
    }
    observe_sender(result, envelope);
    watch.done("behaviour");
    if (asked) take(findings, asked->wait());
    if (asked) note_heard(result.features, *asked);
    watch.done("rspamd");
    take(findings, message.limits);
    take(findings, cut_while_coming_in(submission));

    result.late_after = begun + limits::judge_wait_max;
    const bool late = parts_.clock.steady() > result.late_after;
    result.verdict = decide(snapshot->settings.policy, result.attribution, std::move(findings),
                            {.door = envelope.door,
                             .at = envelope.received,
                             .timeliness = late ? Timeliness::late : Timeliness::in_time,
                             .on_probation = result.on_probation});
    result.mode = snapshot->settings.mode;
    const bool counts = result.verdict.level == Level::suspect && !result.seen_before;
    if (counts && result.attribution.vouched)
        result.strikes =
            parts_.counters.strike(result.attribution.vouched->ref(), envelope.received);
    settle(result, *snapshot, envelope);
    if (!result.plan.path.empty())  // nothing of mail that needs no case
        result.exhibits = exhibits_of(result, snapshot->settings.policy, submission, message);
    if (parts_.features != nullptr)
        note_judged(result, *snapshot, submission, message, directory_fresh());
    if (parts_.canary != nullptr && parts_.canary->runs())
        run_canary(*parts_.canary, snapshot->settings.policy,
                   circumstances(*snapshot, result, envelope, directory_fresh()), submission,
                   message, result);
    watch.done("decide");
    return result;
}

/// How the sender stands and what it usually does; what cannot be read speaks against nobody.
void Judge::observe_sender(Judgement& result, const Envelope& envelope) {
    if (!result.attribution.vouched) return;
    const auto standing = read_standing(*result.attribution.vouched);
    result.on_probation = standing && envelope.received < standing->probation_until;
    if (envelope.door != Door::submission || envelope.login.empty()) return;
    const auto network = network_of(envelope.client_address);
    if (network.empty()) return;
    result.habits =
        parts_.counters.note_login(envelope.login, network, result.seen_before, envelope.received);
}

/// What follows from the verdict, and what if the writer comes to it too late.
void Judge::settle(Judgement& result, const Snapshot& snapshot, const Envelope& envelope) const {
    const auto now = circumstances(snapshot, result, envelope, directory_fresh());
    result.plan = plan(result.verdict, result.attribution, now);
    result.rule_set = snapshot.rule_set;
    result.holds_per_hour = snapshot.settings.milter.holds_per_hour;
    if (!result.plan.hold_service) {
        result.if_late = result.plan;
        return;
    }
    auto late = result.verdict;
    late.late = true;
    result.if_late = plan(late, result.attribution, now);
}

Reply Judge::answer(const Submission& submission) {
    crash_point("eom");
    auto judgement = consider(submission);
    ++verdicts_[static_cast<std::size_t>(judgement.verdict.level)];
    if (judgement.attribution.strength == Strength::unknown) ++unattributed_;
    note_sent(submission.envelope, judgement.attribution);
    if (parts_.features != nullptr) parts_.features->note(std::move(judgement.features));
    const auto standing = blocking(judgement.attribution, judgement.mode);
    if (judgement.plan.path.empty())  // clean mail needs no write
        return stopped_by_standing(submission.envelope, standing);

    judgement.holds_seen = holds_.last_hour(parts_.clock.steady());
    judgement.reset_seen = reset_seen_;
    crash_point("recording");
    const auto recorded = record(parts_.ledger, parts_.makers, submission, judgement, parts_.clock);
    if (!recorded) return could_not_record(submission, judgement, recorded.error());
    crash_point("recorded");
    recording_fails_ = false;
    if (recorded->released) return stopped_by_standing(submission.envelope, standing);
    const auto reply = told(submission, judgement, *recorded);
    // A case for review lets suspect mail go on, unless its service is stopped for something else.
    return reply.kind == Reply::Kind::proceed ? stopped_by_standing(submission.envelope, standing)
                                              : reply;
}

/// For the day on which the service is stopped: what it has in the queue is told by it too.
void Judge::note_sent(const Envelope& envelope, const Attribution& attribution) const noexcept {
    if (parts_.sent == nullptr || !attribution.vouched) return;
    parts_.sent->note(envelope.queue_id, {attribution.vouched->ref(), envelope.received});
}

/// The reply that a verdict binds us to; only after the commit.
Reply Judge::told(const Submission& submission, const Judgement& judgement,
                  const Recorded& recorded) {
    if (recorded.reset && *recorded.reset != reset_seen_.load()) {
        reset_seen_ = *recorded.reset;
        holds_.forget();
    }
    if (recorded.held) {
        holds_.add(parts_.clock.steady());
        standings_.keep(*judgement.attribution.service,
                        {Standing::held, recorded.case_id, parts_.clock.now()});
    }
    if (recorded.opened_breaker)
        parts_.journal.event(Severity::alarm, "breaker_opened",
                             {{"case", recorded.case_id.text()},
                              {"why", "milter.holds_per_hour: more services held within an hour"}});
    if (recorded.acts && parts_.wake_enforcer) parts_.wake_enforcer();
    const auto& planned = recorded.late ? judgement.if_late : judgement.plan;
    if (recorded.opened)
        parts_.journal.event(
            recorded.over_budget ? Severity::warning : Severity::info, "case_opened",
            {{"case", recorded.case_id.text()},
             {"path", planned.path},
             {"verdict", std::string(to_text(judgement.verdict.level))},
             {"service",
              judgement.attribution.service ? judgement.attribution.service->id.text() : "unknown"},
             {"queue_id", submission.envelope.queue_id},
             {"over_budget", recorded.over_budget ? "yes" : "no"}});
    return {planned.reply, "Message refused as spam, case " + recorded.case_id.text()};
}

/// Only what would be refused falls back; clean mail passes, and nobody is punished (design §4.2).
Reply Judge::could_not_record(const Submission& submission, const Judgement& judgement,
                              const Error& error) {
    ++unrecorded_;
    // One alarm until something can be recorded again; the state of the ledger has its own.
    parts_.journal.event(recording_fails_.exchange(true) ? Severity::warning : Severity::alarm,
                         "not_recorded",
                         {{"queue_id", submission.envelope.queue_id}, {"why", error.what}});
    if (judgement.plan.reply == Reply::Kind::proceed) return {};
    return {not_now(submission.envelope.door), try_again};
}

Reply Judge::stopped_by_standing(const Envelope& envelope, const Stands& stands) {
    const auto& row = stands.row;
    if (row.standing == Standing::active) return {};
    if (stands.from_memory) return {not_now(envelope.door), try_again};
    const Reply reply{stop_at(envelope.door), said_of(row)};
    if (reply.kind != Reply::Kind::hold) return reply;
    const auto noted = record_held(parts_.ledger, row.case_id, envelope, parts_.clock.now());
    // In a moment nothing stops it any more; Postfix offers it again within a minute.
    if (noted && !*noted) return {Reply::Kind::tempfail, try_again};
    if (!noted)
        parts_.journal.event(Severity::warning, "held_not_noted",
                             {{"queue_id", envelope.queue_id}, {"why", noted.error().what}});
    return reply;
}

/// The harsher of the service's own standing and its account's.
Result<StandingRow> Judge::read_standing(const Service& service) const {
    StandingRow harsher;
    BAILIFF_CHECK(parts_.ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(harsher, view.standing(service.ref()));
        BAILIFF_TRY(const auto account, view.standing(service.account));
        if (account.standing > harsher.standing) harsher = account;
        return {};
    }));
    return harsher;
}

/// A ledger that cannot be read does not set free what it has stopped, as far as we remember.
Judge::Stands Judge::standing_of(const Service& service) {
    auto row = read_standing(service);
    if (row) {
        reading_fails_ = false;
        standings_.keep(service, *row);
        return {*std::move(row), false};
    }
    ++unread_;
    parts_.journal.event(reading_fails_.exchange(true) ? Severity::warning : Severity::alarm,
                         "standing_unreadable",
                         {{"service", service.id.text()}, {"why", row.error().what}});
    return {standings_.of(service), true};
}

/// What stops every mail of the vouched sender; active in mode observe and for everybody else.
Judge::Stands Judge::blocking(const Attribution& attribution, Mode mode) {
    if (mode == Mode::observe) return {};
    if (!attribution.vouched) return {};
    return standing_of(*attribution.vouched);
}

Attribution Judge::attributed(const Envelope& envelope, const Message& message) {
    auto found = attribute(envelope, message, parts_.directory);
    if (found) return *std::move(found);
    parts_.journal.event(Severity::alarm, "directory_silent", {{"why", found.error().what}});
    Attribution nobody;
    nobody.reason = Sentence{"the directory gave no answer: ", "l'annuaire n'a pas répondu : "} +
                    Sentence::of(found.error().what);
    return nobody;
}

bool Judge::directory_fresh() const {
    return directory_state(parts_.directory.info(), parts_.clock) == DirectoryState::ok;
}

Reply Judge::admit(const Envelope& envelope) noexcept {
    try {
        if (envelope.door == Door::local) return {};
        const auto attribution = attribute_envelope(envelope, parts_.directory);
        if (!attribution) return {};  // judged at end of message, where silence is a finding
        const auto stands = blocking(*attribution, parts_.snapshots.current()->settings.mode);
        if (stands.row.standing == Standing::active) return {};
        const auto kind = stands.from_memory ? Reply::Kind::tempfail : Reply::Kind::reject;
        ++replies_[static_cast<std::size_t>(kind)];
        return {kind, stands.from_memory ? try_again : said_of(stands.row)};
    } catch (const std::exception& error) {
        return failed(error.what(), envelope.door);
    }
}

Reply Judge::judge(const Submission& submission) noexcept {
    try {
        auto reply = answer(submission);
        ++replies_[static_cast<std::size_t>(reply.kind)];
        return reply;
    } catch (const std::exception& error) {
        return failed(error.what(), submission.envelope.door);
    }
}

Reply Judge::failed(const char* what, Door door) noexcept {
    const auto reply = not_now(door);
    ++replies_[static_cast<std::size_t>(reply)];
    parts_.journal.event(Severity::alarm, "judging_failed", {{"why", what}});
    return {reply, "Temporary failure"};
}

JudgeCounts Judge::counts() const {
    JudgeCounts counts;
    for (std::size_t i = 0; i < counts.verdicts.size(); ++i) counts.verdicts[i] = verdicts_[i];
    for (std::size_t i = 0; i < counts.replies.size(); ++i) counts.replies[i] = replies_[i];
    counts.unattributed = unattributed_;
    counts.unrecorded = unrecorded_;
    counts.unread = unread_;
    return counts;
}

}  // namespace bailiff
