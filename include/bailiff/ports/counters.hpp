#pragma once
// Behaviour windows: expendable, in memory.

#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ids.hpp>
#include <cstdint>

namespace bailiff {

/// What a service sent, the present message included.
struct Tally {
    std::uint32_t messages_last_minute = 0;
    std::uint32_t messages_last_hour = 0;
    std::uint32_t recipients_last_hour = 0;
    bool seen_before = false;  ///< the same mail once more: counted then, and not now
};

/// Threads  any.
class Counters {
public:
    virtual ~Counters() = default;
    /// Counts one message and tells the window; the same fingerprint again (a retry) is not counted
    /// twice (fault A09).
    [[nodiscard]] virtual Tally count(const ServiceRef& service, std::uint32_t recipients,
                                      const Digest& fingerprint, Instant now) = 0;
};

}  // namespace bailiff
