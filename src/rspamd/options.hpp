#pragma once
// How rspamd is reached, and how long it is waited for.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bailiff {

struct RspamdOptions {
    std::string socket;  ///< unix socket of a normal worker; empty: `url` by TCP
    std::string url;     ///< "http://127.0.0.1:11333"; /checkv2 is added when it names no path
    std::chrono::milliseconds connect_timeout{200};
    std::chrono::milliseconds patience{1'000};  ///< for an answer while answers come in time
    std::chrono::milliseconds deadline{3'000};  ///< the most, while answers are slow; of a probe
    std::size_t reply_bytes_max = 1U << 20;
    std::uint32_t breaker_failures = 5;               ///< in a row; then not asked
    std::chrono::milliseconds breaker_pause{10'000};  ///< until the next probe
    std::string settings_id{};                         ///< of rspamd; README.md on the echo
    std::vector<std::string> groups_off{};             ///< not asked for, unless by settings_id
};

}  // namespace bailiff
