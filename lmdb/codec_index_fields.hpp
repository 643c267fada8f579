#pragma once
// The fields of the records that only this folder knows, and of the sent table; codec_fields.hpp
// has the others.

#include "lmdb/codec_fields.hpp"

namespace bailiff::lmdb {

template <class Walk, Of<CaseEntry> T>
void describe(Walk& walk, T& entry) {
    walk(entry.id);
    walk.choice(entry.state, CaseState::open, CaseState::reinstated);
}

template <class Walk, Of<Mark> T>
void describe(Walk&, T&) {}

template <class Walk, Of<Schema> T>
void describe(Walk& walk, T& schema) {
    walk(schema.kind);
    walk(schema.version);
}

template <class Walk, Of<ChangeCount> T>
void describe(Walk& walk, T& changes) {
    walk(changes.count);
}

template <class Walk, Of<SentRow> T>
void describe(Walk& walk, T& row) {
    describe(walk, row.service);
    walk(row.at);
}

template <class Walk, Of<EffectRow> T>
void describe(Walk& walk, T& effect) {
    walk(effect.at);
    walk(effect.action);
    walk.choice(effect.kind, action_kinds.front(), action_kinds.back());
    walk(effect.account);
    walk.list(effect.rules);
}

template <class Walk, Of<ActionBreaker> T>
void describe(Walk& walk, T& breaker) {
    walk(breaker.open);
    walk(breaker.since);
    walk(breaker.cause);
    walk(breaker.detail);
    walk(breaker.by);
    walk(breaker.reason);
}

template <class Walk, Of<RuleAge> T>
void describe(Walk& walk, T& age) {
    walk(age.digest);
    walk(age.since);
}

template <class Walk, Of<ImportInfo> T>
void describe(Walk& walk, T& info) {
    walk(info.imported);
    walk(info.services);
    walk(info.accounts);
    walk(info.identities);
}

}  // namespace bailiff::lmdb
