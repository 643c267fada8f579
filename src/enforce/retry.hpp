#pragma once
// When an action runs again, and when we give up.

#include <bailiff/limits.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

namespace bailiff {

struct Backoff {
    std::chrono::milliseconds first{};    ///< longest wait after the first attempt
    std::chrono::milliseconds ceiling{};  ///< longest wait at all
};

/// How long to wait after attempt number `attempts`, which failed; nothing: it was the last one
/// (limits::action_attempts_max).
/// Shape    the bound doubles with each attempt up to the ceiling, and `jitter`, from [0,1),
/// chooses
///          anywhere below it: nodes that failed together do not come back together (fault F19).
///          Total: bounds below 1 ms count as 1 ms, jitter outside [0,1) as its nearest end.
/// Threads  any.
[[nodiscard]] std::optional<std::chrono::milliseconds> next_due(std::uint32_t attempts,
                                                                const Backoff& backoff,
                                                                double jitter);

}  // namespace bailiff
