#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/sentence.hpp>

namespace bailiff {

/// What spares somebody, of all that the policy has for this sender.
struct Lenience {
    bool whole = false;  ///< one family alone does not stop its mail, and two do not convict it
    Sentence reason;     ///< of `whole`: whose word that is, and until when
    Sentences expired;   ///< what would have spared it, and no longer does
};

/// Takes the weight of what is only observed, and of what this sender is allowed; both become
/// states that tell what they would weigh. Only a proven sender is spared anything.
/// Threads  any; touches only its arguments.
[[nodiscard]] Lenience be_lenient(const Policy& policy, const Attribution& attribution, Instant at,
                                  Findings& findings);

}  // namespace bailiff
