#include "src/pipeline/carry_out.hpp"

#include "src/enforce/retry.hpp"
#include "src/enforce/states.hpp"
#include "src/pipeline/crash_point.hpp"
#include "src/pipeline/other_cases.hpp"
#include "src/pipeline/settle.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <array>
#include <bailiff/guard.hpp>
#include <exception>
#include <tuple>
#include <utility>

namespace bailiff {

using outbox::Facts;
using outbox::Stop;

namespace {

Deed deed_of(const Action& action) {
    return {action.kind, action.direction};
}

bool is_act(const Action& action) {
    return action.direction == Direction::act;
}

Order order_for(const Facts& facts, Mode mode) {
    const auto& action = facts.action;
    const std::string path = facts.record ? ", path " + facts.record->path : std::string();
    return {.action_id = action.id,
            .case_id = action.case_id,
            .kind = action.kind,
            .direction = action.direction,
            .account = action.account,
            .service = action.service.id,
            .target = action.target,
            .state_before = is_act(action) ? action.state_before : facts.others.way_back,
            .reason = "case " + action.case_id.text() + path,
            .mode = mode,
            .decided = facts.record ? facts.record->opened : Instant{},
            .queue_ids = {},
            .others = facts.others.claims};
}

bool reached(const Facts& facts, std::string_view state) {
    const auto& action = facts.action;
    if (is_act(action)) return is_reached(deed_of(action), action.state_before, state);
    if (state == kept_state) return true;
    return is_as_harsh(state, facts.others.want) &&
           is_reached(deed_of(action), facts.others.way_back, state);
}

/// What was written in our future comes from a clock that has been set back since: it does not wait
/// until that time comes again (fault E15).
bool is_ready(const Action& action, Instant now) {
    const bool from_ahead = action.changed > now + limits::clock_step_max;
    return is_pending(action.state) && (action.due <= now || from_ahead);
}

/// Asked for its state so often that a person may know why; it is asked on all the same.
bool is_silent(const Action& action) {
    return action.state == ActionState::running &&
           action.attempts + 1 >= limits::action_attempts_max;
}

Severity severity_of(const Action& action, bool is_news) {
    if (needs_person(action.state) || (is_silent(action) && is_news)) return Severity::alarm;
    return is_pending(action.state) ? Severity::warning : Severity::info;
}

}  // namespace

CarryOut::CarryOut(Ledger& ledger, const Directory& directory, Effect& effect, const Clock& clock,
                   Journal& journal, Entropy& entropy, Options options)
    : ledger_(ledger),
      directory_(directory),
      effect_(effect),
      clock_(clock),
      journal_(journal),
      entropy_(entropy),
      rules_{.mode = options.mode,
             .budgets = options.budgets,
             .postpone = options.retry_ceiling,
             .claim_window = options.claim_window,
             .paths = options.paths},
      options_(std::move(options)),
      budgets_(directory, clock, options_.rules_are_young) {}

std::size_t CarryOut::run_due() {
    if (clock_.steady() < paused_until_) return 0;
    std::vector<Action> due;
    if (!walled("outbox", [&] { return take(due); })) return pause(), 0;
    std::size_t attempted = 0;
    for (const auto& action : due) {
        if (options_.stopping && options_.stopping()) break;
        if (clock_.steady() < paused_until_) break;
        if (!is_ready(action, clock_.now())) continue;
        if (walled(action.id.text(), [&] { return step(action.id); })) ++attempted;
    }
    return attempted;
}

// The wall of the enforcer loop: what escapes from one action ends neither the loop nor the others.
// The action stays as written; if that is `running`, the next run asks for its state first.
bool CarryOut::walled(const std::string& what, const std::function<bool()>& work) {
    std::string escaped = "not a std::exception";
    try {
        return work();
    } catch (const std::exception& e) {
        escaped = e.what();
    } catch (...) {
    }
    journal_.event(Severity::alarm, "action_escaped", {{"action", what}, {"what", escaped}});
    return false;
}

bool CarryOut::take(std::vector<Action>& due) const {
    const auto read = ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(due, view.outbox(actions_per_run_max));
        return {};
    });
    if (!read)
        journal_.event(pauses_ == 0 ? Severity::alarm : Severity::warning, "outbox_unreadable",
                       {{"why", read.error().what}});
    std::ranges::stable_sort(
        due, {}, [](const Action& action) { return std::tie(action.due, action.sequence); });
    return read.has_value();
}

