#pragma once
// A mutex that clang's -Wthread-safety can see (libstdc++ does not annotate its own).

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define BAILIFF_ANNOTATION(x) __attribute__((x))
#else
#define BAILIFF_ANNOTATION(x)
#endif
#define BAILIFF_GUARDED_BY(x) BAILIFF_ANNOTATION(guarded_by(x))
#define BAILIFF_REQUIRES(x) BAILIFF_ANNOTATION(requires_capability(x))

namespace bailiff {

class BAILIFF_ANNOTATION(capability("mutex")) Mutex {
public:
    void lock() BAILIFF_ANNOTATION(acquire_capability()) { mutex_.lock(); }
    void unlock() BAILIFF_ANNOTATION(release_capability()) { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

class BAILIFF_ANNOTATION(scoped_lockable) Lock {
public:
    explicit Lock(Mutex& mutex) BAILIFF_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
        mutex_.lock();
    }
    ~Lock() BAILIFF_ANNOTATION(release_capability()) { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    Mutex& mutex_;
};

/// Waits on a Mutex held through a Lock: `condition.wait_for(mutex, duration, predicate)`.
using Condition = std::condition_variable_any;

}  // namespace bailiff
