#pragma once

#include <bailiff/finding.hpp>
#include <bailiff/ports/counters.hpp>
#include <bailiff/settings.hpp>

namespace bailiff {

/// What a service's rate says: one finding for each line that `tally` has passed.
/// Threads  any; touches only its arguments.
[[nodiscard]] Findings judge_rate(const BehaviourSettings& settings, const Tally& tally);

}  // namespace bailiff
