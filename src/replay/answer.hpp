#pragma once
// Who would have been stopped: before and after, added up.

#include <array>
#include <map>
#include <optional>

#include "src/replay/replay.hpp"

namespace bailiff {

/// How many messages of each level; index: static_cast<size_t>(Level).
using Levels = std::array<std::uint64_t, 4>;

struct Side {
    Levels levels{};
    std::uint64_t stopped = 0;  ///< messages that were refused or held
    std::uint64_t holds = 0;    ///< messages that put their service on hold
    std::optional<Instant> first_hold;

    void add(Level level, Reply::Kind reply, bool hold, Instant at);
};

struct ServiceAnswer {
    AccountId account;
    std::uint64_t messages = 0;
    std::uint64_t changed = 0;  ///< messages of another level, path, reply or hold
    Side before, after;

    /// The service: somebody would have been stopped who was not, or the other way round.
    [[nodiscard]] bool newly_stopped() const { return before.holds == 0 && after.holds > 0; }
    [[nodiscard]] bool freed() const { return before.holds > 0 && after.holds == 0; }
};

struct Answer {
    std::optional<Instant> first, last;  ///< messages
    std::uint64_t messages = 0;          ///< that could be told
    std::uint64_t changed = 0;
    Side before, after;
    std::array<std::uint64_t, untold_kinds> untold{};  ///< index: static_cast<size_t>(Untold)
    std::uint64_t corrupt = 0;                         ///< rows that could not be read
    /// Mail of nobody is under the id that is none.
    std::map<ServiceRef, ServiceAnswer> services;
    std::uint64_t unlisted = 0;  ///< messages of services beyond services_max

    static constexpr std::size_t services_max = 200'000;

    void add(const FeatureRow& row, const Replay::Told& told);
};

}  // namespace bailiff
