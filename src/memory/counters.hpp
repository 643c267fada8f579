#pragma once

#include <bailiff/mutex.hpp>
#include <bailiff/ports/counters.hpp>
#include <bailiff/result.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/memory/fresh_map.hpp"
#include "src/memory/login_history.hpp"
#include "src/memory/window.hpp"

namespace bailiff {

/// Bounds on memory: about 0.9 KB a stream, 0.5 KB a login, 0.2 KB a fingerprint.
struct CountersLimits {
    std::size_t streams_max = 20'000;        ///< then the stalest one is forgotten
    std::size_t logins_max = 20'000;         ///< likewise
    std::size_t fingerprints_max = 200'000;  ///< then the oldest one is forgotten
};

/// The real counters, in memory. A minute is 60 whole seconds, an hour 60 whole minutes, the
/// present one included. Sums stay at their largest value instead of passing it. Order    time that
/// goes backwards by more than a few seconds counts as a clock that was set:
///          the windows go on from where they were (fault E15).
/// Threads  any; one lock, held for about a microsecond.
class MemoryCounters final : public Counters {
public:
    explicit MemoryCounters(CountersLimits limits = {})
        : limits_(limits),
          rates_(limits.streams_max),
          logins_(limits.logins_max),
          strikes_(limits.streams_max) {}

    [[nodiscard]] Tally count(const Stream& stream, std::uint32_t recipients,
                              const Digest& fingerprint, Instant now) override;
    [[nodiscard]] Habits note_login(std::string_view login, std::string_view network, bool again,
                                    Instant now) override;
    [[nodiscard]] std::uint32_t strike(const ServiceRef& service, Instant now) override;

    /// What is known of the logins, as bytes that read_logins() of the same program takes. The lock
    /// is held for some hundred of them at a time.
    [[nodiscard]] std::string logins() const;
    /// Before anything is counted. Returns how many logins there are now.
    /// Errors   corrupt: these are not such bytes, or of another program; nothing is known then.
    [[nodiscard]] Result<std::size_t> read_logins(std::string_view bytes);

    /// Streams that were forgotten for want of room: above zero, streams_max is too small.
    [[nodiscard]] std::uint64_t evicted() const;

private:
    struct Rates {
        Window<60> messages_by_second;
        Window<60> messages_by_minute;
        Window<60> recipients_by_minute;
    };
    using Seen = std::pair<Stream, Digest>;
    [[nodiscard]] std::int64_t ticks(Instant now) BAILIFF_REQUIRES(mutex_);
    [[nodiscard]] bool is_new(const Seen& message, std::int64_t now) BAILIFF_REQUIRES(mutex_);
    void forget_oldest() BAILIFF_REQUIRES(mutex_);

    // Constant after construction.
    const CountersLimits limits_;
    // Guarded by mutex_.
    mutable Mutex mutex_;
    FreshMap<Stream, Rates> rates_ BAILIFF_GUARDED_BY(mutex_);
    FreshMap<std::string, LoginHistory> logins_ BAILIFF_GUARDED_BY(mutex_);
    FreshMap<ServiceRef, Window<24>> strikes_ BAILIFF_GUARDED_BY(mutex_);
    std::set<Seen> seen_ BAILIFF_GUARDED_BY(mutex_);
    std::deque<std::pair<std::int64_t, std::set<Seen>::iterator>> oldest_first_
        BAILIFF_GUARDED_BY(mutex_);
    std::optional<std::int64_t> latest_ms_ BAILIFF_GUARDED_BY(mutex_);
    std::int64_t offset_ms_ BAILIFF_GUARDED_BY(mutex_) = 0;
};

}  // namespace bailiff
