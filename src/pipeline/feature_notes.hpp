#pragma once
// What of a judgement is kept for a replay.

#include <bailiff/ports/inspector.hpp>

#include "src/pipeline/judgement.hpp"
#include "src/pipeline/snapshot.hpp"

namespace bailiff {

/// What rspamd said, after wait().
void note_heard(FeatureRow& row, const PendingFindings& asked);

/// Everything that the stations have not noted themselves: who, under which circumstances, and what
/// was decided.
void note_judged(Judgement& judgement, const Snapshot& snapshot, const Submission& submission,
                 const Message& message, bool directory_fresh);

}  // namespace bailiff
