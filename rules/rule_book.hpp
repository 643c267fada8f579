#pragma once
// All rule files read together.

#include <rules/rule.hpp>
#include <rules/rule_set.hpp>
#include <vector>

namespace bailiff::rules {

struct RuleBook {
    std::vector<Rule> rules;  ///< in order of name; those with score 0 too
    std::vector<RuleTest> tests;
    std::vector<Complaint> complaints;  ///< in order of place; if there is one, use no rule
};

/// Shape    a later file replaces rules of an earlier one; within one file that is an error.
/// Threads  any.
[[nodiscard]] RuleBook read_rules(const std::vector<RuleFile>& files);

/// "-1.25" as milli-points.
/// Errors   invalid_input: no plain decimal number within score_max; so no NaN, no infinity.
[[nodiscard]] Result<MilliPoints> parse_score(std::string_view text);

}  // namespace bailiff::rules
