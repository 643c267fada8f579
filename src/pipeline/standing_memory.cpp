#include "src/pipeline/standing_memory.hpp"

namespace bailiff {

void StandingMemory::keep(const Service& service, const StandingRow& row) {
    const Lock lock(mutex_);
    const auto known = kept_.find(service.ref());
    if (known != kept_.end()) {
        oldest_first_.erase(known->second.place);
        kept_.erase(known);
    }
    if (row.standing == Standing::active) return;
    if (kept_.size() >= limits::standings_kept_max) {
        kept_.erase(oldest_first_.front());
        oldest_first_.pop_front();
    }
    kept_.emplace(service.ref(),
                  Kept{row, oldest_first_.insert(oldest_first_.end(), service.ref())});
}

StandingRow StandingMemory::of(const Service& service) const {
    const Lock lock(mutex_);
    const auto known = kept_.find(service.ref());
    return known == kept_.end() ? StandingRow{} : known->second.row;
}

}  // namespace bailiff
