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
#include "milter/descriptors.hpp"
#include "milter/entrance.hpp"
#include "milter/listening.hpp"
#include "milter/reception.hpp"
#include "milter/workers.hpp"

namespace bailiff {

/// One a process: it takes the signals.
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
    /// under way have up to 2 s to end, judgements up to `drain`, or until told to stop once more.
    /// Order    after an error leave the process with _exit(): a judgement is still under way.
    /// Errors   exhausted: judgements outlasted `drain`.
    /// Threads  the main one only; it owns HUP, TERM and INT from here on.
    [[nodiscard]] Result<void> run();

    /// Threads  any.
    void stop();
    [[nodiscard]] Counts counts() const;

private:
    struct Parts {
        std::unique_ptr<Listening> listening;
        std::unique_ptr<Bell> bell;
        std::unique_ptr<Reception> reception;
        DescriptorBudget budget;
    };
    Server(Options options, Journal& journal, Parts parts);
    [[nodiscard]] Entrance::Options way_in();
    void serve_until_stopped();
    /// Gives messages under way the time that connections can wait; false: told to stop once more.
    [[nodiscard]] bool finish_messages();
    /// Whether all that was under way has been answered.
    [[nodiscard]] bool drain(bool patient);
    void reload();

    Options options_;
    Journal& journal_;
    Parts parts_;
    Workers workers_;
    std::unique_ptr<Entrance> entrance_;  // last: it gives to the workers
};

}  // namespace bailiff
