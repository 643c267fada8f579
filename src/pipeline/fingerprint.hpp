#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/message.hpp>
#include <bailiff/submission.hpp>

namespace bailiff {

/// What a retry of the same mail has in common with the first try: service, subject, sender, body,
/// recipients and the Message-ID, if the sender made it (fault A09).
[[nodiscard]] Digest fingerprint_of(const Submission& submission, const Message& message,
                                    const Attribution& attribution);

}  // namespace bailiff
