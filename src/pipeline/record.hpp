#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/submission.hpp>
#include <functional>

#include "src/pipeline/judgement.hpp"

namespace bailiff {

/// How identifiers are made, and what only others shall read; src/seal has the real ones.
struct CaseMakers {
    std::function<CaseId()> case_id;
    std::function<ActionId(const CaseId&, Direction, ActionKind, std::string_view target,
                           std::uint32_t generation)>
        action_id;
    FileSealer seal{};
};

struct Recorded {
    CaseId case_id;
    bool opened = false;       ///< a new case; false: joined an earlier one
    bool released = false;     ///< a person has already let this very content go
    bool over_budget = false;  ///< opened, but the breaker is: its actions wait for a person
    bool opened_breaker = false;
    std::optional<Instant> reset;  ///< of the breaker; what was held before counts no more
    bool held = false;             ///< the service's standing was set to `held`
    bool late = false;             ///< the writer came to it too late: review only
    bool acts = false;             ///< actions are due now
};

/// Writes what `judgement` decided in one transaction: the case (or that one more message joined
/// it), its message and exhibits, its actions, the service's standing and the log leaf. What is
/// committed after we gave up waiting is marked `reply_unknown`: its actions wait, and its service
/// does not stand held by it, until a later message of the same case is answered.
/// Errors   those of Ledger::update; nothing was promised then, and nobody is punished.
/// Threads  any. Blocks for the commit. `clock` must outlive the ledger's writer.
[[nodiscard]] Result<Recorded> record(Ledger& ledger, const CaseMakers& makers,
                                      const Submission& submission, const Judgement& judgement,
                                      const Clock& clock);

/// Notes in the case behind a standing that one more message of the service is held. False: it was
/// not noted, for a person has ended the case, and its way back is about to be gone.
[[nodiscard]] Result<bool> record_held(Ledger& ledger, const CaseId& id, const Envelope& envelope,
                                       Instant now);

}  // namespace bailiff
