#pragma once
// The way in: accepts connections, as many as descriptors allow.

#include <bailiff/descriptor.hpp>
#include <bailiff/result.hpp>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace bailiff {

/// Accepts in a thread of its own, from start() to shut(), which one thread calls. A connection
/// whose descriptor is not below the bound is closed at once: the lowest free number is always the
/// one given, so those from there on stay for the rest of the program. Out of descriptors it waits
/// instead of turning in a circle.
class Entrance {
public:
    struct Options {
        int listening = -1;                      ///< stays the caller's; made non-blocking
        int connections_below = 0;               ///< the bound
        std::function<bool(Descriptor)> take{};  ///< false: there is no place for it
    };

    /// Errors   unavailable: no descriptor to be stopped by.
    [[nodiscard]] static Result<std::unique_ptr<Entrance>> open(Options options);
    ~Entrance() { shut(); }
    Entrance(const Entrance&) = delete;
    Entrance& operator=(const Entrance&) = delete;

    /// Lets in, from now on.
    void start();
    /// From now on connections wait in the backlog, for ever.
    void shut();
    /// Connections closed at once, for want of descriptors or threads.  Threads  any.
    [[nodiscard]] std::uint64_t turned_away() const noexcept { return turned_away_; }

private:
    Entrance(Options options, Descriptor shut)
        : options_(std::move(options)), shut_(std::move(shut)) {}
    void run();
    void let_in();

    const Options options_;
    const Descriptor shut_;  ///< readable once it is
    std::atomic<std::uint64_t> turned_away_{0};
    std::thread thread_;
};

}  // namespace bailiff
