#include "src/pipeline/decision.hpp"

#include "src/enforce/milder.hpp"
#include "src/enforce/plan.hpp"
#include "src/enforce/states.hpp"
#include "src/pipeline/case_notes.hpp"
#include "src/pipeline/decision_allowed.hpp"
#include "src/pipeline/new_act.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace bailiff {

namespace {

constexpr std::size_t name_bytes_max = 100;

// Works on one question; becomes its answer.
class Decider {
public:
    Decider(DecisionQuestion question, const ActionIdMaker& action_id)
        : q_(std::move(question)), action_id_(action_id) {
        std::ranges::sort(q_.actions, {}, &Action::sequence);
        if (!q_.actions.empty()) sequence_ = q_.actions.back().sequence + 1;
    }

    DecisionAnswer answer() && {
        if (q_.decision == Decision::purge) return purge();
        if (q_.decision == Decision::retry) return retry();
        if (q_.decision == Decision::confirm) return confirm();
        if (q_.decision == Decision::drop) return drop();
        if (q_.decision == Decision::edit) return edit();
        if (q_.record.state == CaseState::reinstated || q_.record.state == CaseState::released)
            return release_mail();
        const auto before = q_.record.state;
        q_.record.state = state_after(q_.decision);
        CaseEvent event{q_.now, q_.by.name, std::string(to_text(q_.record.state)), q_.by.reason};
        add_decision_event(q_.record, event);
        if (q_.decision == Decision::reinstate) q_.record.probation_until = q_.now + q_.probation;
        bool lift = false;
        if (q_.decision == Decision::reject) {
            wake_waiting();
        } else {
            cancel_open();
            lift = plan_undo() == 0;
        }
        if (before == CaseState::open) settle_held_mail();
        return {std::move(q_.record), std::move(changed_), lift, false, std::move(event)};
    }

private:
    // The service is on its way back, or there: only its mail goes, too.
    DecisionAnswer release_mail() {
        q_.record.state = CaseState::released;
        CaseEvent event{q_.now, q_.by.name, std::string(to_text(q_.record.state)), q_.by.reason};
        add_decision_event(q_.record, event);
        settle_held_mail();
        return {std::move(q_.record), std::move(changed_), false, false, std::move(event)};
    }

    DecisionAnswer purge() {
        CaseEvent event{q_.now, q_.by.name, std::string(event_purge_approved), q_.by.reason};
        add_decision_event(q_.record, event);
        auto action = *act_of(q_.actions, ActionKind::service_terminate);
        const auto closes = action.changed + q_.claim_window;
        action.kind = ActionKind::service_purge;
        action.state_before.clear();
        add(std::move(action));
        changed_.back().due = std::max(q_.now, closes);
        return {std::move(q_.record), std::move(changed_), false, false, std::move(event)};
    }

    // The guards are asked again: what has been refused for good is refused once more.
    DecisionAnswer retry() {
        CaseEvent event{q_.now, q_.by.name, "retried", q_.by.reason};
        add_decision_event(q_.record, event);
        for (auto action : q_.actions) {
            if (!may_be_retried(q_.record, action)) continue;
            action.attempts = 0;
            action.due = q_.now;
            const auto before = action.detail;
            change(std::move(action), ActionState::due,
                   "tried again by " + q_.by.name + "; before: " + before);
        }
        return {std::move(q_.record), std::move(changed_), false, false, std::move(event)};
    }

    DecisionAnswer confirm() {
        const auto& path = *path_of(q_);
        CaseEvent event{q_.now, q_.by.name, "confirmed, path " + path.name, q_.by.reason};
        add_decision_event(q_.record, event);
        q_.record.path = path.name;
        Attribution sender;
        sender.strength = q_.record.strength;
        sender.proofs = q_.record.proofs;
        for (const auto& step : path.actions)
            if (is_met(step.when, sender, q_.on_probation)) add(new_act(q_.record, step.kind));
        return {std::move(q_.record), std::move(changed_), false, true, std::move(event)};
    }

