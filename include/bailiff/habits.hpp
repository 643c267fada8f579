#pragma once
// How a login behaves against its own history.

#include <cstdint>

namespace bailiff {

/// Of one login, the present message included. Days and hours are those of the clock, in UTC.
struct Habits {
    std::uint32_t networks_hour = 0;  ///< client networks (/24, /48) within the last hour
    std::uint32_t messages_hour = 0;  ///< within the last hour
    std::uint32_t usual_hour = 0;     ///< its busiest hour of the week that ended yesterday
    std::uint32_t days_known = 0;     ///< for so long it has been watched
    bool new_network = false;         ///< first seen from this network within the last hour
    bool operator==(const Habits&) const = default;
};

}  // namespace bailiff
