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
        std::string socket{};                  ///< "unix:/path" or "fd:3"
        std::int64_t sessions_max = 0;         ///< fewer if there are too few descriptors
        std::int64_t in_flight_bytes_max = 0;  ///< 0: no bound
        std::string submission_tag{};
        std::string local_tag{};
        std::string uid_header{};
        std::chrono::milliseconds drain{};
        std::function<void()>
            reload{};  ///< on HUP, in the thread of run(); empty: HUP does nothing
        std::function<void()> listening{};  ///< once Postfix is served
    };
    struct Counts : Reception::Counts {
        std::uint64_t turned_away = 0;  ///< connections closed for want of descriptors
        std::uint64_t descriptors_max = 0;
    };

    /// Call first in main(): every thread started later then leaves HUP, TERM and INT to run().
    static void block_signals() noexcept;

    /// Postfix may connect as soon as this returns; it is served when run() is called.
    /// Order    after everything that keeps descriptors is open: the budget is made here.
    /// Errors   invalid_input: an option.  unavailable: the socket is another's, or cannot be made.
    ///          exhausted: too few descriptors for one session.
    [[nodiscard]] static Result<std::unique_ptr<Server>> open(Options options, Gate& gate,
                                                              Journal& journal, Entropy& entropy,
                                                              Clock& clock);
    ~Server();

    /// Serves until TERM, INT or stop(). From then on connections wait in the backlog; messages
    /// under way have up to 2 s to end, callbacks up to `drain`, or until told to stop once more.
    /// Order    leave the process with _exit() afterwards: threads of libmilter that wait for their
    ///          connection are still there, and so must everything be that they can reach.
    /// Errors   unavailable: libmilter ended by itself.  exhausted: callbacks outlasted `drain`.
    /// Threads  the main one only; it owns HUP, TERM and INT from here on.
    [[nodiscard]] Result<void> run();

    /// Threads  any.
    void stop();
    [[nodiscard]] Counts counts() const;

private:
    struct Parts {
        Reception& reception;
        std::unique_ptr<Listening> listening;
        std::unique_ptr<Bell> bell;
        std::uint64_t descriptors_max;
    };
    Server(Options options, Journal& journal, Parts parts);
    [[nodiscard]] Result<void> come_to_an_end(Bell::Rung last);
    /// Gives messages under way the time that connections can wait; false: told to stop once more.
    [[nodiscard]] bool finish_messages();
    /// Whether libmilter answers a connection of our own; the socket is then known to work, too.
    [[nodiscard]] bool answers_itself();
    /// What ended it: a stop, or libmilter by itself.
    [[nodiscard]] Bell::Rung serve();
    /// Whether no callback is under way any more.
    [[nodiscard]] bool drain(Bell::Rung last, bool patient);
    void reload();

    Options options_;
    Journal& journal_;
    Reception& reception_;  // never deleted: threads of libmilter may outlive this object
    std::unique_ptr<Listening> listening_;
    std::unique_ptr<Bell> bell_;
    const std::uint64_t descriptors_max_;
};

}  // namespace bailiff
