#include "src/enforce/retry.hpp"

#include <algorithm>
#include <cstdint>

namespace bailiff {

namespace {

// min(ceiling, first * 2^(attempts-1)), without overflow.
std::int64_t bound_ms(std::uint32_t attempts, const Backoff& backoff) {
    const auto ceiling = std::max<std::int64_t>(backoff.ceiling.count(), 1);
    auto bound = std::clamp<std::int64_t>(backoff.first.count(), 1, ceiling);
    for (std::uint32_t i = 1; i < attempts && bound < ceiling; ++i)
        bound = bound > ceiling / 2 ? ceiling : bound * 2;
    return bound;
}

}  // namespace

std::optional<std::chrono::milliseconds> next_due(std::uint32_t attempts, const Backoff& backoff,
                                                  double jitter) {
    if (attempts >= limits::action_attempts_max) return std::nullopt;
    constexpr double below_one = 0.999999999;  // so that the product stays within the type
    const auto bound = bound_ms(attempts, backoff);
    const double share = jitter >= 0.0 ? std::min(jitter, below_one) : 0.0;  // NaN: 0
    const auto wait = static_cast<std::int64_t>(share * static_cast<double>(bound));
    return std::chrono::milliseconds(std::clamp<std::int64_t>(wait, 1, bound));
}

}  // namespace bailiff
