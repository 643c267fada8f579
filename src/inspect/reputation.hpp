#pragma once

#include <bailiff/finding.hpp>
#include <bailiff/message.hpp>
#include <bailiff/submission.hpp>
#include <set>
#include <string>

namespace bailiff {

/// Addresses that nobody ever gave to anybody; lower case.
using Traps = std::set<std::string, std::less<>>;

/// A hit is strong, never enough alone, and weighs nothing where anybody could have written the
/// recipient: a script's mail, an auto-reply, a confirmation (design §4.4).
/// Threads  any; touches only its arguments.
[[nodiscard]] Findings judge_recipients(const Traps& traps, MilliPoints score,
                                        const Envelope& envelope, const Message& message);

}  // namespace bailiff
