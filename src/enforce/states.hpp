#pragma once
// Which states an action may pass through, and what is wanted outside. README.md beside this file
// is the same as prose.

#include <algorithm>
#include <array>
#include <bailiff/case.hpp>
#include <cstdint>
#include <string_view>

namespace bailiff {

inline constexpr std::array action_states{
    ActionState::due,     ActionState::running,   ActionState::verified,
    ActionState::done,    ActionState::dead,      ActionState::unknown,
    ActionState::waiting, ActionState::cancelled, ActionState::observed};
struct Transition {
    ActionState from, to;
    std::string_view when;
};

/// All that exist. A state that is no `from` here is final.
inline constexpr std::array transitions{
    Transition{ActionState::due, ActionState::running, "intent is written, then the hook starts"},
    Transition{ActionState::due, ActionState::due, "nothing was started; later again"},
    Transition{ActionState::due, ActionState::verified, "the world is already as wanted"},
    Transition{ActionState::due, ActionState::waiting, "a guard, or a stopped action before it"},
    Transition{ActionState::due, ActionState::dead, "the case does not bear it; attempts spent"},
    Transition{ActionState::due, ActionState::cancelled, "a person, or the case, has ended it"},
    Transition{ActionState::due, ActionState::observed, "mode observe"},
    Transition{ActionState::running, ActionState::verified,
               "the state read back is the wanted one"},
    Transition{ActionState::running, ActionState::done, "exit 0, and no state can be read"},
    Transition{ActionState::running, ActionState::due, "it did not happen; later again"},
    Transition{ActionState::running, ActionState::running, "the state cannot be read now"},
    Transition{ActionState::running, ActionState::dead, "exit 65; attempts spent"},
    Transition{ActionState::running, ActionState::unknown, "nobody can tell whether it happened"},
    Transition{ActionState::running, ActionState::waiting, "crash; not happened; a guard"},
    Transition{ActionState::running, ActionState::cancelled, "crash; not happened; case ended"},
    Transition{ActionState::running, ActionState::observed, "crash; not happened; mode observe"},
    Transition{ActionState::waiting, ActionState::due,
               "a person upholds the case, drops or edits what it waits for"},
    Transition{ActionState::waiting, ActionState::cancelled,
               "a person ends the case, drops or edits it"},
    Transition{ActionState::dead, ActionState::due, "a person has it tried again"},
    Transition{ActionState::dead, ActionState::cancelled,
               "a person ends the case, drops or edits it"},
    Transition{ActionState::unknown, ActionState::cancelled,
               "a person ends the case; undo planned"},
};

[[nodiscard]] constexpr bool may_become(ActionState from, ActionState to) {
    return std::ranges::any_of(transitions, [&](const Transition& transition) {
        return transition.from == from && transition.to == to;
    });
}

/// Nothing will happen to it any more.
[[nodiscard]] constexpr bool is_final(ActionState state) {
    return std::ranges::none_of(transitions, [&](const Transition& t) { return t.from == state; });
}

/// It stands still until a person has looked.
[[nodiscard]] constexpr bool needs_person(ActionState state) {
    return state == ActionState::dead || state == ActionState::unknown ||
           state == ActionState::waiting;
}

/// The enforcer will take it again by itself.
[[nodiscard]] constexpr bool is_pending(ActionState state) {
    return state == ActionState::due || state == ActionState::running;
}

/// Whether the world may have been changed by an action that stands in `state`.
[[nodiscard]] constexpr bool may_have_happened(ActionState state) {
    return state == ActionState::running || state == ActionState::verified ||
           state == ActionState::done || state == ActionState::unknown;
}

/// What the enforcer does with an action that it finds in `state` when it starts.
enum class OnRestart : std::uint8_t {
    nothing,    ///< recorded, or waits for a person
    run,        ///< no hook was started for it since this state was written
    ask_state,  ///< a hook may have been started: look before anything else
};
[[nodiscard]] constexpr OnRestart on_restart(ActionState state) {
    if (state == ActionState::due) return OnRestart::run;
    return state == ActionState::running ? OnRestart::ask_state : OnRestart::nothing;
}

/// Of an undo: nothing is left that it could take back; what still stops the target is another's.
inline constexpr std::string_view kept_state = "kept";

/// What is done to whom.
struct Deed {
    ActionKind kind = ActionKind::notify_team;
    Direction direction = Direction::act;
};

/// Whether an earlier action of the same case, in `earlier`, keeps `later` from running. One that
/// waits for a person stops only what would touch the customer further, never the notice, the mail
/// queue or the way back.
[[nodiscard]] constexpr bool blocks(ActionState earlier, const Deed& later) {
    if (is_pending(earlier)) return true;
    return needs_person(earlier) && touches_customer(later.kind) &&
           later.direction == Direction::act;
}

/// The same of a whole action. The mail queue goes first, and once tried keeps nothing waiting.
[[nodiscard]] inline bool blocks(const Action& earlier, const Deed& later) {
    const bool tried = earlier.attempts > 0 || needs_person(earlier.state);
    if (is_of_queue(earlier.kind) && !is_of_queue(later.kind) && tried) return false;
    return blocks(earlier.state, later);
}

/// The state outside that `deed` is to bring about, in the words of the hook contract.
/// Shape    `state_before` is what was read before the act; empty: it could not be read.
///          Empty result: there is no such deed.
[[nodiscard]] constexpr std::string_view wanted_state(const Deed& deed,
                                                      std::string_view state_before) {
    if (deed.direction == Direction::undo) {
        if (!can_be_undone(deed.kind)) return "";
        return state_before.empty() ? "active" : state_before;
    }
    return row_of(deed.kind).wanted;
}

/// Whether `state`, read outside, is as good as the wanted one. An act is content with what weighs
/// more (a terminated account needs no suspension); an undo with "active" (never does it bring back
/// a suspension that somebody has lifted meanwhile).
[[nodiscard]] constexpr bool is_reached(const Deed& deed, std::string_view state_before,
                                        std::string_view state) {
    const auto wanted = wanted_state(deed, state_before);
    if (wanted.empty()) return false;
    if (state == wanted) return true;
    if (deed.direction == Direction::undo) return state == "active";
    if (state == "purged") return wanted == "terminated" || wanted == "suspended";
    return wanted == "suspended" && state == "terminated";
}

}  // namespace bailiff
