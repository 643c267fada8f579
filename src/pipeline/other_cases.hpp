#pragma once
// What the other cases of a service or account still want of it, as the ledger has it.

#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/ledger.hpp>
#include <optional>
#include <string>
#include <vector>

#include "src/enforce/claims.hpp"

namespace bailiff {

/// How `actions` of the open or rejected `record` have `target` stand. What may have happened
/// counts, but not what is still under way.
[[nodiscard]] CaseClaim claim_of(const std::vector<Action>& actions, const CaseId& id,
                                 ActionTarget target, const std::string& id_of_target);

/// What is left on `service` when case `but` lets go: the harshest of its other cases' claims,
/// `held` included.
[[nodiscard]] Result<std::optional<CaseClaim>> others_claim(const LedgerView& view,
                                                            const ServiceRef& service,
                                                            const CaseId& but);

/// The same without those whose acts all wait for a person: what a guard stops keeps nobody's mail.
[[nodiscard]] Result<std::optional<CaseClaim>> others_claim_at_work(const LedgerView& view,
                                                                    const ServiceRef& service,
                                                                    const CaseId& but);

/// What is to be kept when one case takes back an act.
struct Others {
    std::vector<Action> actions{};  ///< on the same target: acts of cases that no person has ended,
                                    ///< and undos that are not over
    std::optional<Action> keeper{};    ///< one of them that wants as much or more
    Standing want = Standing::active;  ///< the harshest that they want of the same target
    std::string way_back{};            ///< the state that the undo leads to
    std::vector<OtherClaim> claims{};  ///< on any service of the account, and on the account
};

/// What other cases, which no person has ended, want of what is about to be undone.
[[nodiscard]] Result<Others> look_at_others(const LedgerView& view, const Directory& directory,
                                            const Action& undo);

/// Nobody can tell yet what one of these acts has made of its target.
[[nodiscard]] bool is_under_way(const Others& others);

/// `taken_out` is no more in effect, or goes below the others: those of `others` which found what
/// it had made lead to `began`, where it began.
[[nodiscard]] Result<void> relink(LedgerTxn& txn, const Action& taken_out,
                                  const std::vector<Action>& others, const std::string& began);

}  // namespace bailiff
