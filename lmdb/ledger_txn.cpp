#include "lmdb/ledger_txn.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>

namespace bailiff::lmdb {
namespace {

template <class IdType>
Result<void> require(const IdType& id, const char* what) {
    if (id.empty()) return fail(Fault::invalid_input, std::string(what) + " is empty");
    return {};
}

/// What was stored before, for taking it out of the indexes; a corrupt one cannot be taken out:
/// listings pass over what it leaves behind.
template <class Record>
Result<std::optional<Record>> before(Result<std::optional<Record>> found) {
    if (!found && found.error().fault == Fault::corrupt) return std::optional<Record>{};
    return found;
}

}  // namespace

template <class Record>
Result<void> LmdbTxn::store(Table table, std::string_view key, const Record& record) {
    BAILIFF_TRY(const auto bytes, encode(record));
    return txn_.put(table, {key, bytes});
}

Result<void> LmdbTxn::put_case(const Case& changed) {
    BAILIFF_CHECK(require(changed.id, "the id of a case"));
    BAILIFF_TRY(const auto old, before(find_case(changed.id)));
    if (old) BAILIFF_CHECK(unlist(*old));
    BAILIFF_CHECK(store(context_.tables.cases, changed.id.text(), changed));
    BAILIFF_CHECK(note_change(changed.id));
    return list(changed);
}

Result<void> LmdbTxn::unlist(const Case& before) {
    const auto& tables = context_.tables;
    BAILIFF_CHECK(txn_.erase(tables.fingerprints, fingerprint_key(before)));
    BAILIFF_CHECK(txn_.erase(tables.open_cases, open_key(before)));
    BAILIFF_CHECK(txn_.erase(tables.cases_by_time, time_key(before)));
    return txn_.erase(tables.cases_by_service, service_time_key(before));
}

Result<void> LmdbTxn::list(const Case& record) {
    const auto& tables = context_.tables;
    const CaseEntry entry{record.id, record.state};
    if (has_fingerprint(record))
        BAILIFF_CHECK(store(tables.fingerprints, fingerprint_key(record), entry));
    if (record.state == CaseState::open)
        BAILIFF_CHECK(store(tables.open_cases, open_key(record), entry));
    BAILIFF_CHECK(store(tables.cases_by_time, time_key(record), entry));
    return store(tables.cases_by_service, service_time_key(record), entry);
}

Result<void> LmdbTxn::require_room(std::string_view stored) const {
    const auto bytes = stored.size();
    if (stored == erased_bytes) return {};  // it gives room
    const auto& environment = context_.environment;
    const auto allowed = environment.map_bytes() / 100 * message_share_percent;
    if (environment.bytes_reached() + bytes <= allowed) return {};
    BAILIFF_TRY(const auto stats, environment.stats());
    if (stats.map_bytes_used + bytes <= allowed) return {};
    return fail(Fault::exhausted, "the ledger is filled to " +
                                      std::to_string(message_share_percent) +
                                      " %: no more messages are taken");
}

Result<void> LmdbTxn::put_message(const CaseId& id, std::string_view raw) {
    BAILIFF_CHECK(require(id, "the case of a message"));
    if (raw.size() > limits::message_bytes_max)
        return fail(Fault::exhausted, "the message is too long to be stored");
    BAILIFF_CHECK(require_room(raw));
    return store_bytes(context_.tables.messages, id.text(), raw);
}

/// As a record of type `message`, without a copy in between.
Result<void> LmdbTxn::store_bytes(Table table, std::string_view key, std::string_view bytes) {
    const auto head = message_head(bytes);
    BAILIFF_TRY(const auto room, txn_.reserve(table, key, head.size() + bytes.size()));
    std::ranges::copy(bytes, std::ranges::copy(head, room.begin()).out);
    return {};
}

Result<void> LmdbTxn::put_exhibit(const CaseId& id, std::uint32_t bag, const Exhibit& exhibit,
                                  std::string_view bytes) {
    BAILIFF_CHECK(require(id, "the case of an exhibit"));
    if (bytes.size() > limits::message_bytes_max)
        return fail(Fault::exhausted, exhibit.path + " is too long to be stored");
    BAILIFF_CHECK(require_room(bytes));
    const auto key = exhibit_key(id, bag, exhibit.path);
    BAILIFF_CHECK(store(context_.tables.exhibits, key, exhibit));
    return store_bytes(context_.tables.exhibit_bytes, key, bytes);
}

Result<void> LmdbTxn::put_seal(const CaseId& id, const Seal& seal) {
    BAILIFF_CHECK(require(id, "the case of a seal"));
    const auto key = bag_key(id, seal.number);
    BAILIFF_CHECK(store(context_.tables.seals, key, seal));
    if (!seal.stamp.empty()) return txn_.erase(context_.tables.unstamped, key);
    return store(context_.tables.unstamped, key, Mark{});
}

Result<void> LmdbTxn::set_sealed(const CaseId& id, std::uint64_t changes) {
    BAILIFF_TRY(const auto seen, changes_since_seal(id));
    return seen == changes ? txn_.erase(context_.tables.unsealed, id.text()) : Result<void>();
}

Result<void> LmdbTxn::note_change(const CaseId& id) {
    BAILIFF_TRY(const auto seen, changes_since_seal(id));
    return store(context_.tables.unsealed, id.text(), ChangeCount{seen + 1});
}

Result<void> LmdbTxn::put_action(const Action& action) {
    BAILIFF_CHECK(require(action.id, "the id of an action"));
    BAILIFF_CHECK(require(action.case_id, "the case of an action"));
    BAILIFF_TRY(const auto old, before(find_action(action.id)));
    if (old) BAILIFF_CHECK(unlist(*old));
    BAILIFF_CHECK(store(context_.tables.actions, action.id.text(), action));
    BAILIFF_CHECK(note_change(action.case_id));
    return list(action);
}

Result<void> LmdbTxn::unlist(const Action& before) {
    const auto& tables = context_.tables;
    BAILIFF_CHECK(txn_.erase(tables.actions_by_case, case_action_key(before)));
    BAILIFF_CHECK(txn_.erase(tables.outbox, outbox_key(before)));
    return txn_.erase(tables.waiting, Key().id(before.id));
}

Result<void> LmdbTxn::list(const Action& action) {
    const auto& tables = context_.tables;
    BAILIFF_CHECK(store(tables.actions_by_case, case_action_key(action), Mark{}));
    if (is_in_outbox(action.state)) BAILIFF_CHECK(store(tables.outbox, outbox_key(action), Mark{}));
    if (needs_person(action.state))
        BAILIFF_CHECK(store(tables.waiting, Key().id(action.id), Mark{}));
    return {};
}

Result<void> LmdbTxn::put_standing(const ServiceRef& service, const StandingRow& row) {
    BAILIFF_CHECK(require(service.id, "the service of a standing"));
    return store(context_.tables.service_standings, Key().service(service), row);
}

Result<void> LmdbTxn::put_standing(const AccountId& account, const StandingRow& row) {
    BAILIFF_CHECK(require(account, "the account of a standing"));
    return store(context_.tables.account_standings, Key().id(account), row);
}

Result<void> LmdbTxn::count_effect(const EffectRow& effect) {
    BAILIFF_CHECK(require(effect.action, "the action of an effect"));
    return store(context_.tables.effects, Key().instant(effect.at).id(effect.action), effect);
}

Result<void> LmdbTxn::put_breaker(const ActionBreaker& breaker) {
    return store(context_.tables.breakers, breaker_key, breaker);
}

Result<void> LmdbTxn::put_rule_age(std::string_view rule, const RuleAge& age) {
    return store(context_.tables.rule_ages, Key().text(rule), age);
}

Result<void> LmdbTxn::count_hold(const CaseId& id, Instant at) {
    BAILIFF_CHECK(require(id, "the case of a hold"));
    return store(context_.tables.holds, Key().instant(at).id(id), Mark{});
}

Result<std::uint64_t> LmdbTxn::append_leaf(const Leaf& leaf) {
    BAILIFF_TRY(const auto number, txn_.count(context_.tables.leaves));
    BAILIFF_TRY(const auto bytes, encode(leaf));
    BAILIFF_CHECK(txn_.append(context_.tables.leaves, {Key().u64(number), bytes}));
    return number;
}

}  // namespace bailiff::lmdb
