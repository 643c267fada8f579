#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/case.hpp>
#include <bailiff/habits.hpp>
#include <bailiff/ports/gate.hpp>
#include <bailiff/settings.hpp>
#include <bailiff/verdict.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bailiff {

/// Nobody's lines but the built-in ones.
inline const Policy plain_policy{};

/// All that the plan depends on, beside verdict and attribution.
struct Circumstances {
    Mode mode = Mode::observe;
    Door door = Door::unknown;
    bool directory_fresh = true;     ///< false: its data may name the wrong customer
    bool on_probation = false;       ///< the service was reinstated lately
    Instant at{};                    ///< when the message came
    std::optional<Habits> habits{};  ///< of the login, if there was one
    std::uint32_t strikes = 0;  ///< suspect messages of the service within a day, this included
    std::span<const PathSettings> paths;
    const Policy& policy = plain_policy;
};

/// What follows from a verdict.
struct Plan {
    Reply::Kind reply = Reply::Kind::proceed;
    std::string path;                 ///< empty: no case is opened
    Mode mode = Mode::observe;        ///< of the case; observe: nothing happens outside
    bool hold_service = false;        ///< the service's standing becomes `held` with the case, if
                                      ///< the milter's budget allows; else actions wait
    std::vector<ActionKind> actions;  ///< in order
    ActionState actions_state = ActionState::observed;
    Sentences reasons;  ///< why this path, why neither a harsher nor a milder one
};

inline constexpr std::string_view path_zero_tolerance = "zero_tolerance";
inline constexpr std::string_view path_compromised = "compromised";
inline constexpr std::string_view path_prohibited_content = "prohibited_content";
inline constexpr std::string_view path_review = "review";

/// Verdict → path → actions, by the table in README.md of this folder.
/// Threads  any; touches only its arguments.
[[nodiscard]] Plan plan(const Verdict& verdict, const Attribution& attribution,
                        const Circumstances& circumstances);

/// Whether a step of a path with this condition is taken.
[[nodiscard]] bool is_met(When when, const Attribution& attribution, bool on_probation);

/// The reply that stops a message at this door: local mail is never bounced.
[[nodiscard]] Reply::Kind stop_at(Door door);

}  // namespace bailiff
