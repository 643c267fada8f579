#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/settings.hpp>
#include <bailiff/verdict.hpp>

namespace bailiff {

enum class Timeliness : std::uint8_t { in_time, late };

/// Weighs findings into a verdict, by the table in README.md of this folder.
/// Order    findings come back heaviest first, states at the end; reasons say why this level and
///          why not the next harsher one.
/// Threads  any; touches only its arguments.
[[nodiscard]] Verdict decide(const Policy& policy, const Attribution& attribution,
                             Findings findings, Timeliness timeliness);

}  // namespace bailiff
