#include "src/pipeline/record.hpp"

#include "src/enforce/states.hpp"
#include "src/pipeline/breaker.hpp"
#include "src/pipeline/case_notes.hpp"
#include "src/pipeline/new_act.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <bailiff/masked.hpp>
#include <chrono>
#include <memory>

namespace bailiff {
namespace {

void note(Case& record, Instant at, std::string what, std::string reason) {
    add_event(record, {at, "milter", std::move(what), std::move(reason)});
}

Leaf leaf_of(const Case& record, Instant at) {
    return new_leaf("case-open", record.id.text(), record.id.text() + record.message_digest.hex(),
                    at);
}

/// What the writer has to say of a record that cannot be read: it is as good as none, and is
/// replaced (fault E09).
template <class Record>
Result<std::optional<Record>> unless_corrupt(Result<std::optional<Record>> found) {
    if (!found && found.error().fault == Fault::corrupt) return std::optional<Record>{};
    return found;
}

/// All that the transaction needs, owned: the writer may run it after the caller has given up.
struct Recording {
    Case record;
    std::string raw;  ///< as it is stored, once `kept`
    std::vector<std::pair<Exhibit, std::string>> exhibits;
    bool kept = false;         ///< message and exhibits are ready to be stored
    bool lacks_files = false;  ///< write() found that it opens a case, and they were not
    std::vector<Action> actions;
    Plan plan;
    Plan if_late;
    bool seen_before = false;
    std::int64_t holds_per_hour = 0;
    std::int64_t holds_seen = 0;
    Instant reset_seen{};
    SteadyInstant late_after{};
    const Clock* clock = nullptr;
    Instant now{};
    Recorded result;

