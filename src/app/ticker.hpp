#pragma once

#include <pthread.h>
#include <signal.h>

#include <bailiff/mutex.hpp>
#include <chrono>
#include <functional>
#include <thread>

namespace bailiff {

/// A named thread that calls `tick` each `period` until destroyed. Blocks all signals: they belong
/// to the main thread.
class Ticker {
public:
    Ticker(const char* name, std::chrono::milliseconds period, std::function<void()> tick)
        : period_(period), tick_(std::move(tick)), thread_([this, name] { run(name); }) {}
    ~Ticker() {
        {
            const Lock lock(mutex_);
            stopping_ = true;
        }
        stop_.notify_all();
        thread_.join();
    }
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;

private:
    void run(const char* name) {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        pthread_setname_np(pthread_self(), name);
        mutex_.lock();
        while (!stopping_) {
            mutex_.unlock();
            tick_();
            mutex_.lock();
            if (!stopping_) stop_.wait_for(mutex_, period_);
        }
        mutex_.unlock();
    }

    // Constant after construction.
    const std::chrono::milliseconds period_;
    const std::function<void()> tick_;
    // Guarded by mutex_.
    Mutex mutex_;
    bool stopping_ BAILIFF_GUARDED_BY(mutex_) = false;
    Condition stop_;
    std::thread thread_;
};

}  // namespace bailiff
