#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/policy.hpp>

#include "src/decide/decide.hpp"

namespace bailiff {

/// The lines that a message is held against: those of [decide], each row that applies laid over
/// them in order, then lowered for a service on probation.
/// Threads  any; touches only its arguments.
[[nodiscard]] LineSet lines_for(const Policy& policy, const Attribution& attribution,
                                const Footing& footing);

}  // namespace bailiff
