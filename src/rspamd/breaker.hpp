#pragma once
// When a witness that keeps failing is left alone, and when it is heard again.

#include <algorithm>
#include <bailiff/clock.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

namespace bailiff {

/// Closed: everybody may ask. After `failures` in a row open: no message asks, and probes of our
/// own are due every `pause` and up to a quarter more (`jitter`, so that many nodes do not come
/// back at once), one at a time. A probe that is answered closes it. Then one failure before the
/// first answer opens it again; and what opens within `steady_for` of closing needs one answered
/// probe in a row more than the last time, `probes_max` at most: a witness that restarts in a loop
/// must stay up for a while before messages wait for it again.  Pure.  Threads  one at a time.
class Breaker {
public:
    struct Rules {
        std::uint32_t failures = 5;  ///< 0 counts as 1
        std::chrono::milliseconds pause{};
    };
    static constexpr std::uint32_t probes_max = 4;
    static constexpr std::chrono::seconds steady_for{60};

    explicit Breaker(Rules rules) : rules_(rules) {}

    [[nodiscard]] bool is_open() const { return open_; }
    [[nodiscard]] std::uint32_t in_a_row() const { return in_a_row_; }

    /// Whoever is answered proves that it is back, a question from before the failures too.
    void answered(SteadyInstant now) {
        if (open_) close(now);
        in_a_row_ = 0;
    }

    /// `jitter` within 0 to 255. Returns whether this failure opened the breaker.
    bool failed(SteadyInstant now, std::uint8_t jitter) {
        if (in_a_row_ < UINT32_MAX) ++in_a_row_;
        if (open_ || in_a_row_ < rules_.failures) return false;  // open: asked before it opened
        const bool again = closed_at_ && now - *closed_at_ < steady_for;
        probes_needed_ = again ? std::min(probes_needed_ + 1, probes_max) : 1;
        probes_well_ = 0;
        open_ = true;
        pause(now, jitter);
        return true;
    }

    /// Whether the caller shall probe now; if so, it says how that went.
    [[nodiscard]] bool begin_probe(SteadyInstant now) {
        if (!open_ || probing_ || now < probe_at_) return false;
        return probing_ = true;
    }

    /// Returns whether this probe closed the breaker.
    bool probed(bool well, SteadyInstant now, std::uint8_t jitter) {
        probing_ = false;
        if (!open_) return false;  // a straggler was answered meanwhile
        probes_well_ = well ? probes_well_ + 1 : 0;
        if (probes_well_ >= probes_needed_) {
            close(now);
            in_a_row_ = std::max(rules_.failures, 1U) - 1;
            return true;
        }
        pause(now, jitter);
        return false;
    }

private:
    void close(SteadyInstant now) {
        open_ = false;
        closed_at_ = now;
    }
    void pause(SteadyInstant now, std::uint8_t jitter) {
        probe_at_ = now + rules_.pause + rules_.pause * jitter / 1'020;
    }

    const Rules rules_;
    bool open_ = false;
    bool probing_ = false;
    std::uint32_t in_a_row_ = 0;
    std::uint32_t probes_well_ = 0;
    std::uint32_t probes_needed_ = 1;
    SteadyInstant probe_at_{};
    std::optional<SteadyInstant> closed_at_;
};

}  // namespace bailiff
