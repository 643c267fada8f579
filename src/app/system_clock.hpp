#pragma once

#include <bailiff/clock.hpp>

namespace bailiff {

/// The machine's clocks. Everybody else gets the time as an argument.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    [[nodiscard]] SteadyInstant steady() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace bailiff
