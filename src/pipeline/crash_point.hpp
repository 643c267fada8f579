#pragma once
// The named points of carrying out an action and of judging a message.

#include <array>
#include <bailiff/crash_point.hpp>
#include <string_view>

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

}  // namespace bailiff
