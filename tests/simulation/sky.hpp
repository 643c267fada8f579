#pragma once
// What all parts of one world stand under: its time, its chance, its chronicle.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <functional>

#include "tests/simulation/chance.hpp"
#include "tests/simulation/chronicle.hpp"

namespace bailiff::simulation {

using namespace std::chrono_literals;

/// The machine's clock: can be set, and then tells another time than has passed.
class MachineClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return begin_ + passed_ + ahead_; }
    [[nodiscard]] SteadyInstant steady() const override {
        return SteadyInstant(std::chrono::hours(1) + passed_);
    }
    /// The time that really is, which the oracle and the panel go by.
    [[nodiscard]] Instant truth() const { return begin_ + passed_; }
    [[nodiscard]] Duration passed() const { return passed_; }
    void pass(Duration time) { passed_ += time; }
    void set_ahead(Duration by) { ahead_ = by; }

private:
    Instant begin_ = *parse_rfc3339("2026-06-01T00:00:00Z");
    Duration passed_{0};
    Duration ahead_{0};
};

/// Things that go wrong by themselves, each with its share of 1000 calls.
struct Weather {
    std::size_t panel = 60;   ///< each kind of fault of an act or undo is about a tenth of it
    std::size_t state = 30;   ///< a state that cannot be read
    std::size_t ledger = 15;  ///< an update that fails, one way or the other
    std::size_t queue = 30;   ///< a queue that cannot be read; four times as many calls fail
    bool queue_away = false;
    bool panel_away = false, ledger_away = false, directory_away = false;
};

struct Sky {
    explicit Sky(std::uint64_t seed) : chance(seed) {}

    Chance chance;
    MachineClock clock;
    Chronicle chronicle;
    Weather weather;
    /// Lets time pass inside a call; other roles and persons go on meanwhile.
    std::function<void(Duration)> wait;
    /// Does something after `delay`, also while another role waits.
    std::function<void(Duration delay, std::function<void()>)> later;

    /// The panel is away from now on, and comes back by itself.
    std::function<void()> panel_goes_away;

    void note(const std::string& line) { chronicle.note(clock.passed(), line); }
    void breach(Breach kind, const std::string& what) {
        chronicle.breach(clock.passed(), kind, what);
    }
};

}  // namespace bailiff::simulation
