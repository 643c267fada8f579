#include "lmdb/writer.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <bailiff/ensure.hpp>
#include <utility>

namespace bailiff::lmdb {
namespace {

/// Signals are for the main thread: whoever is started under this guard gets none.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

std::shared_ptr<Writer::Job> orphan_of(Writer::Change change) {
    const auto orphan = std::make_shared<Writer::Job>();
    orphan->change = std::move(change);
    orphan->orphan = true;
    return orphan;
}

}  // namespace

Writer::Writer(Waits waits, Duties duties) : waits_(waits), duties_(std::move(duties)) {
    const SignalsBlocked guard;
    thread_ = std::thread([this] { loop(); });
    pthread_setname_np(thread_.native_handle(), "ledger-writer");
}

Writer::~Writer() {
    {
        const Lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

Result<void> Writer::enqueue(const std::shared_ptr<Job>& job) {
    const Lock lock(mutex_);
    if (stopping_) return fail(Fault::unavailable, "the ledger is closing");
    if (queue_.size() >= limits::writer_queue_max)
        return fail(Fault::unavailable, "the writer's queue is full");
    queue_.push_back(job);
    return {};
}

bool Writer::wait_done(Job& job, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (job.state != Job::State::done)
        if (job.finished.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
    return job.state == Job::State::done;
}

Result<void> Writer::run(Change change, Change unheard) {
    BAILIFF_ENSURE(std::this_thread::get_id() != thread_.get_id());
    const auto job = std::make_shared<Job>();
    job->change = std::move(change);
    job->unheard = std::move(unheard);
    BAILIFF_CHECK(enqueue(job));
    wake_.notify_one();
    const Lock lock(mutex_);
    if (wait_done(*job, waits_.commit)) return std::move(job->result);
    if (job->state == Job::State::queued) {
        job->state = Job::State::cancelled;
        std::erase(queue_, job);
        return fail(Fault::unavailable, "the writer did not come to it in time");
    }
    if (wait_done(*job, waits_.running)) return std::move(job->result);
    job->given_up = true;
    return fail(Fault::internal, "the writer has begun and not ended: the outcome is not known");
}

std::size_t Writer::queued() const {
    const Lock lock(mutex_);
    return queue_.size();
}

std::optional<std::chrono::steady_clock::time_point> Writer::busy_since() const {
    const Lock lock(mutex_);
    return busy_since_;
}

bool Writer::begin(Job& job) {
    const Lock lock(mutex_);
    if (job.state != Job::State::queued) return false;
    job.state = Job::State::running;
    return true;
}

void Writer::end(Job& job, Result<void> result) {
    if (job.orphan && !result && again_.size() < limits::writer_queue_max)
        again_.push_back(orphan_of(std::move(job.change)));
    job.result = std::move(result);
    job.state = Job::State::done;
    job.finished.notify_one();
}

void Writer::finish(Job& job, Result<void> result) {
    const Lock lock(mutex_);
    // At once: before the enforcer looks, as a rule.
    if (job.given_up && job.unheard && result) queue_.push_front(orphan_of(std::move(job.unheard)));
    end(job, std::move(result));
}

void Writer::finish_unknown(Job& job, const Error& error) {
    const Lock lock(mutex_);
    if (job.unheard) again_.push_back(orphan_of(std::move(job.unheard)));
    end(job, Failure(error));
}

Writer::Batch Writer::take(std::chrono::steady_clock::time_point until) {
    const Lock lock(mutex_);
    busy_since_.reset();
    while (queue_.empty() && !stopping_)
        if (wake_.wait_until(mutex_, until) == std::cv_status::timeout) break;
    Batch batch;
    const auto count = std::min(queue_.size(), batch_max);
    batch.assign(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    if (!batch.empty()) busy_since_ = std::chrono::steady_clock::now();
    return batch;
}

void Writer::tick() {
    {
        const Lock lock(mutex_);
        busy_since_ = std::chrono::steady_clock::now();
    }
    duties_.tick();
    requeue_orphans();
}

void Writer::requeue_orphans() {
    const Lock lock(mutex_);
    queue_.insert(queue_.begin(), again_.begin(), again_.end());
    again_.clear();
}

bool Writer::is_stopping() const {
    const Lock lock(mutex_);
    return stopping_ && queue_.empty();
}

void Writer::loop() {
    auto next_tick = std::chrono::steady_clock::now() + tick_period;
    bool last_round = false;  // orphans that failed have one more try at the end
    while (true) {
        const auto batch = take(next_tick);
        if (!batch.empty()) duties_.commit(*this, batch);
        if (std::chrono::steady_clock::now() >= next_tick) {
            tick();
            next_tick = std::chrono::steady_clock::now() + tick_period;
        }
        if (!batch.empty()) continue;
        if (!is_stopping()) continue;
        if (std::exchange(last_round, true)) return;
        requeue_orphans();
    }
}

}  // namespace bailiff::lmdb
