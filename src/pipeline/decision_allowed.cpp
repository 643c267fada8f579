#include "src/pipeline/decision_allowed.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <string>

#include "src/enforce/milder.hpp"
#include "src/enforce/plan.hpp"
#include "src/enforce/states.hpp"

namespace bailiff {

CaseState state_after(Decision decision) {
    switch (decision) {
        case Decision::release:
            return CaseState::released;
        case Decision::reject:
            return CaseState::rejected;
        case Decision::reinstate:
            return CaseState::reinstated;
        case Decision::purge:
            return CaseState::rejected;
        case Decision::retry:
        case Decision::drop:
        case Decision::edit:
        case Decision::erase:
        case Decision::legal_hold:
        case Decision::confirm:
            break;  // it stays
    }
    return CaseState::open;
}

namespace {

bool is_allowed(const Case& record, Decision decision) {
    const auto state = record.state;
    if (state == CaseState::open) return true;
    if (state == CaseState::reinstated) return decision == Decision::release;
    // Mail that came before its service was free again.
    if (state == CaseState::released) return decision == Decision::release && !record.held.empty();
    return state == CaseState::rejected && decision == Decision::reinstate;
}

Result<void> check_allowed(const Case& record, Decision decision) {
    if (is_allowed(record, decision)) return {};
    const auto state = std::string(to_text(record.state));
    if (record.state == state_after(decision))
        return fail(Fault::invalid_input,
                    "case " + record.id.text() + " is already " + state + "; nothing was changed");
    const auto* const hint = record.state == CaseState::rejected
                                 ? "; reinstate brings the service back"
                             : record.state == CaseState::reinstated
                                 ? "; release lets its held mail go, too"
                                 : "; it has been closed and cannot be decided again";
    return fail(Fault::invalid_input, "case " + record.id.text() + " is " + state +
                                          " and cannot be " +
                                          std::string(to_text(state_after(decision))) + hint);
}

}  // namespace

const Action* act_of(const std::vector<Action>& actions, ActionKind kind) {
    const auto found = std::ranges::find_if(actions, [&](const Action& action) {
        return action.kind == kind && action.direction == Direction::act &&
               action.state != ActionState::cancelled;
    });
    return found == actions.end() ? nullptr : &*found;
}

namespace {

bool has_happened(const Action& action) {
    return action.state == ActionState::verified || action.state == ActionState::done;
}

// Data are destroyed of a service only that this very case has ended, and that a person has judged.
Result<void> check_purge(const Case& record, const std::vector<Action>& actions) {
    const auto no = [&](const std::string& why) {
        return fail(Fault::invalid_input, "case " + record.id.text() + " cannot be purged: " + why);
    };
    if (record.state != CaseState::rejected)
        return no("it is " + std::string(to_text(record.state)) + ", and must be rejected first");
    if (record.events.size() >= limits::events_per_case_max)
        return no("its history is full, and has no room for who has ordered it");
    const auto* ended = act_of(actions, ActionKind::service_terminate);
    if (ended == nullptr || !has_happened(*ended) || ended->state_before == "terminated" ||
        ended->state_before == "purged")
        return no("it has not terminated its service");
    if (act_of(actions, ActionKind::service_purge) != nullptr) return no("that is ordered already");
    return {};
}

Result<void> check_not_purged(const Case& record, const std::vector<Action>& actions) {
    // Any of them: a forged entry, which is dead, may stand before the one that was carried out.
    const bool destroyed = std::ranges::any_of(actions, [](const Action& action) {
        return action.kind == ActionKind::service_purge && may_have_happened(action.state);
    });
    if (!destroyed) return {};
    return fail(Fault::invalid_input, "case " + record.id.text() +
                                          ": the data of its service are destroyed; it cannot "
                                          "come back");
}

}  // namespace

bool may_be_retried(const Case& record, const Action& action) {
    return action.state == ActionState::dead ||
           (action.state == ActionState::waiting && record.state == CaseState::rejected);
}

namespace {

Result<void> check_retry(const Case& record, const std::vector<Action>& actions) {
    const bool any = std::ranges::any_of(
        actions, [&](const Action& action) { return may_be_retried(record, action); });
    if (any) return {};
    return fail(Fault::invalid_input,
                "case " + record.id.text() + " has no dead action; nothing was changed");
}

}  // namespace

const PathSettings* path_of(const DecisionQuestion& question) {
    const auto found = std::ranges::find(question.paths, question.by.what, &PathSettings::name);
    return found == question.paths.end() ? nullptr : &*found;
}

namespace {

// A named person's word stands for the second witness, and for nothing else: who sent it must be
// proven, and all guards of the enforcer are asked as ever.
Result<void> check_confirm(const DecisionQuestion& question) {
    const auto& record = question.record;
    const auto no = [&](const std::string& why) {
        return fail(Fault::invalid_input,
                    "case " + record.id.text() + " cannot be confirmed: " + why);
    };
    if (record.state != CaseState::open)
        return no("it is " + std::string(to_text(record.state)) + ", and must be open");
    if (record.path != path_review)
        return no("it is on path " + record.path + " already, and must be one for review");
    if (record.mode != Mode::enforce) return no("it was opened in mode observe");
    if (record.strength != Strength::proven)
        return no("who sent it is " + std::string(to_text(record.strength)) + ", not proven");
    const auto* path = path_of(question);
    if (path != nullptr && !path->observe) return {};
    std::string names;
    for (const auto& each : question.paths)
        if (!each.observe) names += (names.empty() ? "" : ", ") + each.name;
    return no("there is no path '" + question.by.what + "' that acts; expected one of " + names);
}

}  // namespace

namespace {

bool stands_still(const Action& action) {
    return action.state == ActionState::dead || action.state == ActionState::waiting;
}

}  // namespace

bool may_be_dropped(const Action& action, std::string_view kind) {
    return to_text(action.kind) == kind && stands_still(action);
}

bool may_be_edited(const Action& action, ActionKind kind) {
    return action.kind == kind && action.direction == Direction::act && stands_still(action);
}

namespace {

// What may have happened is undone, not forgotten: `reinstate` and `release` plan that.
Result<void> check_drop(const DecisionQuestion& question) {
    const auto& kind = question.by.what;
    const auto any = [&](auto fits) { return std::ranges::any_of(question.actions, fits); };
    if (any([&](const Action& action) { return may_be_dropped(action, kind); })) return {};
    const bool doubtful = any([&](const Action& action) {
        return to_text(action.kind) == kind && action.state == ActionState::unknown;
    });
    return fail(
        Fault::invalid_input,
        "case " + question.record.id.text() + " has no action '" + kind +
            "' that is dead or waiting; nothing was changed" +
            (doubtful ? "; one is unknown: it may have happened, and reinstate undoes it" : ""));
}

std::string all_milder() {
    std::string all;
    for (const auto& row : milder_acts) all += (all.empty() ? "" : ", ") + to_text(row);
    return all;
}

// The act that was meant, and that does not stand still.
std::string how_it_stands(const std::vector<Action>& actions, ActionKind kind) {
    const auto* act = act_of(actions, kind);
    const auto given_up = std::ranges::find_if(actions, [&](const Action& action) {
        return action.kind == kind && action.direction == Direction::act;
    });
    if (act == nullptr && given_up == actions.end()) return "; it has none at all";
    const auto state = act != nullptr ? act->state : given_up->state;
    return "; it is " + std::string(to_text(state)) +
           (may_have_happened(state) ? ": it may have happened, and reinstate undoes it" : "");
}

// Never harsher, and never beside the same: at most one effect for each service, case and kind.
Result<void> check_edit(const DecisionQuestion& question) {
    const auto& record = question.record;
    const auto no = [&](const std::string& why) {
        return fail(Fault::invalid_input, "case " + record.id.text() + " cannot be edited: " + why +
                                              "; nothing was changed");
    };
    const auto edit = milder_from(question.by.what);
    if (!edit)
        return no("'" + question.by.what +
                  "' puts nothing milder in the place of an action; "
                  "expected one of " +
                  all_milder());
    if (record.state != CaseState::open && record.state != CaseState::rejected)
        return no("it is " + std::string(to_text(record.state)) + ", and must be open or rejected");
    if (record.mode != Mode::enforce) return no("it was opened in mode observe");
    // The enforcer takes the new kind from there, and from nowhere else.
    if (record.events.size() >= limits::events_per_case_max)
        return no("its history is full, and has no room for what would bear the new action");
    const bool any = std::ranges::any_of(
        question.actions, [&](const Action& action) { return may_be_edited(action, edit->from); });
    if (!any)
        return no("it has no action '" + std::string(to_text(edit->from)) +
                  "' that is dead or waiting" + how_it_stands(question.actions, edit->from));
    if (const auto* same = act_of(question.actions, edit->to))
        return no("it has an action '" + std::string(to_text(edit->to)) + "' already, which is " +
                  std::string(to_text(same->state)));
    return {};
}

}  // namespace

Result<void> check_decision(const DecisionQuestion& question) {
    switch (question.decision) {
        case Decision::confirm:
            return check_confirm(question);
        case Decision::drop:
            return check_drop(question);
        case Decision::edit:
            return check_edit(question);
        case Decision::purge:
            return check_purge(question.record, question.actions);
        case Decision::retry:
            return check_retry(question.record, question.actions);
        case Decision::reinstate:
            BAILIFF_CHECK(check_not_purged(question.record, question.actions));
            return check_allowed(question.record, question.decision);
        default:
            return check_allowed(question.record, question.decision);
    }
}

}  // namespace bailiff
