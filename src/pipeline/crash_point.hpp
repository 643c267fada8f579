#pragma once
// Places at which a test kills the program: fault F02, "crash at every line".

#include <array>
#include <string_view>

#ifdef BAILIFF_REMOVABLE_GUARDS
#include <csignal>
#include <cstdlib>
#include <unistd.h>
#endif

namespace bailiff {

/// All of carry_out, in the order in which one action passes them.
inline constexpr std::array crash_points{
    std::string_view("taken"),              // read again from the ledger, nothing done
    std::string_view("checked"),            // may run; the outside has been looked at
    std::string_view("intent_unwritten"),   // inside the transaction of the intent
    std::string_view("intent_written"),     // durable; the hook has not been started
    std::string_view("acted"),              // the hook has ended
    std::string_view("read_back"),          // the outside has been looked at again
    std::string_view("outcome_unwritten"),  // inside the transaction of the outcome
    std::string_view("outcome_written"),
};

/// Development builds: SIGKILL to ourselves if the environment's BAILIFF_CRASH_AT is `name`.
#ifdef BAILIFF_REMOVABLE_GUARDS
inline void crash_point(std::string_view name) {
    const char* chosen = std::getenv("BAILIFF_CRASH_AT");
    if (chosen != nullptr && name == chosen) ::kill(::getpid(), SIGKILL);
}
#else
constexpr void crash_point(std::string_view) {}
#endif

}  // namespace bailiff
