#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/mutex.hpp>
#include <chrono>
#include <cstddef>
#include <map>

namespace bailiff {

/// The connections of a server, so that a few idle or slow peers cannot lock the others out.
/// Threads  any.
class Connections {
public:
    struct Bounds {
        std::size_t count_max;
        std::chrono::milliseconds age_max;
    };
    explicit Connections(Bounds bounds) : bounds_(bounds) {}

    /// Shuts down those that are too old; whether one more may come.
    [[nodiscard]] bool admit(SteadyInstant now);
    void opened(int fd, SteadyInstant now);
    /// Before `fd` is closed: its number may be another one's afterwards.
    void closing(int fd);

private:
    const Bounds bounds_;
    Mutex mutex_;
    std::map<int, SteadyInstant> since_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
