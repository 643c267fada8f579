#pragma once
// The tables of the ledger and their keys; README.md has the grammar.

#include <bailiff/case.hpp>
#include <string_view>

#include "lmdb/key.hpp"
#include "lmdb/txn.hpp"

namespace bailiff::lmdb {

struct LedgerTables {
    Table cases, messages, fingerprints, open_cases, cases_by_time, cases_by_service;
    Table actions, actions_by_case, outbox, waiting;
    Table service_standings, account_standings, effects, holds, leaves;
    Table breakers, rule_ages;
    Table exhibits, exhibit_bytes, seals, unsealed, unstamped;

    [[nodiscard]] static Result<LedgerTables> open(Txn& txn, Txn::Missing missing);
};

inline Key fingerprint_prefix(const Digest& fingerprint) {
    return Key().digest(fingerprint);
}
inline Key fingerprint_key(const Case& record) {
    return fingerprint_prefix(record.fingerprint).instant(record.opened).id(record.id);
}
inline Key open_prefix(const ServiceRef& service, std::string_view path) {
    return Key().service(service).text(path);
}
inline Key open_key(const Case& record) {
    return open_prefix(record.service, record.path).instant(record.opened).id(record.id);
}
inline Key time_key(const Case& record) {
    return Key().instant(record.opened).id(record.id);
}
inline Key service_time_key(const Case& record) {
    return Key().id(record.service.id).instant(record.opened).id(record.id);
}
inline Key case_action_key(const Action& action) {
    return Key().id(action.case_id).u32(action.sequence).id(action.id);
}
inline Key outbox_key(const Action& action) {
    return Key().instant(action.due).id(action.id);
}

inline Key bag_key(const CaseId& id, std::uint32_t bag) {
    return Key().id(id).u32(bag);
}
inline Key exhibit_key(const CaseId& id, std::uint32_t bag, std::string_view path) {
    return bag_key(id, bag).bytes(path);
}

/// There is one breaker.
inline constexpr std::string_view breaker_key = "breaker";

/// No fingerprint was made: such cases join nothing by it.
inline bool has_fingerprint(const Case& record) {
    return record.fingerprint != Digest{};
}
inline bool is_in_outbox(ActionState state) {
    return state == ActionState::due || state == ActionState::running;
}
inline bool needs_person(ActionState state) {
    return state == ActionState::waiting || state == ActionState::unknown ||
           state == ActionState::dead;
}

}  // namespace bailiff::lmdb
