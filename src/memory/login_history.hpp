#pragma once

#include <array>
#include <bailiff/habits.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/memory/window.hpp"

namespace bailiff {

/// What one login has done lately: its rate, the busiest hour of each day, its client networks.
/// About 0.4 KB, and 24 bytes for each network.
class LoginHistory {
public:
    /// Order    `ms` never smaller than before.
    [[nodiscard]] Habits note(std::uint64_t network, bool again, std::int64_t ms);

    void write(std::string& bytes) const;
    /// False: that is none, and this one is not to be used.
    [[nodiscard]] bool read(std::string_view& bytes);

private:
    struct Network {
        std::uint64_t key = 0;
        std::int64_t first_minute = 0;
        std::int64_t last_minute = 0;
    };
    void count(std::int64_t ms);
    void turn_to(std::int64_t day);
    [[nodiscard]] std::uint32_t busiest_of_the_week_before() const;
    const Network& see(std::uint64_t key, std::int64_t minute);

    std::int64_t first_ms_ = INT64_MIN;
    std::int64_t day_ = 0;
    std::int64_t hour_ = 0;
    std::uint32_t this_hour_ = 0;
    std::array<std::uint32_t, 10> busiest_{};  ///< by day
    Window<60> minutes_;
    std::vector<Network> networks_;
};

}  // namespace bailiff
