#pragma once
// The ways on which checkpoints leave this machine.

#include <bailiff/settings.hpp>
#include <string>
#include <vector>

#include "src/pipeline/checkpoint_post.hpp"
#include "src/pipeline/log_keeper.hpp"

namespace bailiff {

/// Those that are configured. Each works in a child of ours: who opens the ledger speaks to nobody.
/// `files` must outlive them.
[[nodiscard]] std::vector<CheckpointWay> checkpoint_ways(const Settings& settings,
                                                         const std::string& config,
                                                         LogFiles& files);

/// What such a child does: `way` is "file", "mail" or "webhook".
/// Errors   unavailable: naming file, program or address.
[[nodiscard]] Result<void> send_checkpoint(const Settings& settings, const std::string& way,
                                           const std::string& note);

}  // namespace bailiff
