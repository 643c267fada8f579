#pragma once
// What is written beside every change of a case: its history, and the leaves of the log.

#include <bailiff/ports/ledger.hpp>
#include <string>
#include <string_view>

#include "src/enforce/claims.hpp"

namespace bailiff {

/// Adds `event` to the history. Beyond limits::events_per_case_max events are counted in the last
/// line; some room is kept for the decisions of persons.
void add_event(Case& record, CaseEvent event);
void add_decision_event(Case& record, CaseEvent event);

/// Names a message that stands in Postfix' hold queue, once; beyond held_mails_per_case_max it is
/// only counted.
void note_held(Case& record, const HeldMail& mail);

/// Kind "action", of the action as text, one `name=value` a line, in the order in which
/// struct Action names its members.
[[nodiscard]] Leaf leaf_of(const Action& action);

/// Kind "decision", of case id, decision, name, reason and time, likewise.
[[nodiscard]] Leaf decision_leaf(const CaseId& id, std::string_view decision,
                                 const CaseEvent& event);

/// Kind "breaker", of its state, cause, sentence, name, reason and time, likewise.
[[nodiscard]] Leaf breaker_leaf(const ActionBreaker& breaker);

/// How a service or account stands once `record` lets go of it: on probation, if a person has said
/// so of this case or of an earlier one.
[[nodiscard]] StandingRow set_free(const StandingRow& row, const Case& record, Instant now);

/// The same while other cases want something: as the harshest of them says, in its name.
[[nodiscard]] StandingRow left_of(const StandingRow& row, const Case& record,
                                  const std::optional<CaseClaim>& left, Instant now);

/// Takes the hand of case `id` off its service: active again, or handed to the other case that
/// wants the most of it. A standing of another case, or `purged`, stays.
[[nodiscard]] Result<void> lift_service(LedgerTxn& txn, const Case& record, Instant now);

/// The same, but only if it is no more than held, and for the cases that are at work: what a budget
/// stops, or nobody has heard of, keeps nobody's mail.
[[nodiscard]] Result<void> lift_hold(LedgerTxn& txn, const Case& record, Instant now);

}  // namespace bailiff
