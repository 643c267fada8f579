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
#include <thread>
#include <vector>

namespace bailiff::lmdb {

/// Changes that go into one commit, at most.
inline constexpr std::size_t batch_max = 64;
/// How often the thread has a look at the reader table.
inline constexpr auto idle_period = std::chrono::seconds(60);

struct Waits {
    std::chrono::milliseconds commit = limits::commit_wait_max;  ///< for a change to be done
    std::chrono::milliseconds running{1000};  ///< more, for a change that has begun
};

class Writer {
public:
    using Change = std::function<Result<void>(LedgerTxn&)>;

    struct Job {
        enum class State { queued, running, done, cancelled };
        // Constant after construction.
        Change change;
        // Guarded by the writer's mutex.
        State state = State::queued;
        Result<void> result;
        Condition finished;
    };
    using Batch = std::vector<std::shared_ptr<Job>>;

    /// What the thread does: `commit` with each batch, `idle` once in an idle_period.
    struct Duties {
        std::function<void(Writer&, const Batch&)> commit;
        std::function<void()> idle;
    };

    Writer(Waits waits, Duties duties);
    /// Finishes what is queued, then ends the thread.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Puts `change` in the queue and waits for it; at most Waits::commit, and Waits::running more
    /// if it has begun.
    /// Errors   those of the job; unavailable: never run.  internal: begun, outcome not known.
    /// Threads  any but the writer's own.
    [[nodiscard]] Result<void> run(Change change);

    /// Changes that wait to be taken.
    [[nodiscard]] std::size_t queued() const;

    // For `commit`, on the writer's thread.
    /// False: the caller has given up, and the change must not run.
    [[nodiscard]] bool begin(Job& job);
    void finish(Job& job, Result<void> result);

private:
    [[nodiscard]] Batch take();
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
    bool stopping_ BAILIFF_GUARDED_BY(mutex_) = false;
    // Started last, joined first.
    std::thread thread_;
};

}  // namespace bailiff::lmdb
