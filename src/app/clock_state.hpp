#pragma once

#include "src/evidence/case_files.hpp"

namespace bailiff {

/// How well the machine's clock is known: as the kernel says, or, where a service may not ask it,
/// as timesyncd has left it behind. Development builds: BAILIFF_CLOCK_SYNCED in the environment
/// says so, for a test on a machine without a time source.
[[nodiscard]] ClockState clock_state();

}  // namespace bailiff
