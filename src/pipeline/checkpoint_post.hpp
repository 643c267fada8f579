#pragma once
// Carries the newest checkpoint off the machine, so that a log which is cut or written anew shows.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace bailiff {

/// One way out, and how often at most.
struct CheckpointWay {
    std::string name;  ///< "file", "mail", "webhook", "stamp"
    std::chrono::milliseconds every{0};
    std::function<Result<void>(const std::string& note)> send;
};

/// Errors   none: what could not be sent is tried again, later and later, with whatever checkpoint
///          is the newest by then; one alarm a way tells why.
/// Threads  any; one sends at a time, and nobody who takes in waits for it.
class CheckpointPost {
public:
    static constexpr std::chrono::milliseconds pause_first{5'000}, pause_ceiling{600'000};

    struct Status {
        std::string way;
        Instant sent{};     ///< when it last went; epoch: not since the start
        std::string error;  ///< why the newest has not; empty: it has, or is not due
    };

    /// `clock` and `journal` must outlive it.
    CheckpointPost(std::vector<CheckpointWay> ways, const Clock& clock, Journal& journal);

    void take(const std::string& note);
    /// Sends what is due. May wait for others.
    void run_due();
    [[nodiscard]] std::vector<Status> status() const;

private:
    struct Route {
        CheckpointWay way;
        std::string sent_note;
        Instant sent{};
        SteadyInstant not_before{};
        std::chrono::milliseconds pause{0};
        std::string error;
    };
    void send(std::size_t number, const std::string& note);
    void note_outcome(Route& route, const std::string& note, const Result<void>& sent)
        BAILIFF_REQUIRES(mutex_);

    const Clock& clock_;
    Journal& journal_;
    Mutex sending_;  ///< held while others are waited for; before mutex_
    mutable Mutex mutex_;
    std::string newest_ BAILIFF_GUARDED_BY(mutex_);
    std::vector<Route> routes_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
