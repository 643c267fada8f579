#pragma once
// Places at which a test kills the program: faults A10, E01, F02, "crash at every line".

#include <string_view>

namespace bailiff {

/// Development builds: SIGKILL to ourselves if the environment's BAILIFF_CRASH_AT is `name`, or, as
/// NAME:3, when it is passed the third time; or if the file that BAILIFF_CRASH_FILE names holds
/// `name`. That file is removed first: who is started after us lives. Nothing in a release.
#ifdef BAILIFF_REMOVABLE_GUARDS
void crash_point(std::string_view name);
#else
constexpr void crash_point(std::string_view) {}
#endif

}  // namespace bailiff
