#pragma once
// The verdict of a case, reached once more from its record.

#include <bailiff/ports/inspector.hpp>
#include <string>
#include <vector>

#include "src/evidence/recorded_verdict.hpp"

namespace bailiff {

struct CaseReplay {
    Verdict verdict;                       ///< reached now
    std::vector<std::string> differences;  ///< to the recorded one; none: the same
};

/// The message is parsed and the rules are run once more; what other witnesses said then (rspamd,
/// behaviour, reputation, complaints) is taken from the record: it cannot be asked again.
/// Shape    `raw`: the message as it was sealed; `rules`: those of the recorded digest.
/// Threads  any.
[[nodiscard]] CaseReplay replay_case(const RecordedVerdict& recorded, std::string raw,
                                     const Inspector& rules);

}  // namespace bailiff