    [[nodiscard]] bool would_open(const Ledger& ledger) const;
    Result<void> write(LedgerTxn& txn);
    Result<void> mark_unheard(LedgerTxn& txn) const;

private:
    void turn_late();
    Result<std::optional<Case>> joinable(const LedgerView& view);
    [[nodiscard]] bool may_join(const Case& earlier) const;
    Result<void> join(LedgerTxn& txn, Case earlier);
    Result<void> open(LedgerTxn& txn);
    Result<void> spend(LedgerTxn& txn, bool free);
    Result<void> hold_service(LedgerTxn& txn, Case& cause);
    Result<void> resume(LedgerTxn& txn, Case& earlier);
};

/// A case of another path, or one from the days of observing, must not swallow a harsher one.
bool Recording::may_join(const Case& earlier) const {
    const bool path = earlier.path == plan.path || plan.path == path_review;
    const bool mode = earlier.mode == plan.mode || earlier.mode == Mode::enforce;
    // A forged claim on a service must not hide among the service's own mail, nor the reverse.
    return path && mode && earlier.service == record.service && earlier.strength == record.strength;
}

Result<std::optional<Case>> Recording::joinable(const LedgerView& view) {
    BAILIFF_TRY(const auto same, view.case_by_fingerprint(record.fingerprint));
    if (same) {
        BAILIFF_TRY(auto earlier, unless_corrupt(view.find_case(*same)));
        if (earlier && earlier->state == CaseState::released &&
            earlier->service == record.service) {
            result.released = true;
            return earlier;
        }
        if (earlier && earlier->state != CaseState::reinstated && may_join(*earlier))
            return earlier;
    }
    if (record.service.id.empty()) return std::optional<Case>{};
    BAILIFF_TRY(const auto open, view.open_case(record.service, plan.path));
    if (!open) return std::optional<Case>{};
    BAILIFF_TRY(auto earlier, unless_corrupt(view.find_case(*open)));
    if (earlier && !may_join(*earlier)) earlier.reset();
    return earlier;
}

Result<void> Recording::join(LedgerTxn& txn, Case earlier) {
    result.case_id = earlier.id;
    const bool again = seen_before || earlier.fingerprint == record.fingerprint;
    if (!again) ++earlier.messages;  // fault A09: a retry is no further message
    note(earlier, now, again ? "offered again" : "joined",
         "queue id " + record.envelope.queue_id + ", verdict " +
             std::string(to_text(record.verdict.level)));
    if (plan.reply == Reply::Kind::hold && !result.released)
        note_held(earlier, {record.envelope.queue_id, now, true});
    const bool resumes = plan.hold_service && earlier.path == plan.path &&
                         earlier.state == CaseState::open && is_reply_unknown(earlier);
    if (resumes) BAILIFF_CHECK(resume(txn, earlier));
    return txn.put_case(earlier);
}

/// This message's own verdict confirms what nobody had heard: the case goes its way.
Result<void> Recording::resume(LedgerTxn& txn, Case& earlier) {
    note(earlier, now, std::string(event_reply_known), "a later message confirms it");
    BAILIFF_CHECK(hold_service(txn, earlier));
    if (result.over_budget) return {};
    BAILIFF_TRY(const auto planned, txn.actions_of(earlier.id));
    for (auto action : planned) {
        if (action.state != ActionState::waiting || action.detail != event_reply_unknown) continue;
        action.state = ActionState::due;
        action.due = action.changed = now;
        action.detail.clear();
        BAILIFF_CHECK(txn.put_action(action));
        result.acts = true;
    }
    return {};
}

/// The milter's own budget; spent, it opens the breaker for the enforcer, too. A service that is
/// stopped already (`free` is false) spends nothing, but waits like all while it is open.
Result<void> Recording::spend(LedgerTxn& txn, bool free) {
    constexpr auto hour = std::chrono::hours(1);
    BAILIFF_TRY(const auto breaker, breaker_of(txn));
    result.over_budget = breaker.open;
    if (breaker.open || !free) return {};
    const auto from = counted_from(breaker, now, hour);
    BAILIFF_TRY(const auto held, txn.holds_since(from, now + hour));
    // What this process remembers of the time before a reset counts no more.
    result.reset = breaker.since;
    const auto own = breaker.since != reset_seen ? 0 : holds_seen;
    const auto count = std::max(static_cast<std::int64_t>(held), own);
    result.over_budget = count >= holds_per_hour;
    if (!result.over_budget) return {};
    result.opened_breaker = true;
    const auto figures = std::to_string(count) + " services held within an hour, of " +
                         std::to_string(holds_per_hour);
    return open_breaker(txn, {"milter.holds_per_hour", figures}, now);
}

Result<void> Recording::hold_service(LedgerTxn& txn, Case& cause) {
    const auto standing = txn.standing(record.service);
    const bool lost = !standing && standing.error().fault == Fault::corrupt;
    if (!standing && !lost) return Failure(standing.error());
    const bool free = lost || standing->standing == Standing::active;
    BAILIFF_CHECK(spend(txn, free));
    if (result.over_budget) {
        for (auto& action : actions) action.state = ActionState::waiting;
        note(cause, now, "breaker open", "its actions wait for a person");
        return {};
    }
    if (!free) return {};
    const auto probation_until = lost ? Instant{} : standing->probation_until;
    BAILIFF_CHECK(
        txn.put_standing(record.service, {Standing::held, cause.id, now, probation_until}));
    result.held = true;
    return txn.count_hold(cause.id, now);
}

Result<void> Recording::open(LedgerTxn& txn) {
    lacks_files = !kept;
    if (lacks_files) return fail(Fault::unavailable, "its files are not sealed yet");
    result.case_id = record.id;
    result.opened = true;
    note(record, now, "opened", plan.reasons.empty() ? "" : plan.reasons.front().en);
    if (plan.reply == Reply::Kind::hold) note_held(record, {record.envelope.queue_id, now, true});
    if (plan.hold_service) BAILIFF_CHECK(hold_service(txn, record));
    BAILIFF_CHECK(txn.put_case(record));
    BAILIFF_CHECK(txn.put_message(record.id, raw));
    for (const auto& [exhibit, bytes] : exhibits)
        BAILIFF_CHECK(txn.put_exhibit(record.id, 0, exhibit, bytes));
    for (const auto& action : actions) BAILIFF_CHECK(txn.put_action(action));
    result.acts = plan.actions_state == ActionState::due && !actions.empty() && !result.over_budget;
    BAILIFF_CHECK(txn.append_leaf(leaf_of(record, now)));
    return {};
}

/// As the ledger stands now: of a thousand messages that join a case, none is sealed for nothing.
bool Recording::would_open(const Ledger& ledger) const {
    auto look = *this;
    std::optional<Case> earlier;
    const auto read = ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(earlier, look.joinable(view));
        return {};
    });
    return !read || !earlier;
}

/// Between the verdict and this transaction more time went by than Postfix may have waited.
void Recording::turn_late() {
    result.late = true;
    plan = if_late;
    actions.clear();
    record.path = plan.path;
    record.mode = plan.mode;
    record.verdict.late = true;
    record.verdict.reasons.push_back(
        {"Late: it waited too long to be written; review only.",
         "Tardif : il a attendu trop longtemps d'être consigné ; pour examen seulement."});
}

Result<void> Recording::write(LedgerTxn& txn) {
    result = {};
    if (!record.verdict.late && clock->steady() > late_after) turn_late();
    BAILIFF_TRY(auto earlier, joinable(txn));
    if (earlier) return join(txn, *std::move(earlier));
    return open(txn);
}

/// Whether it was committed is found out by looking; `result` may not have been written by then.
Result<void> Recording::mark_unheard(LedgerTxn& txn) const {
    const auto id = result.case_id;
    BAILIFF_TRY(auto found, txn.find_case(id));
    if (!found) return {};
    const bool noted = std::ranges::any_of(found->events, [&](const CaseEvent& event) {
        return event.at == now && event.by == "milter";
    });
    if (!noted) return {};  // this message has not come into the case
    note(*found, clock->now(), std::string(event_reply_unknown),
         "queue id " + record.envelope.queue_id +
             ": committed after Postfix had been told to try again or to hold");
    if (!result.opened) return txn.put_case(*found);
    BAILIFF_TRY(const auto planned, txn.actions_of(id));
    for (auto action : planned) {
        if (action.state != ActionState::due) continue;
        action.state = ActionState::waiting;
        action.changed = clock->now();
        action.detail = event_reply_unknown;
        BAILIFF_CHECK(txn.put_action(action));
    }
    BAILIFF_CHECK(lift_hold(txn, *found, clock->now()));
    return txn.put_case(*found);
}

