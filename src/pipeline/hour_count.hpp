#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/mutex.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace bailiff {

/// What this process has done within the last hour of steady time: a clock that is set empties no
/// budget (fault E15).  Threads  any.
class HourCount {
public:
    static constexpr std::size_t kept_max = 100'000;  ///< above any budget in sense

    void add(SteadyInstant at) {
        const Lock lock(mutex_);
        if (done_.size() >= kept_max) done_.pop_front();
        done_.push_back(at);
    }
    void forget() {
        const Lock lock(mutex_);
        done_.clear();
    }
    [[nodiscard]] std::int64_t last_hour(SteadyInstant now) const {
        const Lock lock(mutex_);
        while (!done_.empty() && now - done_.front() > std::chrono::hours(1)) done_.pop_front();
        return static_cast<std::int64_t>(done_.size());
    }

private:
    mutable Mutex mutex_;
    mutable std::deque<SteadyInstant> done_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
