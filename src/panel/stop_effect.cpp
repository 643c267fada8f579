#include "src/panel/stop_effect.hpp"

#include "src/panel/form.hpp"
#include "src/panel/standing.hpp"

#include <algorithm>

namespace bailiff::panel {

using Kind = Outcome::Kind;
using Stand = Look::Stand;

/// What came of one thing.
struct StopEffect::Step {
    Outcome::Kind kind = Outcome::Kind::unknown;
    std::string what;
    bool changed = false;  ///< something at the panel is, or may be, another than before
};

namespace {

bool is_of_account(const Order& order) {
    return row_of(order.kind).target == ActionTarget::account;
}

/// What the panel tells of a suspension without a reason: kept, so that the way back leads there.
std::string reason_before(const Look& look) {
    if (look.stand != Stand::suspended) return {};
    return look.reason.empty() ? "(no reason given)" : look.reason;
}

/// Mail that no termination of ours has stopped.
bool stopped_by_others(const Look& look) {
    const auto own = own_reason(look);
    const bool ours = own && own->meaning == Meaning::terminated && !own->mail_was_stopped;
    return look.mail_stopped.value_or(false) && !ours;
}

}  // namespace

bool StopEffect::knows(ActionKind kind) const {
    return kind == ActionKind::service_suspend || kind == ActionKind::service_terminate ||
           kind == ActionKind::account_suspend || kind == ActionKind::service_purge;
}

Outcome StopEffect::act(const Order& order) {
    if (order.kind == ActionKind::service_purge && !may_purge_)
        return {Kind::never, "no purge_secret_file is configured: this hook destroys nothing", {}};
    if (order.kind == ActionKind::service_purge) return each(order, &StopEffect::purge);
    return each(order, &StopEffect::stop);
}

Outcome StopEffect::undo(const Order& order) {
    if (!can_be_undone(order.kind)) return {Kind::never, "there is no way back from this", {}};
    return each(order, &StopEffect::take_back);
}

Result<std::optional<std::string>> StopEffect::state(const Order& order) {
    if (!knows(order.kind)) return std::optional<std::string>();
    BAILIFF_TRY(const auto things, api_->find(calls_(), order));
    return std::optional(order.direction == Direction::undo ? state_on_way_back(order, things)
                                                            : state_of(things, order.kind));
}

// The first that does not end well ends all; what was changed before it makes the outcome doubtful.
Outcome StopEffect::each(const Order& order, Work work) {
    if (!knows(order.kind)) return {Kind::never, "not an action for a panel", {}};
    const auto calls = calls_();
    const auto things = api_->find(calls, order);
    if (!things) {
        const bool refused = things.error().fault == Fault::invalid_input;
        return {refused ? Kind::never : Kind::retry, things.error().what, {}};
    }
    bool changed = false;
    std::string said;
    for (const auto& thing : *things) {
        auto step = (this->*work)(calls, order, thing);
        said += (said.empty() ? "" : "; ") + thing.name + " " + step.what;
        if (step.kind != Kind::done) return {changed ? Kind::unknown : step.kind, said, {}};
        changed = changed || step.changed;
    }
    return {Kind::done, said, {}};
}

StopEffect::Step StopEffect::stop(const Calls& calls, const Order& order, const Thing& thing) {
    const auto& look = thing.look;
    if (look.stand == Stand::absent) return {Kind::never, "is not known to the panel", false};
    if (look.stand == Stand::purged) return {Kind::done, "has been destroyed already", false};
    if (look.stand == Stand::other) {
        // Of an account's services those that do not run are none to stop.
        const auto kind = is_of_account(order) ? Kind::done : Kind::never;
        return {kind, "is " + state_of(look, order.kind) + " and left alone", false};
    }
    const auto state = state_of(look, order.kind);
    if (order.kind == ActionKind::service_terminate ? state == "terminated"
                                                    : look.stand == Stand::suspended)
        return {Kind::done, "is " + state + " already", false};
    const auto objection = api_->objection(calls, thing.name);
    if (!objection) return {Kind::retry, "is left alone: " + objection.error().what, false};
    if (!objection->empty()) return {Kind::never, *objection, false};
    return stop_active(calls, order, thing);
}

StopEffect::Step StopEffect::stop_active(const Calls& calls, const Order& order,
                                         const Thing& thing) {
    const bool terminate = order.kind == ActionKind::service_terminate;
    Step step{Kind::done, "is " + std::string(row_of(order.kind).wanted), false};
    if (state_of(thing.look, order.kind) != "terminating") {
        const auto reason =
            reason_text({.meaning = meaning_of(order.kind),
                         .case_id = order.case_id.text(),
                         .before = reason_before(thing.look),
                         .mail_was_stopped = terminate && stopped_by_others(thing.look)});
        step = after(calls, order, thing, api_->suspend(calls, thing.name, reason),
                     row_of(order.kind).wanted);
        if (step.kind != Kind::done) return step;
    }
    if (!terminate || !thing.look.mail_stopped || *thing.look.mail_stopped) return step;
    const auto mail = api_->stop_mail(calls, thing.name);
    if (mail.kind == Done::Kind::done) return step;
    return {Kind::unknown, "is suspended, but its mail perhaps not stopped: " + mail.why, true};
}

StopEffect::Step StopEffect::purge(const Calls& calls, const Order& order, const Thing& thing) {
    const auto& look = thing.look;
    if (look.stand == Stand::absent || look.stand == Stand::purged)
        return {Kind::done, "is gone already", false};
    if (look.stand != Stand::suspended)
        return {Kind::never,
                "is " + state_of(look, order.kind) + ": only what has been stopped is purged",
                false};
    const auto objection = api_->objection(calls, thing.name);
    if (!objection) return {Kind::retry, "is left alone: " + objection.error().what, false};
    if (!objection->empty()) return {Kind::never, *objection, false};
    return after(calls, order, thing, api_->destroy(calls, thing.name), "purged");
}

StopEffect::Step StopEffect::take_back(const Calls& calls, const Order& order, const Thing& thing) {
    const auto back = back_of(order, thing);
    switch (back.what) {
        case WayBack::Do::nothing:
            return {Kind::done, back.why, false};
        case WayBack::Do::refuse:
            return {Kind::never, back.why, false};
        case WayBack::Do::lift:
        case WayBack::Do::relabel:
            break;
    }
    bool changed = false;
    if (back.lets_mail_go && thing.look.mail_stopped.value_or(false)) {
        auto step = after(calls, order, thing, api_->let_mail_go(calls, thing.name), "");
        if (step.kind != Kind::done) return step;
        changed = true;
    }
    const bool lifts = back.what == WayBack::Do::lift;
    const auto done =
        lifts ? api_->lift(calls, thing.name) : api_->suspend(calls, thing.name, back.reason);
    auto step = after(calls, order, thing, done, lifts ? "active" : "suspended");
    if (step.kind != Kind::done && changed) step.kind = Kind::unknown;
    return step;
}

// What else a service stands for does not stay stopped because somebody has stopped a part of it.
WayBack StopEffect::back_of(const Order& order, const Thing& thing) const {
    auto back = way_back(order, thing.look, claims_on(order, thing));
    const auto names = api_->names_of_service(order.target);
    const bool is_part = names && names->size() > 1;
    if (back.what == WayBack::Do::refuse && is_part) back.what = WayBack::Do::nothing;
    return back;
}

// Where the panel's names cannot be told nothing was done.
std::vector<OtherClaim> StopEffect::claims_on(const Order& order, const Thing& thing) const {
    std::vector<OtherClaim> claims;
    for (const auto& claim : order.others) {
        if (claim.standing == Standing::active) continue;
        const auto names = api_->names_of_service(claim.target);
        const bool is_on_it = claim.what == ActionTarget::account
                                  ? api_->is_of_account(claim.target, thing.name)
                                  : names && std::ranges::count(*names, thing.name) > 0;
        if (is_on_it) claims.push_back(claim);
    }
    return claims;
}

// What is still to be taken back must not look like the way back; what is left to others must.
std::string StopEffect::state_on_way_back(const Order& order,
                                          const std::vector<Thing>& things) const {
    bool is_refused = false;
    for (const auto& thing : things) {
        const auto back = back_of(order, thing);
        is_refused = is_refused || back.what == WayBack::Do::refuse;
        const auto state = state_of(thing.look, order.kind);
        if (back.what == WayBack::Do::lift || back.what == WayBack::Do::relabel)
            return state == order.state_before ? "still_" + state : state;
    }
    const auto state = state_of(things, order.kind);
    if (state == order.state_before || is_refused) return state;
    const bool is_active = std::ranges::any_of(
        things, [](const Thing& thing) { return thing.look.stand == Stand::active; });
    return is_active ? "active" : "kept";
}

// A refusal may come after the deed; a second look tells. Without a word to look for it is a no.
StopEffect::Step StopEffect::after(const Calls& calls, const Order& order, const Thing& thing,
                                   const Done& done, std::string_view wanted) {
    const std::string is(wanted.empty() ? "is done" : "is " + std::string(wanted));
    if (done.kind == Done::Kind::done) return {Kind::done, is, true};
    if (done.kind == Done::Kind::not_done)
        return {Kind::retry, "is left alone: " + done.why, false};
    if (done.kind == Done::Kind::unknown)
        return {Kind::unknown, "nobody can tell: " + done.why, true};
    const auto now = api_->look(calls, thing.name);
    if (!now) return {Kind::unknown, "perhaps not: " + done.why + "; " + now.error().what, true};
    const auto state = state_of(*now, order.kind);
    if (!wanted.empty() && (state == wanted || (wanted == "active" && state == "mail_suspended")))
        return {Kind::done, is + ", though the panel says: " + done.why, true};
    const bool half = state == "terminating" && wanted == "terminated";
    if (half) return {Kind::unknown, "is half stopped: " + done.why, true};
    return {Kind::retry, "is " + state + ", the panel says: " + done.why, false};
}

}  // namespace bailiff::panel
