#pragma once
// Behaviour windows: expendable, in memory.

#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/habits.hpp>
#include <bailiff/ids.hpp>
#include <cstdint>
#include <string_view>
#include <utility>

namespace bailiff {

/// Why a service sends. Others decide how much its programs bounce and how often its forms are
/// filled in; what it submits with its login or from its address is its own doing.
enum class Occasion { submitted, script, bounce };

/// What is counted together.
struct Stream {
    Stream(ServiceRef whose, Occasion why = Occasion::submitted)  // NOLINT: what it sends itself
        : service(std::move(whose)), occasion(why) {}

    ServiceRef service;
    Occasion occasion;
    auto operator<=>(const Stream&) const = default;
};

/// What a stream has, the present message included.
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
    [[nodiscard]] virtual Tally count(const Stream& stream, std::uint32_t recipients,
                                      const Digest& fingerprint, Instant now) = 0;
    /// Notes that `login` sent a message from this client network, and tells its habits. A message
    /// that is offered again is no further message.
    /// Shape    network: "192.0.2.0/24"; see network_of().
    [[nodiscard]] virtual Habits note_login(std::string_view login, std::string_view network,
                                            bool again, Instant now) = 0;
    /// One more suspect message of this service; how many there were within a day.
    [[nodiscard]] virtual std::uint32_t strike(const ServiceRef& service, Instant now) = 0;
};

}  // namespace bailiff
