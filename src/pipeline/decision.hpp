#pragma once
// What follows from the decision of a named person, before anything is written.

#include <bailiff/policy.hpp>
#include <bailiff/ports/desk.hpp>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace bailiff {

/// How an action id is made; src/seal has the real one.
using ActionIdMaker = std::function<ActionId(const CaseId&, Direction, ActionKind,
                                             std::string_view target, std::uint32_t generation)>;

struct DecisionQuestion {
    Case record;
    std::vector<Action> actions;  ///< all of the case
    Decision decision = Decision::reject;
    DecidedBy by;
    Instant now{};
    bool can_release = false;  ///< there is a hook for queue.release
    bool can_delete = false;   ///< and for queue.delete
    std::chrono::hours claim_window{24 * 7};  ///< purged is only after it has closed
    std::chrono::hours probation{};           ///< of a service that is reinstated
    std::vector<PathSettings> paths{};        ///< that `confirm` may name
    bool on_probation = false;                ///< the service is, now
};

struct DecisionAnswer {
    Case record;                  ///< with its new state and history
    std::vector<Action> changed;  ///< existing ones that change, then new ones
    bool lift_now = false;        ///< nothing has to be undone: the service is free at once
    bool hold_now = false;        ///< the service is held until the actions are done
    CaseEvent event;              ///< of the decision itself
};

/// The table in src/enforce/README.md, "Decisions".
/// Errors   invalid_input: this case does not allow it, in a sentence for the person who asked.
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<DecisionAnswer> decide_case(DecisionQuestion question,
                                                 const ActionIdMaker& action_id);

/// Errors   invalid_input: name or reason is missing, too long or more than one line.
[[nodiscard]] Result<void> check_decided_by(const DecidedBy& by);

}  // namespace bailiff
