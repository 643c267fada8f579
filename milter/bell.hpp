#pragma once
// HUP, TERM and INT as events that the main thread waits for.

#include <bailiff/descriptor.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <memory>

namespace bailiff {

/// The signals are blocked in every thread and read from a descriptor: no handler ever runs.
class Bell {
public:
    struct Rung {
        bool reload = false;
        bool stop = false;
    };

    /// Errors   unavailable: no descriptor for it.
    [[nodiscard]] static Result<std::unique_ptr<Bell>> hang();

    /// Blocks the three signals in the calling thread and in those that it will start.
    static void block_signals() noexcept;

    /// Threads  any.
    void ring_stop() noexcept;
    /// Everything rung since the last call, after waiting at most `longest`; negative: for ever.
    [[nodiscard]] Rung wait(std::chrono::milliseconds longest) noexcept;

private:
    Bell(Descriptor signals, Descriptor stop)
        : signals_(std::move(signals)), stop_(std::move(stop)) {}
    Descriptor signals_;
    Descriptor stop_;
};

}  // namespace bailiff
