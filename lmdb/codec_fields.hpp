#pragma once
// The fields of each record, once for both directions. This order is format: README.md has the
// grammar; a change of it takes a new record_version.

#include <bailiff/case.hpp>
#include <bailiff/holder.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/ledger.hpp>
#include <concepts>

#include "lmdb/codec.hpp"

namespace bailiff::lmdb {

/// `T`, or `const T` when writing.
template <class T, class Record>
concept Of = std::same_as<std::remove_const_t<T>, Record>;

template <class Walk, Of<ServiceRef> T>
void describe(Walk& walk, T& ref) {
    walk(ref.id);
    walk(ref.created);
}

template <class Walk, Of<Sentence> T>
void describe(Walk& walk, T& sentence) {
    walk(sentence.en);
    walk(sentence.fr);
}

template <class Walk, Of<Proof> T>
void describe(Walk& walk, T& proof) {
    walk.choice(proof.kind, IdentityKind::login, IdentityKind::domain);
    walk(proof.value);
    walk(proof.source);
    walk.choice(proof.strength, Strength::unknown, Strength::proven);
    walk.list(proof.services);
}

template <class Walk, Of<Finding> T>
void describe(Walk& walk, T& finding) {
    walk(finding.families);
    walk(finding.symbol);
    walk(finding.score);
    walk(finding.reason);
}

template <class Walk, Of<Verdict> T>
void describe(Walk& walk, T& verdict) {
    walk.choice(verdict.level, Level::pass, Level::confirmed);
    walk(verdict.score);
    for (auto& points : verdict.by_family) walk(points);
    walk.list(verdict.findings);
    walk.list(verdict.reasons);
    walk(verdict.late);
}

template <class Walk, Of<Envelope> T>
void describe(Walk& walk, T& envelope) {
    walk(envelope.transaction);
    walk(envelope.queue_id);
    walk.choice(envelope.door, Door::unknown, Door::local);
    walk(envelope.daemon_name);
    walk(envelope.client_address);
    walk(envelope.client_port);
    walk(envelope.client_name);
    walk(envelope.helo);
    walk(envelope.login);
    walk(envelope.auth_type);
    walk(envelope.auth_author);
    walk.maybe(envelope.uid);
    walk(envelope.mail_from);
    walk.list(envelope.rcpt_to);
    walk(envelope.rcpt_count);
    walk(envelope.received);
}

template <class Walk, Of<HeldMail> T>
void describe(Walk& walk, T& mail) {
    walk(mail.queue_id);
    walk(mail.at);
    walk(mail.judged);
}

template <class Walk, Of<CaseEvent> T>
void describe(Walk& walk, T& event) {
    walk(event.at);
    walk(event.by);
    walk(event.what);
    walk(event.reason);
}

template <class Walk, Of<Case> T>
void describe(Walk& walk, T& record) {
    walk(record.id);
    walk(record.opened);
    walk(record.path);
    walk.choice(record.mode, Mode::observe, Mode::enforce);
    walk.choice(record.state, CaseState::open, CaseState::reinstated);
    describe(walk, record.service);
    walk(record.account);
    walk.choice(record.strength, Strength::unknown, Strength::proven);
    walk.list(record.proofs);
    describe(walk, record.attribution_reason);
    describe(walk, record.verdict);
    describe(walk, record.envelope);
    walk(record.fingerprint);
    walk(record.message_digest);
    walk(record.message_size);
    walk(record.rule_set);
    walk(record.messages);
    walk.list(record.held);
    walk(record.held_uncounted);
    walk.list(record.events);
    walk(record.probation_until);
}

template <class Walk, Of<Action> T>
void describe(Walk& walk, T& action) {
    walk(action.id);
    walk(action.case_id);
    walk.choice(action.kind, action_kinds.front(), action_kinds.back());
    walk.choice(action.direction, Direction::act, Direction::undo);
    describe(walk, action.service);
    walk(action.account);
    walk(action.target);
    walk(action.sequence);
    walk(action.generation);
    walk.choice(action.state, ActionState::due, ActionState::observed);
    walk(action.attempts);
    walk(action.due);
    walk(action.changed);
    walk(action.state_before);
    walk(action.detail);
}

template <class Walk, Of<StandingRow> T>
void describe(Walk& walk, T& row) {
    walk.choice(row.standing, Standing::active, Standing::purged);
    walk(row.case_id);
    walk(row.since);
    walk(row.probation_until);
}

template <class Walk, Of<Identity> T>
void describe(Walk& walk, T& identity) {
    walk.choice(identity.kind, IdentityKind::login, IdentityKind::domain);
    walk(identity.value);
    walk.maybe(identity.from);
    walk.maybe(identity.until);
}

template <class Walk, Of<Service> T>
void describe(Walk& walk, T& service) {
    walk(service.id);
    walk(service.account);
    walk(service.holder);
    walk(service.plan);
    walk(service.created);
    walk(service.test);
    walk(service.is_protected);
    walk.list(service.identities);
}

template <class Walk, Of<Holder> T>
void describe(Walk& walk, T& holder) {
    walk(holder.id);
    walk(holder.name);
    walk(holder.email);
    walk(holder.phone);
    walk(holder.address);
    walk(holder.country);
    walk(holder.language);
}

}  // namespace bailiff::lmdb
