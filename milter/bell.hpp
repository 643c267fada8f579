#pragma once
// HUP, TERM and INT as events that the main thread waits for.

#include <bailiff/result.hpp>
#include <chrono>
#include <memory>

namespace bailiff {

/// One a process, since signal handlers know no object.
/// Order    libmilter's own thread waits for the same signals by sigwait(3), and HUP would stop it.
///          The kernel gives a signal to the main thread as long as that does not block it; so the
///          main thread never does, not even inside the handler.
class Bell {
public:
    struct Rung {
        bool reload = false;
        bool stop = false;
        bool ended = false;  ///< libmilter has returned
    };

    [[nodiscard]] static Result<std::unique_ptr<Bell>> hang();
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    /// Blocks the three signals in the calling thread and in those that it will start.
    static void block_signals() noexcept;
    /// Handles them, in the calling thread, which must be the main one.
    void take_signals() noexcept;
    /// Puts back what was there before take_signals(), the mask excepted.
    void leave_signals() noexcept;

    void ring_stop() noexcept;
    void ring_ended() noexcept;
    /// Everything rung since the last call, after waiting at most `longest`; negative: for ever.
    [[nodiscard]] Rung wait(std::chrono::milliseconds longest) noexcept;

private:
    Bell() = default;
    int read_end_ = -1;
};

}  // namespace bailiff