Case new_case(const CaseMakers& makers, const Submission& submission, const Judgement& judgement,
              Instant now) {
    Case record;
    record.id = makers.case_id();
    record.opened = now;
    record.path = judgement.plan.path;
    record.mode = judgement.plan.mode;
    if (judgement.attribution.service) {
        record.service = judgement.attribution.service->ref();
        record.account = judgement.attribution.service->account;
    }
    record.strength = judgement.attribution.strength;
    record.proofs = judgement.attribution.proofs;
    record.attribution_reason = judgement.attribution.reason;
    record.verdict = judgement.verdict;
    for (const auto& reason : judgement.plan.reasons) record.verdict.reasons.push_back(reason);
    record.envelope = submission.envelope;
    for (auto& address : record.envelope.rcpt_to) address = masked_recipient(address);
    record.fingerprint = judgement.fingerprint;
    record.message_digest = sha256(submission.raw);
    record.message_size = submission.raw.size();
    record.rule_set = judgement.rule_set;
    return record;
}

std::vector<Action> planned_actions(const CaseMakers& makers, const Case& record, const Plan& plan,
                                    Instant now) {
    std::vector<Action> actions;
    for (const auto kind : plan.actions) {
        auto action = new_act(record, kind);
        action.sequence = static_cast<std::uint32_t>(actions.size());
        action.id = makers.action_id(record.id, Direction::act, kind, action.target, 0);
        action.state = plan.actions_state;
        action.due = now;
        action.changed = now;
        actions.push_back(std::move(action));
    }
    return actions;
}

/// Message and exhibits as they are stored: what only others shall read is sealed here, before the
/// transaction.
void keep_exhibits(Recording& recording, const CaseMakers& makers, const Submission& submission,
                   const Judgement& judgement) {
    const auto& id = recording.record.id;
    const auto stored = [&](const std::string& plain, std::string_view path, bool seals) {
        return seals && makers.seal ? makers.seal(plain, id, path) : plain;
    };
    recording.kept = true;
    recording.raw = stored(submission.raw, message_path, true);
    for (const auto& file : judgement.exhibits)
        recording.exhibits.emplace_back(Exhibit{file.path, sha256(file.bytes), file.bytes.size()},
                                        stored(file.bytes, file.path, file.seals));
}

}  // namespace

Result<Recorded> record(Ledger& ledger, const CaseMakers& makers, const Submission& submission,
                        const Judgement& judgement, const Clock& clock) {
    const auto recording = std::make_shared<Recording>();
    const auto now = clock.now();
    recording->record = new_case(makers, submission, judgement, now);
    recording->actions = planned_actions(makers, recording->record, judgement.plan, now);
    recording->plan = judgement.plan;
    recording->seen_before = judgement.seen_before;
    recording->if_late = judgement.if_late;
    recording->holds_per_hour = judgement.holds_per_hour;
    recording->holds_seen = judgement.holds_seen;
    recording->reset_seen = judgement.reset_seen;
    recording->late_after = judgement.late_after;
    recording->clock = &clock;
    recording->now = now;
    if (recording->would_open(ledger)) keep_exhibits(*recording, makers, submission, judgement);
    const auto commit = [&] {
        return ledger.update([recording](LedgerTxn& txn) { return recording->write(txn); },
                             [recording](LedgerTxn& txn) { return recording->mark_unheard(txn); });
    };
    auto done = commit();
    // `unavailable`: nobody writes to `recording` any more.
    if (!done && done.error().fault == Fault::unavailable && recording->lacks_files) {
        keep_exhibits(*recording, makers, submission, judgement);
        done = commit();
    }
    BAILIFF_CHECK(std::move(done).within("recording case " + recording->record.id.text()));
    return recording->result;
}

namespace {

/// Not one that has failed before: a panel may be away for hours, and Postfix offers what it was
/// told to try again whenever anybody submits.
bool is_about_to_go_back(const Action& action) {
    return action.direction == Direction::undo && is_pending(action.state) && action.attempts <= 1;
}

}  // namespace

Result<bool> record_held(Ledger& ledger, const CaseId& id, const Envelope& envelope, Instant now) {
    const auto noted = std::make_shared<bool>(true);
    BAILIFF_CHECK(ledger
                      .update([id, envelope, now, noted](LedgerTxn& txn) -> Result<void> {
                          BAILIFF_TRY(auto found, txn.find_case(id));
                          if (!found) return {};
                          BAILIFF_TRY(const auto actions, txn.actions_of(id));
                          *noted = std::ranges::none_of(actions, is_about_to_go_back);
                          if (!*noted) return {};
                          note_held(*found, {envelope.queue_id, now});
                          return txn.put_case(*found);
                      })
                      .within("noting a held message in case " + id.text()));
    return *noted;
}

}  // namespace bailiff
