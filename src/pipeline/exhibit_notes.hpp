#pragma once
// What is kept of a judgement so that a stranger can reach its verdict again.

#include <bailiff/message.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/submission.hpp>
#include <vector>

#include "src/pipeline/judgement.hpp"

namespace bailiff {

/// Connection, rates, recipients, parts and links, and what the verdict took beside findings. Of a
/// policy only what is about this sender: other customers stand in it, too.
[[nodiscard]] std::vector<ExhibitFile> exhibits_of(const Judgement& judged, const Policy& policy,
                                                   const Submission& submission,
                                                   const Message& message);

}  // namespace bailiff
