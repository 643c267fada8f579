#pragma once
// The world outside: what stands there, and how often each thing was done to it.

#include <bailiff/ports/effect.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/pipeline/carry_out_shelf.hpp"

namespace bailiff::test {

class Panel final : public Effect {
public:
    /// How one call goes.
    enum class Mood {
        works,
        retries,      ///< 75, nothing done
        refuses,      ///< 65, nothing done
        fails_early,  ///< unknown, nothing done
        fails_late,   ///< unknown, but it was done (fault F07)
        lies,         ///< says done, did nothing
    };
    Panel(Machine& machine, ShelfLedger& ledger) : machine_(machine), ledger_(ledger) {}

    [[nodiscard]] bool knows(ActionKind kind) const override {
        return !unknown_kinds.contains(kind);
    }
    Outcome act(const Order& order) override { return run(order, Direction::act); }
    Outcome undo(const Order& order) override { return run(order, Direction::undo); }
    Result<std::optional<std::string>> state(const Order& order) override {
        machine_.step();
        if (ledger_.in_update) ++calls_inside_update;
        if (while_looking) while_looking();
        if (state_failures > 0) {
            --state_failures;
            return fail(Fault::unavailable, "exit 75");
        }
        if (!has_state || order.kind == ActionKind::notify_team)
            return std::optional<std::string>();
        return std::optional<std::string>(state_of(order));
    }

    [[nodiscard]] std::string at(const std::string& name) const {
        const auto found = world.find(name);
        return found == world.end() ? "active" : found->second;
    }
    /// Effects of one kind on one target for one case.
    [[nodiscard]] int most_effects() const {
        int most = 0;
        for (const auto& [what, times] : effects) most = std::max(most, times);
        return most;
    }

    std::map<std::string, std::string> world;  ///< "service.terminate svc-a" → "terminated"
    std::map<std::string, int> effects;        ///< "B... act service.terminate svc-a" → times
    std::vector<std::string> done;             ///< in order
    std::vector<Order> orders;
    std::vector<Mood> moods;  ///< of the next calls; then `works`
    std::set<ActionKind> unknown_kinds;
    std::function<void()> meanwhile;      ///< called in the middle of each act and undo
    std::function<void()> while_looking;  ///< and whenever a state is asked for
    bool has_state = true;
    int state_failures = 0;
    int calls_inside_update = 0;

private:
    static std::string name(const Order& order) {
        return std::string(to_text(order.kind)) + " " + order.target;
    }
    /// A service that is purged is the one that was terminated.
    static std::string place(const Order& order) {
        if (order.kind != ActionKind::service_purge) return name(order);
        return std::string(to_text(ActionKind::service_terminate)) + " " + order.target;
    }
    std::string state_of(const Order& order) const { return at(place(order)); }

    Outcome run(const Order& order, Direction direction) {
        machine_.step();
        if (ledger_.in_update) ++calls_inside_update;
        orders.push_back(order);
        if (meanwhile) meanwhile();
        const Mood mood = moods.empty() ? Mood::works : moods.front();
        if (!moods.empty()) moods.erase(moods.begin());
        if (mood == Mood::works || mood == Mood::fails_late) change(order, direction);
        machine_.step();
        switch (mood) {
            case Mood::works:
            case Mood::lies:
                return {Outcome::Kind::done, "exit 0"};
            case Mood::retries:
                return {Outcome::Kind::retry, "exit 75"};
            case Mood::refuses:
                return {Outcome::Kind::never, "exit 65"};
            default:
                return {Outcome::Kind::unknown, "deadline passed"};
        }
    }
    void change(const Order& order, Direction direction) {
        const auto what = std::string(to_text(direction)) + " " + name(order);
        ++effects[order.case_id.text() + " " + what];
        done.push_back(what);
        const std::string back = order.state_before.empty() ? "active" : order.state_before;
        world[place(order)] =
            direction == Direction::undo ? back : std::string(row_of(order.kind).wanted);
    }
    Machine& machine_;
    ShelfLedger& ledger_;
};

}  // namespace bailiff::test
