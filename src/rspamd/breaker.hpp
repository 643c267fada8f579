#pragma once
// When a witness that keeps failing is left alone, and when it is tried again.

#include <bailiff/clock.hpp>
#include <chrono>
#include <cstdint>

namespace bailiff {

/// Closed: everybody may ask. After `failures` in a row open: nobody may for `pause` and up to a
/// quarter more (`jitter`, so that many nodes do not come back at once). Then half open: one probe
/// may; its success closes, its failure opens again.  Pure.  Threads  one at a time.
class Breaker {
public:
    struct Rules {
        std::uint32_t failures = 5;  ///< 0 counts as 1
        std::chrono::milliseconds pause{};
    };
    enum class Pass : std::uint8_t { ask, probe, skip };

    explicit Breaker(Rules rules) : rules_(rules) {}

    [[nodiscard]] Pass admit(SteadyInstant now) {
        if (!open_) return Pass::ask;
        if (probing_ || now < retry_at_) return Pass::skip;
        probing_ = true;
        return Pass::probe;
    }

    /// Whoever is answered proves that it is back, a question from before the failures too.
    void answered() {
        open_ = false;
        probing_ = false;
        in_a_row_ = 0;
    }

    /// `jitter` within 0 to 255. Returns whether this failure opened the breaker.
    bool failed(Pass pass, SteadyInstant now, std::uint8_t jitter) {
        if (in_a_row_ < UINT32_MAX) ++in_a_row_;
        if (open_ && pass != Pass::probe) return false;  // asked before it opened: known already
        if (!open_ && in_a_row_ < rules_.failures) return false;
        const bool opened = !open_;
        open_ = true;
        probing_ = false;
        retry_at_ = now + rules_.pause + rules_.pause * jitter / 1'020;
        return opened;
    }

    /// The question was dropped without waiting for its end: the next may probe.
    void abandoned(Pass pass) { probing_ = probing_ && pass != Pass::probe; }

    [[nodiscard]] bool is_open() const { return open_; }
    [[nodiscard]] std::uint32_t in_a_row() const { return in_a_row_; }

private:
    const Rules rules_;
    bool open_ = false;
    bool probing_ = false;
    std::uint32_t in_a_row_ = 0;
    SteadyInstant retry_at_{};
};

}  // namespace bailiff
