#pragma once
// rspamd's words, in ours.

#include "src/rspamd/reply.hpp"
#include "src/rspamd/weights.hpp"

#include <bailiff/finding.hpp>
#include <string>
#include <vector>

namespace bailiff {

/// One finding a symbol that weighs something with us, GTUBE under its own name, and a state
/// finding with rspamd's own opinion, which weighs nothing.  Pure.
[[nodiscard]] Findings to_findings(const RspamdReply& reply, const Weights& weights);

/// The same from the names alone, but for the reasons: what a message that is replayed would weigh.
[[nodiscard]] Findings reweigh(const std::vector<std::string>& symbols, const Weights& weights);

/// The one finding that stands for silence, whatever its cause.
[[nodiscard]] Finding unavailable(const std::string& reason);

}  // namespace bailiff
