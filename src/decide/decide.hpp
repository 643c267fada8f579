#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/submission.hpp>
#include <bailiff/verdict.hpp>

namespace bailiff {

enum class Timeliness : std::uint8_t { in_time, late };

/// What a verdict depends on beside findings and sender.
struct Footing {
    Door door = Door::unknown;
    Instant at{};  ///< when the message came: what spares somebody may have expired
    Timeliness timeliness = Timeliness::in_time;
    bool on_probation = false;  ///< the service was reinstated lately
};

/// Weighs findings into a verdict, by the table in README.md of this folder.
/// Order    findings come back heaviest first, states at the end; reasons say why this level, and
///          why neither a harsher nor a milder one.
/// Threads  any; touches only its arguments.
[[nodiscard]] Verdict decide(const Policy& policy, const Attribution& attribution,
                             Findings findings, const Footing& footing);

}  // namespace bailiff