bool CarryOut::step(const ActionId& id) {
    auto facts = look(id);
    if (!facts) {
        journal_.event(Severity::alarm, "action_unreadable",
                       {{"action", id.text()}, {"why", facts.error().what}});
        return false;
    }
    crash_point("taken");
    if (!is_ready(facts->action, clock_.now())) return false;
    if (const auto stopped = outbox::check_order(*facts, clock_.now()))
        return stop(*facts, *stopped);
    if (const auto stopped = outbox::check_case(*facts, rules_)) return stop(*facts, *stopped);
    std::optional<std::string> seen;
    if (facts->action.state == ActionState::running &&
        !guard_removed(Guard::interrupted_is_asked_first) && reconcile(*facts, seen))
        return true;
    if (const auto stopped = outbox::check_moment(*facts, rules_, directory_, clock_))
        return stop(*facts, *stopped);
    // No effect without durable evidence: the sealer says why it is not there yet.
    if (!guard(Guard::sealed_before_effect, facts->sealed || !needs_seal(facts->action)))
        return false;
    if (is_under_way(facts->others))
        return stop(*facts, {.state = ActionState::due,
                             .name = "another_case_is_under_way",
                             .detail = "an act of another case is under way",
                             .due = clock_.now() + options_.retry_first,
                             .alarm = false});
    if (const auto& keeper = facts->others.keeper)
        return stop(*facts, {.state = ActionState::cancelled,
                             .name = "held_by_another_case",
                             .detail = "case " + keeper->case_id.text() + " still stands",
                             .due = {},
                             .alarm = false});
    if (facts->action.state == ActionState::due && look_before(*facts, seen)) return true;
    if (const auto stopped = outbox::check_seen(*facts, seen)) return stop(*facts, *stopped);
    crash_point("checked");
    return perform(*facts, seen);
}

Result<Facts> CarryOut::look(const ActionId& id) {
    Facts facts;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(auto action, view.find_action(id));
        if (!action) return fail(Fault::not_found, "the action is gone");
        facts.action = *std::move(action);
        BAILIFF_TRY(facts.record, view.find_case(facts.action.case_id));
        BAILIFF_TRY(facts.siblings, view.actions_of(facts.action.case_id));
        if (needs_seal(facts.action)) {
            BAILIFF_TRY(const auto seals, view.seals(facts.action.case_id));
            facts.sealed = !seals.empty();
        }
        if (touches_customer(facts.action.kind) && is_act(facts.action))
            return budgets_.look(view, facts);
        if (is_act(facts.action)) return {};
        BAILIFF_TRY(facts.others, look_at_others(view, directory_, facts.action));
        return {};
    }));
    facts.counted = budgets_.has(id);
    return facts;
}

bool CarryOut::needs_seal(const Action& action) const {
    return options_.needs_seal && touches_customer(action.kind) && is_act(action);
}

bool CarryOut::stop(const Facts& facts, const Stop& stop) {
    // Behind one that is itself ready: that one comes first, perhaps in this very run.
    if (stop.state == ActionState::due && *stop.due <= clock_.now()) return false;
    auto after = changed(facts.action, stop.state, stop.detail);
    if (stop.due) after.due = *stop.due;
    const bool opens = stop.opens.has_value();
    journal_.event(stop.alarm || opens ? Severity::alarm : Severity::warning,
                   opens ? "breaker_opened" : stop.name,
                   {{"case", after.case_id.text()},
                    {"action", std::string(to_text(after.kind))},
                    {"service", after.service.id.text()},
                    {"why", stop.detail}});
    return write(facts, std::move(after), &stop);
}

