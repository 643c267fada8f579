#pragma once
// Writes what became of an action: the action, the history of its case, the leaf of the log, the
// standing and the actions behind it, in one transaction.

#include <bailiff/ports/ledger.hpp>
#include <bailiff/ports/mail_queue.hpp>
#include "src/pipeline/recheck.hpp"

#include <string>
#include <vector>

namespace bailiff::outbox {

/// The action as it stands in the ledger, and as it shall stand.
struct Settlement {
    Action before;
    Action after;
    bool quiet = false;               ///< put off only: no line in the history, no leaf
    bool also_held = false;             ///< another case wants the same: it is not undone
    std::vector<Action> others{};       ///< see Facts: they lead to where this one's act began
    std::optional<Overrun> opens{};     ///< the breaker, if nobody has opened it before
    bool lifts_hold = false;            ///< the service stands free again: a person is waited for
};

/// Errors   invalid_input: somebody has changed the action meanwhile; nothing is written.
///          Else those of Ledger::update.
[[nodiscard]] Result<void> settle(Ledger& ledger, Settlement settlement);

/// That an effect is about to be started.
struct Intent {
    Action running;      ///< `running`, with one attempt more
    std::optional<EffectRow> count{};  ///< one more effect of the budgets
    QueueIds queue_ids;  ///< of mail that it will hold: named in the case from now on
    std::vector<Action> below{};  ///< an undo that leads to what these want: see relink()
};

/// Writes `intent`, only if action and case are still what `facts` say.
/// Errors   as settle().
[[nodiscard]] Result<void> write_intent(Ledger& ledger, const Facts& facts, const Intent& intent);

}  // namespace bailiff::outbox
