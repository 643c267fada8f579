#pragma once
// The parent of the milter outside systemd: it keeps the socket, and a worker that serves it.

#include <sys/types.h>

#include <bailiff/clock.hpp>
#include <bailiff/descriptor.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// Holds the listening socket, so that connections wait in its backlog while no worker serves it.
///   worker ends unasked   another one, at once, then after pauses that double up to 10 s
///   HUP                   handed on: the worker reloads
///   USR2                  the program on disk is asked whether it likes the configuration; if so
///                         the worker is told to end and the new program takes its place
///   TERM, INT             handed on; the keeper ends with the worker, and with its status
/// A worker that ends by itself before the first one ever served ends the keeper, too.
/// One a process.  Threads  the main one.
class Keeper {
public:
    struct Options {
        std::string config;
        int socket = -1;                  ///< listening
        std::chrono::milliseconds drain;  ///< what a worker takes to end, at most
    };

    /// Call before any thread starts: all signals that the keeper waits for are blocked.
    static void block_signals() noexcept;

    Keeper(Options options, Journal& journal);
    /// Returns the exit status of the role.
    [[nodiscard]] int run();

private:
    using Instant = SteadyInstant;

    void wait_and_act();
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    void act_on_time();
    void on_signal(int number);
    void stop(int number);
    void upgrade();
    void reap();
    void worker_ended(int status);
    void check_ended(int status);
    void start_worker();
    void tell_to_end();
    [[nodiscard]] bool worker_served();

    const Options options_;
    Journal& journal_;
    const std::string program_;  ///< as installed: after an upgrade its new contents

    pid_t worker_ = 0;                 ///< 0: none
    pid_t check_ = 0;                  ///< `config check` of an upgrade under way
    std::optional<Descriptor> ready_;  ///< the worker writes a byte to its other end when it serves
    bool served_ = false;
    bool ever_served_ = false;
    bool stopping_ = false;
    bool replacing_ = false;
    std::optional<int> result_;
    int pauses_ = 0;  ///< since a worker served for long
    Instant started_{};
    std::optional<Instant> start_at_;  ///< of the next worker
    std::optional<Instant> kill_at_;   ///< of one that does not end
};

/// For the worker: dies with its keeper `parent`; false if that has gone already.
[[nodiscard]] bool die_with(pid_t parent) noexcept;

/// Where the keeper puts the listening socket and the end of the pipe.
inline constexpr int worker_socket = 3;
inline constexpr int worker_ready = 4;

}  // namespace bailiff
