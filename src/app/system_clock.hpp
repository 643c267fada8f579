#pragma once

#include <bailiff/clock.hpp>

#ifdef BAILIFF_REMOVABLE_GUARDS
#include <cstdlib>
#include <fstream>
#endif

namespace bailiff {

/// The machine's clocks. Everybody else gets the time as an argument.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
               shift();
    }
    [[nodiscard]] SteadyInstant steady() const override { return std::chrono::steady_clock::now(); }

private:
#ifdef BAILIFF_REMOVABLE_GUARDS
    /// Development builds: the seconds in the file that BAILIFF_CLOCK_SHIFT names, so that a test
    /// may set the clock of one program only.
    [[nodiscard]] static std::chrono::seconds shift() {
        static const char* const file = std::getenv("BAILIFF_CLOCK_SHIFT");
        std::int64_t seconds = 0;
        if (file != nullptr) std::ifstream(file) >> seconds;
        return std::chrono::seconds(seconds);
    }
#else
    [[nodiscard]] static constexpr std::chrono::seconds shift() {
        return {};
    }
#endif
};

}  // namespace bailiff
