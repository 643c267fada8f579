#pragma once
// A role that can die at a named point of the source, or at any call through a port.

#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/simulation/chronicle.hpp"

namespace bailiff::simulation {

struct Died : std::runtime_error {
    Died() : std::runtime_error("the role has died") {}
};

/// Once dead, each call through a port dies, too: nothing more is done until it is born again.
class Life {
public:
    explicit Life(Chronicle& chronicle) : chronicle_(chronicle) {}

    /// At the `times`-th passing of `point`; empty: at the `times`-th call through a port.
    void die_at(std::string point, int times) { point_ = std::move(point), left_ = times; }
    void be_born() { dead_ = false, left_ = 0; }
    void disarm() { left_ = 0; }
    [[nodiscard]] bool dead() const { return dead_; }

    void call() { pass(""); }
    void pass(std::string_view point);

private:
    Chronicle& chronicle_;
    bool dead_ = false;
    std::string point_;
    int left_ = 0;  ///< 0: it does not die
};

/// While it exists, the source runs as the role of this life.
class Living {
public:
    explicit Living(Life& life);
    ~Living();
    Living(const Living&) = delete;
    Living& operator=(const Living&) = delete;

private:
    Life* before_;
};

}  // namespace bailiff::simulation
