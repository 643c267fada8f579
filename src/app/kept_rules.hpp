#pragma once
// Every set of rules that was ever in force, so that what it decided can be decided again.

#include <bailiff/result.hpp>
#include <bailiff/settings.hpp>
#include <rules/rule_set.hpp>
#include <string>
#include <vector>

namespace bailiff {

/// The folder of the set with this digest: "STATE_DIR/counters/rules/DIGEST".
[[nodiscard]] std::string kept_rules_path(const Settings& settings, const std::string& digest);

/// Copies a set that is not kept yet; it is there whole, or not at all.
/// Errors   unavailable: naming the file.
[[nodiscard]] Result<void> keep_rules(const Settings& settings, const std::string& digest,
                                      const std::vector<RuleFile>& files);

/// The files of the set with this digest.
/// Errors   not_found: it was never kept here; unavailable: naming the file.
[[nodiscard]] Result<std::vector<RuleFile>> kept_rules(const Settings& settings,
                                                       const std::string& digest);

}  // namespace bailiff
