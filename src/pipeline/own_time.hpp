#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/mutex.hpp>
#include <optional>

namespace bailiff {

/// The time that a role lives by: the machine's clock, but for its jumps (fault E15). A step of up
/// to limits::clock_step_max is followed at once. A larger one is not: time goes on as the steady
/// clock says, until the machine's has kept its new course for limits::clock_settles_after.
/// Threads  any; one lock, held for nanoseconds.
class OwnTime final : public Clock {
public:
    /// `machine` must outlive it.
    explicit OwnTime(const Clock& machine);

    [[nodiscard]] Instant now() const override;
    [[nodiscard]] SteadyInstant steady() const override { return machine_.steady(); }
    [[nodiscard]] Instant told() const override { return machine_.now(); }

    /// By how much the machine's clock is ahead of ours; none: we follow it.
    [[nodiscard]] std::optional<std::chrono::milliseconds> jump() const;

private:
    struct Course {
        Instant at{};  ///< our time at `steady`
        SteadyInstant steady{};
    };
    struct Jump {
        std::chrono::milliseconds by{};
        SteadyInstant since{};
    };
    const Clock& machine_;
    mutable Mutex mutex_;
    mutable Course course_ BAILIFF_GUARDED_BY(mutex_);
    mutable std::optional<Jump> jump_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
