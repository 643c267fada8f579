#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/case.hpp>
#include <bailiff/ports/gate.hpp>
#include <bailiff/settings.hpp>
#include <bailiff/verdict.hpp>
#include <span>
#include <string>
#include <vector>

namespace bailiff {

/// All that the plan depends on, beside verdict and attribution.
struct Circumstances {
    Mode mode = Mode::observe;
    Door door = Door::unknown;
    bool directory_fresh = true;       ///< false: its data may name the wrong customer
    std::span<const PathSettings> paths;
};

/// What follows from a verdict.
struct Plan {
    Reply::Kind reply = Reply::Kind::proceed;
    std::string path;                  ///< empty: no case is opened
    Mode mode = Mode::observe;         ///< of the case; observe: nothing happens outside
    bool hold_service = false;         ///< the service's standing becomes `held` with the case, if
                                       ///< the milter's budget allows; else actions wait
    std::vector<ActionKind> actions;   ///< in order
    ActionState actions_state = ActionState::observed;
    std::vector<std::string> reasons;  ///< sentences: why this path, why nothing harsher
};

inline constexpr std::string_view path_zero_tolerance = "zero_tolerance";
inline constexpr std::string_view path_compromised = "compromised";
inline constexpr std::string_view path_review = "review";

/// Verdict → path → actions, by the table in README.md of this folder.
/// Threads  any; touches only its arguments.
[[nodiscard]] Plan plan(const Verdict& verdict, const Attribution& attribution,
                        const Circumstances& circumstances);

/// The reply that stops a message at this door: local mail is never bounced.
[[nodiscard]] Reply::Kind stop_at(Door door);

}  // namespace bailiff
