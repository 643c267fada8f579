#pragma once

#include <bailiff/mutex.hpp>
#include <bailiff/ports/inspector.hpp>
#include <bailiff/settings.hpp>
#include <memory>
#include <string>
#include <utility>

#include "src/inspect/reputation.hpp"

namespace bailiff {

/// Everything a reload may change, as one immutable value: a message keeps the one it began with.
struct Snapshot {
    Settings settings;
    std::shared_ptr<const Inspector> rules;
    std::string rule_set;  ///< digest of the rules
    Traps traps;
    std::shared_ptr<const FeatureBook> book = nullptr;  ///< none: no features are kept
};

/// The snapshot in force.  Threads  any; a mutex around the copy of a pointer (style.md fact 9).
class Snapshots {
public:
    explicit Snapshots(std::shared_ptr<const Snapshot> first) : current_(std::move(first)) {}

    [[nodiscard]] std::shared_ptr<const Snapshot> current() const {
        const Lock lock(mutex_);
        return current_;
    }
    void replace(std::shared_ptr<const Snapshot> next) {
        const Lock lock(mutex_);
        current_.swap(next);
    }

private:
    mutable Mutex mutex_;
    std::shared_ptr<const Snapshot> current_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
