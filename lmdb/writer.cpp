#include "lmdb/writer.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <bailiff/ensure.hpp>

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

Result<void> Writer::run(Change change) {
    BAILIFF_ENSURE(std::this_thread::get_id() != thread_.get_id());
    const auto job = std::make_shared<Job>();
    job->change = std::move(change);
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
    return fail(Fault::internal, "the writer has begun and not ended: the outcome is not known");
}

std::size_t Writer::queued() const {
    const Lock lock(mutex_);
    return queue_.size();
}

bool Writer::begin(Job& job) {
    const Lock lock(mutex_);
    if (job.state != Job::State::queued) return false;
    job.state = Job::State::running;
    return true;
}

void Writer::finish(Job& job, Result<void> result) {
    const Lock lock(mutex_);
    job.result = std::move(result);
    job.state = Job::State::done;
    job.finished.notify_one();
}

Writer::Batch Writer::take() {
    const Lock lock(mutex_);
    const auto deadline = std::chrono::steady_clock::now() + idle_period;
    while (queue_.empty() && !stopping_)
        if (wake_.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
    Batch batch;
    const auto count = std::min(queue_.size(), batch_max);
    batch.assign(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
    return batch;
}

void Writer::loop() {
    auto next_idle = std::chrono::steady_clock::now() + idle_period;
    while (true) {
        const auto batch = take();
        if (!batch.empty()) duties_.commit(*this, batch);
        if (std::chrono::steady_clock::now() >= next_idle) {
            duties_.idle();
            next_idle = std::chrono::steady_clock::now() + idle_period;
        }
        if (!batch.empty()) continue;
        const Lock lock(mutex_);
        if (stopping_ && queue_.empty()) return;
    }
}

}  // namespace bailiff::lmdb
