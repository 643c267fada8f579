#pragma once
// Whether a case bears the decision that a person has asked for.

#include "src/pipeline/decision.hpp"

namespace bailiff {

/// The state of a case after a decision; open for those that leave it as it is.
[[nodiscard]] CaseState state_after(Decision decision);

/// The act of this kind that was not cancelled; null: there is none.
[[nodiscard]] const Action* act_of(const std::vector<Action>& actions, ActionKind kind);

/// What waits in a case that a person has upheld waits for nothing else.
[[nodiscard]] bool may_be_retried(const Case& record, const Action& action);

/// What does not go on by itself.
[[nodiscard]] bool may_be_dropped(const Action& action, std::string_view kind);

/// The same of an act, which a milder one may stand in for.
[[nodiscard]] bool may_be_edited(const Action& action, ActionKind kind);

/// The path that `confirm` names; null: there is no such path.
[[nodiscard]] const PathSettings* path_of(const DecisionQuestion& question);

/// Errors   invalid_input: it does not, in a sentence for the person who asked.
[[nodiscard]] Result<void> check_decision(const DecisionQuestion& question);

}  // namespace bailiff
