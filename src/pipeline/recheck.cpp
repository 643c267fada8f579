#include "src/pipeline/recheck.hpp"

#include "src/enforce/milder.hpp"
#include "src/enforce/states.hpp"
#include "src/pipeline/directory_state.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <bailiff/limits.hpp>
#include <bailiff/ports/mail_queue.hpp>
#include <tuple>

namespace bailiff::outbox {

namespace {

Deed deed_of(const Action& action) {
    return {action.kind, action.direction};
}

bool is_act(const Action& action) {
    return action.direction == Direction::act;
}

bool same_deed(const Action& a, const Action& b) {
    return a.kind == b.kind && a.direction == b.direction && a.target == b.target;
}

bool target_is_right(const Action& action, const Case& record) {
    switch (row_of(action.kind).target) {
        case ActionTarget::service:
            return !needs_proof(action.kind) ||
                   (!action.target.empty() && action.target == action.service.id.text());
        case ActionTarget::account:
            return !action.target.empty() && action.target == action.account.text();
        case ActionTarget::mail:
            return is_queue_id(action.target) &&
                   std::ranges::any_of(record.held, [&](const HeldMail& mail) {
                       const bool may_go = action.kind != ActionKind::queue_delete || mail.judged;
                       return may_go && mail.queue_id == action.target;
                   });
    }
    return false;
}

/// A named person has put it in the place of another; the entry alone says nothing.
bool is_edited_to(const Case& record, ActionKind kind) {
    return std::ranges::any_of(record.events, [&](const CaseEvent& event) {
        if (!event.what.starts_with(event_edited)) return false;
        const auto edit = milder_from(std::string_view(event.what).substr(event_edited.size()));
        return edit && edit->to == kind;
    });
}

bool path_has(const OwnRules& rules, const Case& record, ActionKind kind) {
    if (record.path == "review") return false;
    if (is_edited_to(record, kind)) return true;
    if (rules.paths.empty())
        return record.path != "compromised" || kind == ActionKind::credential_reset ||
               kind == ActionKind::queue_hold;
    const auto path = std::ranges::find(rules.paths, record.path, &PathSettings::name);
    return path != rules.paths.end() &&
           std::ranges::count(path->actions, kind, &PathStep::kind) > 0;
}

std::optional<Instant> ended_at(const Facts& facts) {
    const auto ended = std::ranges::find_if(facts.siblings, [](const Action& other) {
        return other.kind == ActionKind::service_terminate && is_act(other) &&
               other.state_before != "terminated" && other.state_before != "purged" &&
               (other.state == ActionState::verified || other.state == ActionState::done);
    });
    if (ended == facts.siblings.end()) return std::nullopt;
    return ended->changed;
}

// An undo needs its act; an act must be the first of its kind (invariant 4: at most one effect per
// service, case and kind).
bool is_single(const Facts& facts) {
    const auto& action = facts.action;
    return std::ranges::none_of(facts.siblings, [&](const Action& other) {
        return other.id != action.id && same_deed(other, action) && may_have_happened(other.state);
    });
}

bool has_its_act(const Facts& facts) {
    auto act = facts.action;
    act.direction = Direction::act;
    return std::ranges::any_of(facts.siblings,
                               [&](const Action& other) { return same_deed(other, act); });
}

// No path destroys data: a person orders it, for a service that this case has terminated.
std::string why_not_purged(const Facts& facts) {
    const bool approved =
        std::ranges::count(facts.record->events, event_purge_approved, &CaseEvent::what) > 0;
    if (!approved) return "no person has ordered to destroy data";
    if (facts.record->state != CaseState::rejected) return "its case is not rejected";
    return ended_at(facts) ? "" : "its case has not terminated the service";
}

std::string why_not_borne(const Facts& facts, const OwnRules& rules) {
    const auto& action = facts.action;
    if (!facts.record) return "its case does not exist";
    const auto& record = *facts.record;
    if (record.service != action.service || record.account != action.account)
        return "its case is about another service or account";
    if (!target_is_right(action, record)) return "its target is none of its case";
    if (!is_act(action) && !can_be_undone(action.kind)) return "its kind cannot be undone";
    if (!is_act(action) && !has_its_act(facts)) return "there is no act that it could undo";
    if (!is_single(facts)) return "the case already has an action of this kind";
    if (!needs_proof(action.kind)) return "";
    if (record.strength != Strength::proven)
        return "the attribution of its case is " + std::string(to_text(record.strength));
    if (action.kind == ActionKind::service_purge) return why_not_purged(facts);
    if (is_act(action) && !path_has(rules, record, action.kind))
        return "path " + record.path + " has no such action";
    return "";
}

bool case_state_bears(const Case& record, const Action& action) {
    const auto state = record.state;
    if (!is_act(action)) return state == CaseState::reinstated || state == CaseState::released;
    switch (action.kind) {
        case ActionKind::notify_team:
            return true;
        case ActionKind::queue_release:
            return state == CaseState::released;
        case ActionKind::queue_delete:
            return state == CaseState::rejected;
        default:
            return state == CaseState::open || state == CaseState::rejected;
    }
}

std::optional<Stop> check_mode(const Facts& facts, const OwnRules& rules, Instant now) {
    const Mode of_case = facts.record ? facts.record->mode : Mode::enforce;
    const bool both = rules.mode == Mode::enforce && of_case == Mode::enforce;
    if (guard(Guard::test_mode_is_checked_twice, both)) return std::nullopt;
    // A person wants it back, and it did happen: nothing is done in this mode, nothing forgotten.
    if (!is_act(facts.action) && of_case == Mode::enforce)
        return Stop{.state = ActionState::due,
                    .name = "undo_waits_for_enforce",
                    .detail = "own mode is observe: waits until it is enforce",
                    .due = now + rules.postpone};
    return Stop{.state = ActionState::observed,
                .name = "observed",
                .detail = rules.mode == Mode::observe ? "own mode is observe"
                                                      : "the case was opened in mode observe",
                .due = {},
                .alarm = false};
}

std::optional<Stop> check_case_state(const Facts& facts) {
    const bool right = facts.record && case_state_bears(*facts.record, facts.action);
    if (guard(Guard::enforcer_checks_the_case, right)) return std::nullopt;
    // Found after a crash, and it did not happen: the person who ended the case meanwhile could not
    // cancel what was running.
    const bool crashed = facts.action.state == ActionState::running;
    const auto state = facts.record ? to_text(facts.record->state) : std::string_view("missing");
    return Stop{.state = crashed ? ActionState::cancelled : ActionState::dead,
                .name = "case_is_not_right",
                .detail = "its case is " + std::string(state),
                .due = {},
                .alarm = !crashed};
}

Stop waits(std::string_view name, std::string detail) {
    return {.state = ActionState::waiting, .name = name, .detail = std::move(detail), .due = {}};
}

// What time may mend is put off, if a person can add nothing: has upheld the case already.
Stop waits_or_later(const Facts& facts, Stop stop, Instant later) {
    if (facts.record && facts.record->state == CaseState::rejected) stop.state = ActionState::due;
    if (stop.state == ActionState::due) stop.due = later;
    return stop;
}

Stop unreadable(const Error& error, Instant later) {
    auto stop = waits("directory_unreadable", "reading the directory: " + error.what);
    if (error.fault == Fault::not_found) return stop;
    stop.state = ActionState::due;
    stop.due = later;
    return stop;
}

std::optional<Stop> check_row(const Action& action, const std::optional<Service>& row) {
    // After a termination the panel may list the service no more. Its way back stays open as long
    // as nobody else has the id.
    if (!row && !is_act(action)) return std::nullopt;
    if (!row) return waits("service_not_in_directory", "the directory has no such service");
    if (!guard(Guard::creation_time_counts, row->created == action.service.created))
        return waits("service_is_another", "the directory has a newer service of this id");
    if (row->account != action.account)
        return waits("account_is_another", "the directory has this service in another account");
    return std::nullopt;
}

std::optional<Stop> check_fresh(const Facts& facts, const Directory& directory, const Clock& clock,
                                Instant later) {
    const auto info = directory.info();
    if (!info) return unreadable(info.error(), later);
    const auto state = directory_state(info, clock);
    if (guard(Guard::directory_must_be_fresh, state == DirectoryState::ok)) return std::nullopt;
    return waits_or_later(
        facts,
        waits("directory_is_stale", "the directory was imported at " + to_rfc3339(info->imported) +
                                        ": it is " + std::string(to_text(state))),
        later);
}

// Suspending an account reaches all its services (fault F16).
Result<bool> is_protected(const Action& action, const Directory& directory, const Service& row) {
    if (row.is_protected || action.kind != ActionKind::account_suspend) return row.is_protected;
    BAILIFF_TRY(const auto all, directory.services_of(action.account));
    return std::ranges::any_of(all, &Service::is_protected);
}

std::optional<Stop> check_directory(const Facts& facts, const Directory& directory,
                                    const Clock& clock, Instant later) {
    const auto& action = facts.action;
    const auto row = directory.service(action.service.id);
    if (!row) return unreadable(row.error(), later);
    if (auto stop = check_row(action, *row)) return stop;
    if (!is_act(action)) return std::nullopt;
    if (auto stop = check_fresh(facts, directory, clock, later)) return stop;
    const auto spared = is_protected(action, directory, **row);
    if (!spared) return unreadable(spared.error(), later);
    if (guard(Guard::protected_is_checked_twice, !*spared)) return std::nullopt;
    return waits("service_is_protected", "the service or its account is protected");
}

// An open breaker stops everything, also what was tried before; a spent budget opens it.
std::optional<Stop> check_budget(const Facts& facts, const OwnRules& rules, Instant now,
                                 Instant later) {
    const bool open = facts.breaker.open;
    const auto over = open || facts.counted ? std::nullopt
                                            : overrun(rules.budgets, facts.spent,
                                                      effect_of(facts.action, facts.record, now));
    if (guard(Guard::budget_is_checked_twice, !open && !over)) return std::nullopt;
    auto stop = waits("breaker_open", over ? over->setting + ": " + over->detail
                                           : "the breaker is open: " + facts.breaker.detail);
    stop.alarm = false;  // its opening was one
    stop.opens = over;
    return waits_or_later(facts, std::move(stop), later);
}

std::optional<Stop> check_claim_window(const Facts& facts, const OwnRules& rules, Instant now) {
    if (facts.action.kind != ActionKind::service_purge) return std::nullopt;
    const auto ended = ended_at(facts);
    const bool closed = ended && now >= *ended + rules.claim_window;
    if (closed) return std::nullopt;
    const auto closes = ended ? *ended + rules.claim_window : now + rules.postpone;
    return Stop{.state = ActionState::due,
                .name = "claim_window_is_open",
                .detail = "the claim window closes at " + to_rfc3339(closes),
                .due = closes,
                .alarm = false};
}

}  // namespace

EffectRow effect_of(const Action& action, const std::optional<Case>& record, Instant at) {
    EffectRow row{at, action.id, action.kind, action.account, {}};
    if (!record) return row;
    for (const auto& finding : record->verdict.findings)
        if (finding.families.has(Family::rules) && finding.score > 0)
            row.rules.push_back(finding.symbol);
    return row;
}

std::optional<Stop> check_seen(const Facts& facts, const std::optional<std::string>& seen) {
    if (facts.action.kind != ActionKind::service_purge || seen == "terminated") return std::nullopt;
    return waits("service_is_not_terminated",
                 "the panel says " + seen.value_or("nothing") + ", and not terminated");
}

std::optional<Stop> check_order(const Facts& facts, Instant now) {
    const auto& action = facts.action;
    if (action.state == ActionState::running) return std::nullopt;
    for (const auto& other : facts.siblings) {
        const bool earlier =
            std::tie(other.sequence, other.id) < std::tie(action.sequence, action.id);
        if (!earlier || !blocks(other, deed_of(action))) continue;
        const auto behind = "after " + std::string(to_text(other.kind)) + ", which is " +
                            std::string(to_text(other.state));
        if (!is_pending(other.state))
            return Stop{.state = ActionState::waiting,
                        .name = "stands_behind",
                        .detail = behind,
                        .due = {},
                        .alarm = false};
        return Stop{.state = ActionState::due,
                    .name = "stands_behind",
                    .detail = behind,
                    .due = std::max(other.due, now),
                    .alarm = false};
    }
    return std::nullopt;
}

std::optional<Stop> check_case(const Facts& facts, const OwnRules& rules) {
    const auto why = why_not_borne(facts, rules);
    if (guard(Guard::enforcer_checks_the_case, why.empty())) return std::nullopt;
    return Stop{.state = ActionState::dead, .name = "case_is_not_right", .detail = why, .due = {}};
}

std::optional<Stop> check_moment(const Facts& facts, const OwnRules& rules,
                                 const Directory& directory, const Clock& clock) {
    const auto& action = facts.action;
    const auto now = clock.now();
    const auto later = now + rules.postpone;
    if (auto stop = check_mode(facts, rules, now)) return stop;
    if (auto stop = check_case_state(facts)) return stop;
    if (auto stop = check_claim_window(facts, rules, now)) return stop;
    if (!needs_proof(action.kind)) return std::nullopt;
    if (auto stop = check_directory(facts, directory, clock, later)) return stop;
    if (!is_act(action) || !touches_customer(action.kind)) return std::nullopt;
    return check_budget(facts, rules, now, later);
}

}  // namespace bailiff::outbox
