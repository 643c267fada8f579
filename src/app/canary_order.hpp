#pragma once

#include <bailiff/result.hpp>
#include <string>

namespace bailiff {

/// Orders a canary of the milter, as the milter's user: the exit status.
/// Errors   those of the rules, with file and line: nothing is ordered then; invalid_input: hours.
[[nodiscard]] Result<int> order_canary(const std::string& config, const std::string& rules,
                                       double hours, const std::string& by);

}  // namespace bailiff