Result<std::optional<std::string>> CarryOut::state_of(const Facts& facts) {
    return effect_.state(order_for(facts, rules_.mode));
}

// Found `running`: a crash, or a state that could not be read then. Returns whether that was all.
bool CarryOut::reconcile(const Facts& facts, std::optional<std::string>& seen) {
    const auto& action = facts.action;
    auto state = state_of(facts);
    if (!state) {
        auto after = action;
        if (!is_silent(after)) ++after.attempts;  // the last one is left for the hook
        write(facts, again(std::move(after), ActionState::running, state.error().what));
        return true;
    }
    if (!*state) {
        write(facts, changed(action, ActionState::unknown,
                             "interrupted, and the hook tells no state; before: " + action.detail));
        return true;
    }
    seen = *std::move(state);
    const bool done = reached(facts, *seen);
    if (!done && action.attempts < limits::action_attempts_max) return false;
    write(facts, changed(action, done ? ActionState::verified : ActionState::dead,
                         (done ? "" : "attempts spent: ") + ("interrupted; state is " + *seen)));
    return true;
}

// What is already as it should be is not done again. Returns whether that was all.
bool CarryOut::look_before(const Facts& facts, std::optional<std::string>& seen) {
    auto after = facts.action;
    auto state = state_of(facts);
    if (!state || !effect_.knows(after.kind)) {
        ++after.attempts;
        write(facts, again(std::move(after), ActionState::due,
                           state ? "no hook is configured for this kind" : state.error().what));
        return true;
    }
    seen = *std::move(state);
    if (!seen || !reached(facts, *seen)) return false;
    // An earlier attempt of ours may have come late: then it began where that one began.
    if (is_act(after) && after.state_before.empty()) after.state_before = *seen;
    write(facts, changed(std::move(after), ActionState::verified, "nothing to do: it is " + *seen));
    return true;
}

// Intent first, outcome second; nothing of the ledger is open while the hook runs.
bool CarryOut::perform(const Facts& facts, const std::optional<std::string>& seen) {
    Facts running = facts;
    auto& action = running.action;
    const bool raised = !is_act(action) && action.state_before != running.others.way_back;
    if (raised) action.state_before = running.others.way_back;  // fixed, whoever lets go meanwhile
    if (is_act(action) && action.state_before.empty()) action.state_before = seen.value_or("");
    ++action.attempts;
    auto order = order_for(running, rules_.mode);
    auto mails = is_act(action) ? effect_.concerns(order) : QueueIds{};
    if (!mails) {
        write(facts, again(std::move(action), ActionState::due, mails.error().what));
        return true;
    }
    order.queue_ids = *std::move(mails);
    action = changed(std::move(action), ActionState::running, "started");
    action.due = std::min(action.due, action.changed);  // interrupted, it is asked at once
    std::optional<EffectRow> count;
    if (touches_customer(action.kind) && is_act(action) && !facts.counted)
        count = outbox::effect_of(action, facts.record, action.changed);
    if (const auto written =
            outbox::write_intent(ledger_, facts,
                                 {.running = action,
                                  .count = count,
                                  .queue_ids = order.queue_ids,
                                  .below = raised ? facts.others.actions : std::vector<Action>{}});
        !written) {
        journal_.event(Severity::warning, "action_not_started",
                       {{"action", action.id.text()}, {"why", written.error().what}});
        note_write(written);
        return false;
    }
    if (count) budgets_.add(*count);
    crash_point("intent_written");
    const auto outcome = is_act(action) ? effect_.act(order) : effect_.undo(order);
    crash_point("acted");
    auto after = after_hook(running, outcome);
    crash_point("read_back");
    write(running, std::move(after));
    return true;
}

