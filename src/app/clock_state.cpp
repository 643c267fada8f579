#include "src/app/clock_state.hpp"

#include <sys/timex.h>
#include <unistd.h>

#include <cstdlib>

namespace bailiff {

ClockState clock_state() {
#ifdef BAILIFF_REMOVABLE_GUARDS
    if (std::getenv("BAILIFF_CLOCK_SYNCED") != nullptr) return {.synced = true, .error_us = 0};
#endif
    timex about{};
    const int state = adjtimex(&about);
    if (state >= 0) return {.synced = state != TIME_ERROR, .error_us = about.esterror};
    return {.synced = access("/run/systemd/timesync/synchronized", F_OK) == 0, .error_us = 0};
}

}  // namespace bailiff
