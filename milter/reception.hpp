#pragma once
// What all sessions of the process share: their rules and ports, and the count of them.

#include <bailiff/journal.hpp>
#include <atomic>
#include <cstdint>
#include <memory>

#include "milter/session.hpp"

namespace bailiff {

/// Threads  any.
class Reception {
public:
    struct Counts {
        std::uint64_t sessions_now = 0;
        std::uint64_t sessions_total = 0;
        std::uint64_t refused = 0;   ///< connections above sessions_max
        std::uint64_t messages = 0;  ///< that reached their end
        std::uint64_t sessions_max = 0;
        InFlight::Counts in_flight{};
    };

    struct Bounds {
        std::uint64_t sessions = 0;
        std::uint64_t in_flight_bytes = 1ULL << 60;
    };

    Reception(SessionRules rules, SessionPorts ports, Journal& journal, Bounds bounds)
        : rules_(std::move(rules)),
          in_flight_(bounds.in_flight_bytes),
          ports_{ports.gate, ports.entropy, ports.clock, &in_flight_},
          journal_(journal),
          sessions_max_(bounds.sessions) {}

    /// A session, or none when sessions_max are there.
    [[nodiscard]] std::unique_ptr<Session> open_session();
    void close_session(std::unique_ptr<Session> session) noexcept;

    [[nodiscard]] const char* uid_header() const noexcept { return rules_.uid_header.c_str(); }
    void count_message() noexcept { ++messages_; }
    [[nodiscard]] Counts counts() const noexcept;
    [[nodiscard]] std::uint64_t messages_under_way() const noexcept {
        return in_flight_.counts().messages;
    }

    /// What is wrong with the MTA or with us, told once a process or always.
    enum class Fault {
        escaped,
        no_symbol_list,
        no_actions,
        no_tag,
        reply_refused,
        broken_protocol,
        silent
    };
    void report(Fault fault, const char* detail) noexcept;

private:
    // Constant after construction.
    const SessionRules rules_;
    InFlight in_flight_;  // synchronises itself
    const SessionPorts ports_;
    Journal& journal_;
    const std::uint64_t sessions_max_;

    // Synchronise themselves.
    std::atomic<std::uint64_t> now_{0};
    std::atomic<std::uint64_t> total_{0};
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> messages_{0};
    std::atomic<std::uint32_t> reported_{0};  ///< one bit a Fault
};

}  // namespace bailiff