    // What waited for it goes on; with the last undo of its case the service is free.
    DecisionAnswer drop() {
        CaseEvent event{q_.now, q_.by.name, "dropped " + q_.by.what, q_.by.reason};
        add_decision_event(q_.record, event);
        bool undo = false, undos_left = false;
        for (auto action : q_.actions) {
            const bool behind = action.state == ActionState::waiting &&
                                action.detail.starts_with("after " + q_.by.what + ",");
            const bool is_undo = action.direction == Direction::undo;
            if (may_be_dropped(action, q_.by.what)) {
                undo = undo || is_undo;
                const auto before = std::string(to_text(action.state)) + ": " + action.detail;
                change(std::move(action), ActionState::cancelled,
                       "dropped by " + q_.by.name + "; was " + before);
                continue;
            }
            undos_left = undos_left || (is_undo && !is_final(action.state));
            if (!behind) continue;
            action.due = q_.now;
            change(std::move(action), ActionState::due, q_.by.what + " was dropped");
        }
        return {std::move(q_.record), std::move(changed_), undo && !undos_left, false,
                std::move(event)};
    }

    // The milder one takes the very place of the other; what waited for it waits for this one.
    DecisionAnswer edit() {
        const auto edit = *milder_from(q_.by.what);
        CaseEvent event{q_.now, q_.by.name, std::string(event_edited) + to_text(edit),
                        q_.by.reason};
        add_decision_event(q_.record, event);
        for (auto action : q_.actions) {
            if (action.detail.starts_with("after " + std::string(to_text(edit.from)) + ",") &&
                action.state == ActionState::waiting) {
                action.due = q_.now;
                change(std::move(action), ActionState::due,
                       "after " + std::string(to_text(edit.to)) + ", which stands in");
                continue;
            }
            if (!may_be_edited(action, edit.from)) continue;
            auto milder = new_act(q_.record, edit.to);
            milder.generation =
                static_cast<std::uint32_t>(std::ranges::count(q_.actions, edit.to, &Action::kind));
            const auto place = action.sequence;
            const auto was = std::string(to_text(action.state)) + ": " + action.detail;
            change(std::move(action), ActionState::cancelled,
                   std::string(to_text(edit.to)) + " stands in for it, by " + q_.by.name +
                       "; was " + was);
            add(std::move(milder));
            changed_.back().sequence = place;
        }
        return {std::move(q_.record), std::move(changed_), false, false, std::move(event)};
    }

    void change(Action action, ActionState state, std::string detail) {
        action.state = state;
        action.changed = q_.now;
        action.detail = std::move(detail);
        if (action.detail.size() > limits::reason_bytes_max)
            action.detail.resize(limits::reason_bytes_max);
        changed_.push_back(std::move(action));
    }

    // A person upholds the case: what a guard had stopped is looked at once more. The guards are
    // asked again, so that nothing of this overrules them.
    void wake_waiting() {
        for (auto action : q_.actions) {
            if (action.state != ActionState::waiting) continue;
            action.due = q_.now;
            change(std::move(action), ActionState::due, "upheld by " + q_.by.name);
        }
    }

    // `running` stays: the enforcer is in the hook, or will ask for the state after a crash.
    void cancel_open() {
        for (const auto& action : q_.actions) {
            if (action.state == ActionState::running) continue;
            if (!may_become(action.state, ActionState::cancelled)) continue;
            change(action, ActionState::cancelled,
                   "cancelled by " + q_.by.name + "; was " + std::string(to_text(action.state)) +
                       (action.detail.empty() ? "" : ": " + action.detail));
        }
    }

    void add(Action action) {
        action.id = action_id_(action.case_id, action.direction, action.kind, action.target,
                               action.generation);
        action.sequence = sequence_++;
        action.state = ActionState::due;
        action.attempts = 0;
        action.due = action.changed = q_.now;
        action.detail = "decided by " + q_.by.name;
        changed_.push_back(std::move(action));
    }

