#pragma once
// The milter as a server: opens its socket, runs, reloads, drains.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/gate.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "milter/bell.hpp"
#include "milter/reception.hpp"

namespace bailiff {

class Listening;

/// One a process: libmilter is one listener, once.
class Server {
public:
    /// [milter] of the settings.
    struct Options {
        std::string socket{};  ///< "unix:/path" or "fd:3"
        std::int64_t sessions_max = 0;
        std::string submission_tag{};
        std::string local_tag{};
        std::string uid_header{};
        std::chrono::milliseconds drain{};
        std::function<void()>
            reload{};  ///< on HUP, in the thread of run(); empty: HUP does nothing
    };
    using Counts = Reception::Counts;

    /// Call first in main(): every thread started later then leaves HUP, TERM and INT to run().
    static void block_signals() noexcept;

    /// Postfix may connect as soon as this returns; it is served when run() is called.
    /// Errors   invalid_input: an option.  unavailable: the socket is another's, or cannot be made.
    [[nodiscard]] static Result<std::unique_ptr<Server>> open(Options options, Gate& gate,
                                                              Journal& journal, Entropy& entropy,
                                                              Clock& clock);
    ~Server();

    /// Serves until TERM, INT or stop(); then waits until no callback is under way, at most `drain`
    /// or until told to stop once more.
    /// Order    leave the process with _exit() afterwards: threads of libmilter that wait for their
    ///          connection are still there, and so must everything be that they can reach.
    /// Errors   unavailable: libmilter ended by itself.  exhausted: callbacks outlasted `drain`.
    /// Threads  the main one only; it owns HUP, TERM and INT from here on.
    [[nodiscard]] Result<void> run();

    /// Threads  any.
    void stop();
    [[nodiscard]] Counts counts() const;

private:
    Server(Options options, Journal& journal, Reception& reception,
           std::unique_ptr<Listening> listening, std::unique_ptr<Bell> bell);
    /// Whether libmilter answers a connection of our own; the socket is then known to work, too.
    [[nodiscard]] bool answers_itself();
    /// What ended it: a stop, or libmilter by itself.
    [[nodiscard]] Bell::Rung serve();
    /// Whether no callback is under way any more.
    [[nodiscard]] bool drain(Bell::Rung last);
    void reload();

    Options options_;
    Journal& journal_;
    Reception& reception_;  // never deleted: threads of libmilter may outlive this object
    std::unique_ptr<Listening> listening_;
    std::unique_ptr<Bell> bell_;
};

}  // namespace bailiff
