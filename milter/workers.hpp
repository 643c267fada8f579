#pragma once
// The threads that serve connections, one each.

#include <bailiff/descriptor.hpp>
#include <bailiff/mutex.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <set>

#include "milter/packet.hpp"

namespace bailiff {

/// A thread serves its connection to the end, then waits a while for another. No connection waits
/// for a thread as long as there may be one more: a verdict may take a second, and those behind it
/// are other people's.
/// Threads  any; the destructor waits for all.
class Workers {
public:
    /// Serves the connection until it ends; `reader` is the thread's own, to be used again.
    using Serve = std::function<void(int socket, PacketReader& reader)>;

    Workers(std::size_t threads_max, Serve serve)
        : threads_max_(threads_max), serve_(std::move(serve)) {}
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// False, and the connection closed: all threads are busy, or there can be no further one.
    [[nodiscard]] bool take(Descriptor connection);

    /// From now on each connection ends as soon as what it has sent is answered.
    void hang_up();
    /// Connections that are served or wait to be.
    [[nodiscard]] std::size_t busy();

private:
    void work(Descriptor connection);
    void serve(int socket, PacketReader& reader);
    /// The next connection, or none after a while.
    [[nodiscard]] Descriptor next();

    // Constant after construction.
    const std::size_t threads_max_;
    const Serve serve_;

    Mutex mutex_;
    Condition changed_;
    // Guarded by mutex_.
    std::deque<Descriptor> waiting_ BAILIFF_GUARDED_BY(mutex_);  ///< at most one an idle thread
    std::set<int> served_ BAILIFF_GUARDED_BY(mutex_);
    std::size_t threads_ BAILIFF_GUARDED_BY(mutex_) = 0;
    std::size_t idle_ BAILIFF_GUARDED_BY(mutex_) = 0;
    bool leaving_ BAILIFF_GUARDED_BY(mutex_) = false;
    bool ends_ BAILIFF_GUARDED_BY(mutex_) = false;
};

}  // namespace bailiff
