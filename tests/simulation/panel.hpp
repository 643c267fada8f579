#pragma once
// The panel: what really stands there, what was really done, and all the ways in which it answers.

#include <bailiff/ports/effect.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/life.hpp"
#include "tests/simulation/sky.hpp"

namespace bailiff::simulation {

/// Keeps to the hook contract: what was asked for with one action id and is still under way is not
/// done beside a later call of that id. It is not idempotent otherwise: a second call shows.
class Panel final : public Effect {
public:
    /// Told of each call that would change something; the oracle's eye.
    using Watch = std::function<void(const Order&, Direction)>;

    Panel(Life& enforcer, Sky& sky, Watch watch)
        : enforcer_(enforcer), sky_(sky), watch_(std::move(watch)) {}

    [[nodiscard]] bool knows(ActionKind kind) const override { return !is_of_queue(kind); }
    Outcome act(const Order& order) override { return run(order, Direction::act); }
    Outcome undo(const Order& order) override { return run(order, Direction::undo); }
    Result<std::optional<std::string>> state(const Order& order) override;

    /// Whether this kind has a `state` in this world.
    [[nodiscard]] bool tells(ActionKind kind) const;
    /// What really stands there: of a service, of an account.
    [[nodiscard]] std::string at(ActionTarget target, const std::string& id) const;
    /// How the script that a service sends by really stands: "active", "blocked".
    [[nodiscard]] std::string script_of(const std::string& service) const;
    /// The service is purged, and a new customer gets its id.
    void give_away(const std::string& service);
    /// Somebody terminates the service by hand.
    void drift(const std::string& service) { world_["service " + service] = "terminated"; }
    /// Somebody brings the service back by hand.
    void bring_back(const std::string& service);
    /// Until then no new enforcer may start: a hook of the dead one is at work.
    [[nodiscard]] Duration hook_ends() const { return hook_ends_; }

    bool resets_tell = false;            ///< credential.reset has a state
    std::map<std::string, int> effects;  ///< "CASE act service.terminate svc-1" → times
    std::set<std::string> astray;        ///< targets of what came late or was misreported
    std::set<std::string> by_hand;       ///< targets that somebody has brought back
    /// Told of each change of a service; the oracle's other eye.
    std::function<void(const Order&, const std::string& now)> changed;
    std::uint64_t changes = 0;

private:
    enum class Mood {
        works,
        busy,
        refuses,
        lost,
        late_known,
        late_unseen,
        timed_out,
        lies,
        breaks
    };
    struct Flight {
        Order order;
        Direction direction;
        bool is_seen;  ///< `state` says that something is under way
    };
    struct Stale {
        std::string state;
        Duration until;
    };

    static std::string name(const Order& order);
    Mood mood();
    Outcome run(const Order& order, Direction direction);
    Outcome answer(Mood mood, const Order& order, Direction direction);
    void fly(const Order& order, Direction direction, bool is_seen, Duration delay);
    void land(const ActionId& id);
    void change(const Order& order, Direction direction);

    Life& enforcer_;
    Sky& sky_;
    Watch watch_;
    std::map<std::string, std::string> world_;  ///< "service svc-1" → "terminated"
    std::set<std::string> told_;                ///< "CASE credential.reset": done for this case
    std::map<ActionId, Flight> flights_;
    std::map<std::string, Stale> stale_;
    Duration hook_ends_{0};
};

}  // namespace bailiff::simulation
