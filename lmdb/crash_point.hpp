#pragma once
// Named points at which a test kills the process; nothing in a release.

#include <string_view>
#ifdef BAILIFF_REMOVABLE_GUARDS
#include <csignal>
#include <cstdlib>
#include <unistd.h>
#endif

namespace bailiff::lmdb {

#ifdef BAILIFF_REMOVABLE_GUARDS
/// Dies by SIGKILL if the environment's BAILIFF_CRASH_AT is `name`. Development builds only.
inline void crash_point(std::string_view name) {
    const char* const wanted = std::getenv("BAILIFF_CRASH_AT");
    if (wanted != nullptr && name == wanted) kill(getpid(), SIGKILL);
}
#else
inline void crash_point(std::string_view) {}
#endif

}  // namespace bailiff::lmdb
