#pragma once

#include <bailiff/result.hpp>
#include <string>
#include <vector>

namespace bailiff {

struct RulesDiff {
    std::string old_rules, new_rules;  ///< folders
    std::vector<std::string> files;    ///< messages, or folders of such, searched to the bottom
    std::string config;                ///< whose lines hold; empty: the defaults
};

/// Prints, message by message, which rules newly hit, which no longer, and how the verdict
/// on the rules alone changes; then a summary. The value is the exit status.
/// Errors   of the rules, with file and line; a message that cannot be read.
[[nodiscard]] Result<int> rules_diff(const RulesDiff& options);

}  // namespace bailiff
