#pragma once
// One thread that carries out changes, several in one commit, for callers who wait.

#include <bailiff/limits.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/result.hpp>
#include <bailiff/ports/ledger.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace bailiff::lmdb {

/// Changes that go into one commit, at most.
inline constexpr std::size_t batch_max = 64;
/// How often the thread looks after itself when there is nothing to write, too.
inline constexpr auto tick_period = std::chrono::seconds(1);

struct Waits {
    std::chrono::milliseconds commit = limits::commit_wait_max;  ///< for a change to be done
    std::chrono::milliseconds running{1000};  ///< more, for a change that has begun
};

class Writer {
public:
    using Change = LedgerChange;

    struct Job {
        enum class State { queued, running, done, cancelled };
        // Constant after construction.
        Change change;
        Change unheard;       ///< to run if the caller never learns the outcome; may be empty
        bool orphan = false;  ///< such a one: nobody waits for it, and it is tried again
        // Guarded by the writer's mutex.
        State state = State::queued;
        bool given_up = false;  ///< by its caller, while it was running
        Result<void> result;
        Condition finished;
    };
    using Batch = std::vector<std::shared_ptr<Job>>;

    /// What the thread does: `commit` with each batch, `tick` once in a tick_period.
    struct Duties {
        std::function<void(Writer&, const Batch&)> commit;
        std::function<void()> tick;
    };

    Writer(Waits waits, Duties duties);
    /// Finishes what is queued, then ends the thread.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Puts `change` in the queue and waits for it; at most Waits::commit, and Waits::running more
    /// if it has begun.
    /// Errors   those of the job; unavailable: never run.  internal: begun, outcome not known;
    ///          `unheard` follows then, once and again each tick until it succeeds.
    /// Threads  any but the writer's own.
    [[nodiscard]] Result<void> run(Change change, Change unheard = {});

    /// Changes that wait to be taken.
    [[nodiscard]] std::size_t queued() const;

    // For `commit`, on the writer's thread.
    /// False: the caller has given up, and the change must not run.
    [[nodiscard]] bool begin(Job& job);
    void finish(Job& job, Result<void> result);
    /// The same for a job that may or may not be on the disk.
    void finish_unknown(Job& job, const Error& error);
    /// Since when the thread has been busy with one batch; none: it waits for work.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> busy_since() const;

private:
    [[nodiscard]] Batch take(std::chrono::steady_clock::time_point until);
    void end(Job& job, Result<void> result) BAILIFF_REQUIRES(mutex_);
    [[nodiscard]] bool is_stopping() const;
    void tick();
    void requeue_orphans();
    void loop();
    [[nodiscard]] Result<void> enqueue(const std::shared_ptr<Job>& job);
    [[nodiscard]] bool wait_done(Job& job, std::chrono::milliseconds patience)
        BAILIFF_REQUIRES(mutex_);

    // Constant after construction.
    const Waits waits_;
    const Duties duties_;
    // Guarded by mutex_.
    mutable Mutex mutex_;
    Condition wake_;
    std::deque<std::shared_ptr<Job>> queue_ BAILIFF_GUARDED_BY(mutex_);
    Batch again_ BAILIFF_GUARDED_BY(mutex_);  ///< orphans that failed: queued with the next tick
    std::optional<std::chrono::steady_clock::time_point> busy_since_ BAILIFF_GUARDED_BY(mutex_);
    bool stopping_ BAILIFF_GUARDED_BY(mutex_) = false;
    // Started last, joined first.
    std::thread thread_;
};

}  // namespace bailiff::lmdb