Action CarryOut::after_hook(const Facts& running, const Outcome& outcome) {
    const auto& action = running.action;
    const bool done = outcome.kind == Outcome::Kind::done;
    if (outcome.kind == Outcome::Kind::retry)
        return again(action, ActionState::due, outcome.detail);
    if (outcome.kind == Outcome::Kind::never)
        return changed(action, ActionState::dead, outcome.detail);
    if (done && outcome.look_again) {
        auto after = changed(action, ActionState::due, outcome.detail + "; is looked at again");
        after.due = after.changed + *outcome.look_again;
        return after;
    }
    const auto state = state_of(running);
    if (!state)
        return again(action, ActionState::running, outcome.detail + "; " + state.error().what);
    if (!*state)
        return changed(action, done ? ActionState::done : ActionState::unknown, outcome.detail);
    if (reached(running, **state))
        return changed(action, ActionState::verified, outcome.detail + "; state is " + **state);
    return again(action, ActionState::due,
                 (done ? "contradicted: " : "") + outcome.detail + ", but state is " + **state);
}

Action CarryOut::changed(Action action, ActionState state, std::string detail) const {
    action.state = state;
    action.changed = clock_.now();
    if (detail.size() > limits::reason_bytes_max) detail.resize(limits::reason_bytes_max);
    action.detail = std::move(detail);
    return action;
}

// Later once more in `state`; or, attempts spent, `dead`. What may be under way is asked for as
// long as it takes: only the world can tell, and it may be away for hours.
Action CarryOut::again(Action action, ActionState state, std::string detail) {
    const Backoff backoff{.first = options_.retry_first, .ceiling = options_.retry_ceiling};
    auto spent = action.attempts;
    if (state == ActionState::running) spent = std::min(spent, limits::action_attempts_max - 1);
    const auto wait = next_due(spent, backoff, jitter());
    if (!wait) return changed(std::move(action), ActionState::dead, "attempts spent: " + detail);
    action = changed(std::move(action), state, std::move(detail));
    action.due = action.changed + *wait;
    return action;
}

bool CarryOut::write(const Facts& facts, Action after, const Stop* stop) {
    const bool put_off =
        after.state == facts.action.state && after.attempts == facts.action.attempts;
    const bool cancelled = after.state == ActionState::cancelled;
    if (is_final(after.state)) budgets_.close(after.id);
    const auto written =
        outbox::settle(ledger_, {.before = facts.action,
                                 .after = after,
                                 .quiet = put_off,
                                 .also_held = cancelled && facts.others.keeper.has_value(),
                                 .others = facts.others.actions,
                                 .opens = stop != nullptr ? stop->opens : std::nullopt,
                                 .lifts_hold = stop != nullptr && stop->name == "breaker_open" &&
                                               after.state == ActionState::waiting});
    crash_point("outcome_written");
    note_write(written);
    const bool is_news = !put_off || after.detail != facts.action.detail;
    // Whatever stopped it has told its own alarm, if it has one.
    const bool told = stop != nullptr && !stop->alarm;
    const auto severity = told ? Severity::warning : severity_of(after, is_news);
    journal_.event(written ? severity : Severity::alarm,
                   written ? "action" : "outcome_not_recorded",
                   {{"case", after.case_id.text()},
                    {"action", std::string(to_text(after.kind))},
                    {"direction", std::string(to_text(after.direction))},
                    {"target", after.target},
                    {"state", std::string(to_text(after.state))},
                    {"detail", written ? after.detail : written.error().what}});
    return written.has_value();
}

/// A ledger that cannot be written stays so for a while: hooks are not asked in vain meanwhile.
void CarryOut::note_write(const Result<void>& written) {
    if (written)
        pauses_ = 0;
    else if (written.error().fault != Fault::invalid_input)
        pause();
}

void CarryOut::pause() {
    paused_until_ = clock_.steady() + std::min(pause_first * (1 << pauses_), pause_ceiling);
    pauses_ = std::min(pauses_ + 1, 8);
}

double CarryOut::jitter() {
    std::array<std::uint8_t, 8> bytes{};
    entropy_.fill(bytes);
    std::uint64_t value = 0;
    for (const auto byte : bytes) value = value << 8 | byte;
    return static_cast<double>(value >> 11) * 0x1.0p-53;
}

}  // namespace bailiff
