#include "src/pipeline/state_watch.hpp"

namespace bailiff {

StateWatch::StateWatch(std::string_view event, Journal& journal, const Clock& clock)
    : event_(event),
      journal_(journal),
      clock_(clock),
      state_{"ok", "", clock.told()},
      changed_(clock.steady()) {}

void StateWatch::see(std::string_view name, const std::string& why) {
    const Lock lock(mutex_);
    const auto now = clock_.steady();
    if (state_.name != name) {
        state_ = {std::string(name), why, clock_.told()};
        changed_ = now;
        if (name != "ok") tell_fault(now);
    }
    state_.why = why;
    if (alarmed_ && name == "ok" && now - changed_ >= calm) tell_end(now);
}

void StateWatch::tell_fault(SteadyInstant now) {
    if (!alarmed_) began_ = now;
    const auto before = told_.find(state_.name);
    if (before != told_.end() && now - before->second < repeat && alarmed_) return;
    alarmed_ = true;
    told_[state_.name] = now;
    journal_.event(Severity::alarm, event_, {{"state", state_.name}, {"why", state_.why}});
}

void StateWatch::tell_end(SteadyInstant now) {
    alarmed_ = false;
    told_.clear();
    const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(now - began_);
    journal_.event(Severity::warning, event_,
                   {{"state", "ok"}, {"lasted_s", std::to_string(lasted.count())}});
}

StateWatch::State StateWatch::state() const {
    const Lock lock(mutex_);
    return state_;
}

}  // namespace bailiff
