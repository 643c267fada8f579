#pragma once
// The enforcer's own look at an entry of the outbox, which it reads as untrusted input (design §3).

#include <bailiff/clock.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/settings.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/enforce/budget.hpp"
#include "src/pipeline/other_cases.hpp"

namespace bailiff::outbox {

/// What the ledger says of one action at one moment.
struct Facts {
    Action action;
    std::optional<Case> record;
    std::vector<Action> siblings;  ///< all actions of its case, itself included
    ActionBreaker breaker;
    Spending spent;
    bool counted = false;  ///< this very action is among what was spent
    bool sealed = false;   ///< the evidence of its case
    Others others{};       ///< undo: what other cases still want
};

/// Why an action does not run, and where it goes instead.
struct Stop {
    ActionState state = ActionState::dead;
    std::string_view name;  ///< of the event in the journal
    std::string detail;
    std::optional<Instant> due;      ///< state `due` only: not before
    bool alarm = true;               ///< a person must look
    std::optional<Overrun> opens{};  ///< the budget that it breaks: the breaker opens with it
};

/// What the enforcer was told by its own configuration.
struct OwnRules {
    Mode mode = Mode::observe;
    Budgets budgets;
    std::chrono::milliseconds postpone{};  ///< by how much what cannot run now is put off
    std::chrono::hours claim_window{};     ///< after a termination; nothing is purged before
    std::vector<PathSettings> paths;       ///< empty: only what no path may do is refused
};

/// As what an act on a customer counts: under the own rules that weigh in its case.
[[nodiscard]] EffectRow effect_of(const Action& action, const std::optional<Case>& record,
                                  Instant at);

/// Whether an earlier action of the case stands in the way.
[[nodiscard]] std::optional<Stop> check_order(const Facts& facts, Instant now);

/// Whether the case bears this action: exists, names the same service and account, is proven, on a
/// path that has this kind; the target is what the kind acts on; it is the first of its kind.
[[nodiscard]] std::optional<Stop> check_case(const Facts& facts, const OwnRules& rules);

/// Whether it may run on what was just seen: data are destroyed of a terminated service only, not
/// of one that somebody has brought back in the panel.
[[nodiscard]] std::optional<Stop> check_seen(const Facts& facts,
                                             const std::optional<std::string>& seen);

/// Whether it may run now: both modes, the state of the case, directory, protection, budget.
[[nodiscard]] std::optional<Stop> check_moment(const Facts& facts, const OwnRules& rules,
                                               const Directory& directory, const Clock& clock);

}  // namespace bailiff::outbox
