#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/habits.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/sentence.hpp>
#include <optional>

namespace bailiff {

/// Whether a login looks stolen, and why or why not.
struct Signs {
    bool stolen = false;
    Sentences why;  ///< each sign; without one, what was looked at
};

/// A stolen login from a spammer's own account: many client networks, a network it never came
/// from, a sudden change against its own history. For a settled service half of each is enough.
/// Shape    `habits` none: no login, or nobody watched it; then nothing can be told.
///          `age` of the service.
/// Threads  any; touches only its arguments.
[[nodiscard]] Signs signs_of(const CompromiseSettings& settings,
                             const std::optional<Habits>& habits, std::chrono::days age);

}  // namespace bailiff