    // The last one first.
    std::size_t plan_undo() {
        std::size_t planned = 0;
        // clang 14 does not take views::reverse of libstdc++ 12.
        for (auto last = q_.actions.rbegin(); last != q_.actions.rend(); ++last) {
            auto action = *last;
            if (action.direction != Direction::act || !can_be_undone(action.kind)) continue;
            if (!may_have_happened(action.state)) continue;
            action.direction = Direction::undo;
            add(std::move(action));
            ++planned;
        }
        return planned;
    }

    void settle_held_mail() {
        if (q_.record.held.empty()) return;
        const bool release = q_.decision == Decision::release;
        if (q_.decision == Decision::reinstate)
            return note_held("held mail stays in the queue", [](const HeldMail&) { return true; });
        const auto any = [](const HeldMail&) { return true; };
        if (release && q_.can_release) return plan_queue(ActionKind::queue_release, any);
        if (release) return note_held("held mail to be released by hand", any);
        const auto spam = [](const HeldMail& mail) { return mail.judged; };
        if (q_.can_delete)
            plan_queue(ActionKind::queue_delete, spam);
        else
            note_held("held mail to be deleted by hand", spam);
        note_held("held mail that nobody has judged stays in the queue", std::not_fn(spam));
    }

    /// What was held only because its service is stopped may be honest: it is not deleted.
    template <class Chosen>
    void plan_queue(ActionKind kind, Chosen chosen) {
        for (const auto& mail : q_.record.held) {
            const bool ordered = std::ranges::any_of(q_.actions, [&](const Action& action) {
                return action.kind == kind && action.target == mail.queue_id;
            });
            if (ordered || !chosen(mail)) continue;
            Action action;
            action.case_id = q_.record.id;
            action.kind = kind;
            action.service = q_.record.service;
            action.account = q_.record.account;
            action.target = mail.queue_id;
            add(std::move(action));
        }
        if (q_.record.held_uncounted > 0)
            add_decision_event(q_.record,
                               {q_.now, "bailiff", "held mail beyond the limit is left by hand",
                                std::to_string(q_.record.held_uncounted)});
    }

    // The ids, as many as fit one line; `held` has the rest.
    template <class Chosen>
    void note_held(std::string_view what, Chosen chosen) {
        std::string ids;
        std::size_t left = q_.record.held_uncounted;
        for (const auto& mail : q_.record.held) {
            if (!chosen(mail)) continue;
            if (ids.size() + mail.queue_id.size() + 40 > limits::reason_bytes_max)
                ++left;
            else
                ids += (ids.empty() ? "" : " ") + mail.queue_id;
        }
        if (ids.empty() && left == 0) return;
        if (left > 0) ids += " and " + std::to_string(left) + " more";
        add_decision_event(q_.record, {q_.now, "bailiff", std::string(what), ids});
    }

    DecisionQuestion q_;
    const ActionIdMaker& action_id_;
    std::uint32_t sequence_ = 0;
    std::vector<Action> changed_;
};

Result<void> check_line(std::string_view name, std::string_view text, std::size_t bytes_max) {
    const auto wrong = [&](std::string_view why) {
        return fail(Fault::invalid_input, std::string(name) + " " + std::string(why));
    };
    if (text.find_first_not_of(' ') == std::string_view::npos) return wrong("is missing");
    if (text.size() > bytes_max)
        return wrong("is longer than " + std::to_string(bytes_max) + " bytes");
    const bool control = std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (control) return wrong("must be one line without control characters");
    return {};
}

}  // namespace

Result<DecisionAnswer> decide_case(DecisionQuestion question, const ActionIdMaker& action_id) {
    BAILIFF_CHECK(check_decision(question));
    return Decider(std::move(question), action_id).answer();
}

Result<void> check_decided_by(const DecidedBy& by) {
    BAILIFF_CHECK(check_line("the name of who decides", by.name, name_bytes_max));
    return check_line("the reason", by.reason, limits::reason_bytes_max);
}

}  // namespace bailiff
