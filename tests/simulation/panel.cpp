#include "tests/simulation/panel.hpp"

#include <algorithm>
#include <utility>

namespace bailiff::simulation {

namespace {

std::string place(ActionTarget target, const std::string& id) {
    return (target == ActionTarget::account ? "account " : "service ") + id;
}

bool is_of_service(ActionKind kind) {
    return kind == ActionKind::service_terminate || kind == ActionKind::service_suspend ||
           kind == ActionKind::service_purge;
}

bool has_place(ActionKind kind) {
    return is_of_service(kind) || kind == ActionKind::account_suspend ||
           kind == ActionKind::script_block;
}

std::string in_world(const std::map<std::string, std::string>& world, const std::string& place) {
    const auto found = world.find(place);
    return found == world.end() ? "active" : found->second;
}

}  // namespace

std::string Panel::name(const Order& order) {
    if (order.kind == ActionKind::script_block) return "script " + order.target;
    return place(row_of(order.kind).target, order.target);
}

bool Panel::tells(ActionKind kind) const {
    return has_place(kind) || (kind == ActionKind::credential_reset && resets_tell);
}

std::string Panel::at(ActionTarget target, const std::string& id) const {
    return in_world(world_, place(target, id));
}

std::string Panel::script_of(const std::string& service) const {
    return in_world(world_, "script " + service);
}

void Panel::bring_back(const std::string& service) {
    world_["service " + service] = "active";
    by_hand.insert("service " + service);
}

void Panel::give_away(const std::string& service) {
    for (const auto& here : {"service " + service, "script " + service}) {
        world_.erase(here);
        stale_.erase(here);
        std::erase_if(flights_,
                      [&](const auto& flight) { return name(flight.second.order) == here; });
    }
}

Result<std::optional<std::string>> Panel::state(const Order& order) {
    enforcer_.call();
    sky_.wait(sky_.chance.between(20ms, 3s));
    if (sky_.weather.panel_away) return fail(Fault::unavailable, "the panel is away");
    if (!tells(order.kind)) return std::optional<std::string>();
    if (sky_.chance.in_1000(sky_.weather.state)) {
        sky_.chronicle.meet("state unreadable");
        return fail(Fault::unavailable, "exit 75");
    }
    const bool under_way = std::ranges::any_of(flights_, [&](const auto& flight) {
        return flight.second.is_seen && name(flight.second.order) == name(order);
    });
    if (under_way) return fail(Fault::unavailable, "something is under way");
    if (!has_place(order.kind))
        return std::optional<std::string>(told_.contains(order.case_id.text()) ? "reset"
                                                                               : "active");
    const auto stale = stale_.find(name(order));
    if (stale != stale_.end() && stale->second.until > sky_.clock.passed()) {
        sky_.chronicle.meet("state reported late");
        astray.insert(name(order));
        return std::optional<std::string>(stale->second.state);
    }
    const auto now = in_world(world_, name(order));
    enforcer_.call();
    return std::optional<std::string>(now);
}

Panel::Mood Panel::mood() {
    if (sky_.weather.panel_away) return Mood::lost;
    if (!sky_.chance.in_1000(sky_.weather.panel * 4)) return Mood::works;
    constexpr std::array often{
        Mood::busy,      Mood::busy,        Mood::busy,       Mood::lost,       Mood::lost,
        Mood::timed_out, Mood::timed_out,   Mood::late_known, Mood::late_known, Mood::lies,
        Mood::refuses,   Mood::late_unseen, Mood::breaks};
    return often.at(sky_.chance.below(often.size()));
}

Outcome Panel::run(const Order& order, Direction direction) {
    enforcer_.call();
    watch_(order, direction);
    sky_.note(std::string(to_text(direction)) + " " + std::string(to_text(order.kind)) + " " +
              order.target + " for " + order.case_id.text());
    sky_.chronicle.meet(direction == Direction::act ? "act called" : "undo called");
    sky_.chronicle.meet(std::string(to_text(direction)) + " " + std::string(to_text(order.kind)));
    const auto takes = sky_.chance.between(50ms, 20s);
    try {
        sky_.wait(takes);
        enforcer_.call();
    } catch (const Died&) {
        // The hook goes on without the enforcer, or has not reached the panel yet.
        if (sky_.chance.below(2) == 0) {
            sky_.chronicle.meet("hook outlives its enforcer");
            hook_ends_ = sky_.clock.passed() + 20s;
            fly(order, direction, true, sky_.chance.between(10ms, 20s));
        }
        throw;
    }
    const auto how = mood();
    auto outcome = answer(how, order, direction);
    enforcer_.call();
    sky_.note("  the hook says: " + outcome.detail);
    return outcome;
}

Outcome Panel::answer(Mood mood, const Order& order, Direction direction) {
    using Kind = Outcome::Kind;
    switch (mood) {
        case Mood::works:
            change(order, direction);
            return {Kind::done, "exit 0"};
        case Mood::busy:
            sky_.chronicle.meet("answer 5xx");
            return {Kind::retry, "exit 75"};
        case Mood::refuses:
            sky_.chronicle.meet("refusal");
            return {Kind::never, "exit 65"};
        case Mood::lost:
            sky_.chronicle.meet("time-out, nothing done");
            return {Kind::unknown, "deadline passed"};
        case Mood::timed_out:
            sky_.chronicle.meet("time-out, but done");
            change(order, direction);
            return {Kind::unknown, "deadline passed"};
        case Mood::lies:
            if (!tells(order.kind)) return {Kind::retry, "exit 75"};
            sky_.chronicle.meet("success that is none");
            return {Kind::done, "exit 0"};
        case Mood::breaks:
            sky_.chronicle.meet("the panel breaks in the middle");
            if (sky_.chance.below(2) == 0) change(order, direction);
            sky_.panel_goes_away();
            return {Kind::unknown, "connection reset"};
        case Mood::late_known:
        case Mood::late_unseen:
            break;
    }
    const bool is_seen = mood == Mood::late_known || !tells(order.kind);
    sky_.chronicle.meet(is_seen ? "time-out, done later" : "time-out, done later unseen");
    fly(order, direction, is_seen, sky_.chance.between(1s, 240s));
    return {Kind::unknown, "deadline passed"};
}

void Panel::fly(const Order& order, Direction direction, bool is_seen, Duration delay) {
    if (!is_seen) astray.insert(name(order));
    flights_.insert_or_assign(order.action_id, Flight{order, direction, is_seen});
    sky_.later(delay, [this, id = order.action_id] { land(id); });
}

void Panel::land(const ActionId& id) {
    const auto found = flights_.extract(id);
    if (found.empty()) return;
    sky_.note("  what timed out lands: " + name(found.mapped().order));
    change(found.mapped().order, found.mapped().direction);
}

void Panel::change(const Order& order, Direction direction) {
    flights_.erase(order.action_id);
    const auto here = name(order);
    const auto what = order.case_id.text() + " " + std::string(to_text(direction)) + " " +
                      std::string(to_text(order.kind)) + " " + order.target;
    // Whoever was told wrong may call again: such a panel has to know the action id (contract).
    const bool again = effects[what] > 0 && astray.contains(here);
    if (again) return sky_.chronicle.meet("repeated call, nothing done");
    if (++effects[what] > 1) sky_.breach(Breach::twice, what);
    ++changes;
    if (order.kind == ActionKind::credential_reset) told_.insert(order.case_id.text());
    if (!has_place(order.kind)) return;
    const auto before = in_world(world_, here);
    if (sky_.chance.in_1000(sky_.weather.state / 3))
        stale_[here] = {before, sky_.clock.passed() + sky_.chance.between(1s, 120s)};
    const std::string back = order.state_before.empty() ? "active" : order.state_before;
    const std::string wanted(row_of(order.kind).wanted);
    const auto& now = world_[here] = direction == Direction::undo ? back : wanted;
    if (is_of_service(order.kind) && changed) changed(order, now);
}

}  // namespace bailiff::simulation
