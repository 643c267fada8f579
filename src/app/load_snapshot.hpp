#pragma once

#include <memory>
#include <vector>

#include "rules/rule_set.hpp"
#include "src/pipeline/snapshot.hpp"
#include "src/rspamd/options.hpp"
#include "src/rspamd/weights.hpp"

namespace bailiff {

/// Everything that HUP reads anew, or the first thing that is wrong with it.
struct Loaded {
    std::shared_ptr<const Snapshot> snapshot;
    std::vector<RuleFile> rule_files;  ///< of which `rules` were made
    std::shared_ptr<const RuleSet> rules;
    std::shared_ptr<const Weights> weights;
};

/// Errors   those of the rule files, the weights and the trap list, with file and line; nothing is
///          taken then.
[[nodiscard]] Result<Loaded> load_snapshot(const Settings& settings);

/// The part of the settings that rspamd's adapter knows.
[[nodiscard]] RspamdOptions rspamd_options(const Settings& settings);

}  // namespace bailiff
