#pragma once

#include <bailiff/limits.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/service.hpp>
#include <list>
#include <map>

namespace bailiff {

/// What the milter last knew of the services that are stopped, for when the ledger cannot be read.
/// Keeps limits::standings_kept_max of them; then the one heard of longest ago is forgotten.
/// Threads  any.
class StandingMemory {
public:
    /// `row`: the harsher of the service's and its account's; active ones are forgotten.
    void keep(const Service& service, const StandingRow& row);
    /// Active, if nothing else is known.
    [[nodiscard]] StandingRow of(const Service& service) const;

private:
    struct Kept {
        StandingRow row;
        std::list<ServiceRef>::iterator place;
    };
    mutable Mutex mutex_;
    std::map<ServiceRef, Kept> kept_ BAILIFF_GUARDED_BY(mutex_);
    std::list<ServiceRef> oldest_first_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
