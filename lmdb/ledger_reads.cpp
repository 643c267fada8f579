#include "lmdb/ledger_reads.hpp"

namespace bailiff::lmdb {
namespace {

const auto& id_of(const Case& record) {
    return record.id;
}
const auto& id_of(const Action& record) {
    return record.id;
}

/// The id that ends an index key of the form PREFIX id 0.
std::string_view id_at_end(std::string_view key, std::size_t id_size) {
    if (key.size() < id_size + 1) return {};
    return key.substr(key.size() - id_size - 1, id_size);
}

constexpr std::size_t action_id_size = 64;

/// What bag_key() was made of.
std::optional<Unstamped> bag_of_key(std::string_view key) {
    if (key.size() < 6) return std::nullopt;
    auto id = CaseId::parse(key.substr(0, key.size() - 5));
    if (!id) return std::nullopt;
    Unstamped bag{*std::move(id), 0};
    for (const auto c : key.substr(key.size() - 4))
        bag.number = bag.number << 8U | static_cast<std::uint8_t>(c);
    return bag;
}

template <class Record>
bool is_passed_over(const Result<Record>& found) {
    return !found && found.error().fault == Fault::corrupt;
}

}  // namespace

template <class Port>
template <class Record>
Result<std::optional<Record>> LedgerReads<Port>::find(Table table, std::string_view key) const {
    BAILIFF_TRY(const auto bytes, txn_.get(table, key));
    if (!bytes) return std::optional<Record>{};
    BAILIFF_TRY(auto record, decode<Record>(*bytes).within("reading record " + std::string(key)));
    if (id_of(record).text() != key)
        return fail(Fault::corrupt, "record " + std::string(key) + " stands in the wrong place");
    return record;
}

template <class Port>
Result<std::optional<Case>> LedgerReads<Port>::find_case(const CaseId& id) const {
    return find<Case>(context_.tables.cases, id.text());
}

template <class Port>
Result<std::optional<Action>> LedgerReads<Port>::find_action(const ActionId& id) const {
    return find<Action>(context_.tables.actions, id.text());
}

template <class Port>
Result<std::optional<Case>> LedgerReads<Port>::listed_case(const Entry& entry,
                                                           const CaseFilter& filter) const {
    BAILIFF_TRY(const auto named, decode<CaseEntry>(entry.value));
    if (filter.state && *filter.state != named.state) return std::optional<Case>{};
    BAILIFF_TRY(auto found, find_case(named.id));
    const bool listed = found && (entry.key == time_key(*found).view() ||
                                  entry.key == service_time_key(*found).view());
    if (!listed) return fail(Fault::corrupt, "case " + named.id.text() + " is listed wrongly");
    return found;
}

template <class Port>
Result<std::vector<Case>> LedgerReads<Port>::cases(const CaseFilter& filter) const {
    const auto& tables = context_.tables;
    const Key prefix = filter.service ? Key().id(*filter.service) : Key();
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, filter.service ? tables.cases_by_service
                                                               : tables.cases_by_time));
    std::vector<Case> listed;
    BAILIFF_TRY(auto entry, filter.service ? cursor.last_with(prefix) : cursor.last());
    while (entry && listed.size() < filter.count && entry->key.starts_with(prefix.view())) {
        auto record = listed_case(*entry, filter);
        if (is_passed_over(record))
            ++context_.corrupt_seen;
        else if (!record)
            return Failure(std::move(record).error());
        else if (*record && filter.since && (*record)->opened < *filter.since)
            break;  // the others are older still
        else if (*record && fits(**record, filter))
            listed.push_back(**std::move(record));
        BAILIFF_TRY(entry, cursor.previous());
    }
    return listed;
}

template <class Port>
Result<std::optional<CaseId>> LedgerReads<Port>::newest(Table table,
                                                        std::string_view prefix) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, table));
    // Keys go on with an instant, whose first byte is never 0xFF within the years that we store.
    const std::string behind = std::string(prefix) + '\xfe';
    BAILIFF_TRY(auto entry, cursor.seek(behind));
    BAILIFF_TRY(entry, entry ? cursor.previous() : cursor.last());
    if (!entry || !entry->key.starts_with(prefix)) return std::optional<CaseId>{};
    BAILIFF_TRY(auto named, decode<CaseEntry>(entry->value));
    return std::optional(std::move(named.id));
}

template <class Port>
Result<std::optional<CaseId>> LedgerReads<Port>::case_by_fingerprint(
    const Digest& fingerprint) const {
    return newest(context_.tables.fingerprints, fingerprint_prefix(fingerprint));
}

template <class Port>
Result<std::optional<CaseId>> LedgerReads<Port>::open_case(const ServiceRef& service,
                                                           std::string_view path) const {
    return newest(context_.tables.open_cases, open_prefix(service, path));
}

template <class Port>
Result<std::string> LedgerReads<Port>::message(const CaseId& id) const {
    BAILIFF_TRY(const auto bytes, txn_.get(context_.tables.messages, id.text()));
    if (!bytes) return fail(Fault::not_found, "case " + id.text() + " has no message");
    BAILIFF_TRY(const auto raw, decode_message(*bytes).within("reading message " + id.text()));
    return std::string(raw);
}

template <class Port>
Result<StandingRow> LedgerReads<Port>::standing_at(Table table, std::string_view key) const {
    BAILIFF_TRY(const auto bytes, txn_.get(table, key));
    if (!bytes) return StandingRow{};
    auto row = decode<StandingRow>(*bytes).within("reading a standing");
    if (!row) ++context_.corrupt_seen;
    return row;
}

template <class Port>
Result<StandingRow> LedgerReads<Port>::standing(const ServiceRef& service) const {
    return standing_at(context_.tables.service_standings, Key().service(service));
}

template <class Port>
Result<StandingRow> LedgerReads<Port>::standing(const AccountId& account) const {
    return standing_at(context_.tables.account_standings, Key().id(account));
}

template <class Port>
Result<std::optional<Action>> LedgerReads<Port>::listed_action(const Entry& entry) const {
    const auto id = id_at_end(entry.key, action_id_size);
    BAILIFF_TRY(auto found, find<Action>(context_.tables.actions, id));
    if (!found) return fail(Fault::corrupt, "action " + std::string(id) + " is listed and missing");
    return found;
}

template <class Port>
Result<std::vector<Action>> LedgerReads<Port>::actions_of(const CaseId& id) const {
    const Key prefix = Key().id(id);
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, context_.tables.actions_by_case));
    std::vector<Action> listed;
    BAILIFF_TRY(auto entry, cursor.seek(prefix));
    while (entry && entry->key.starts_with(prefix.view())) {
        BAILIFF_TRY(auto action, listed_action(*entry));
        listed.push_back(*std::move(action));
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

template <class Port>
Result<std::vector<Action>> LedgerReads<Port>::outbox(std::size_t count) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, context_.tables.outbox));
    std::vector<Action> listed;
    BAILIFF_TRY(auto entry, cursor.first());
    while (entry && listed.size() < count) {
        auto action = listed_action(*entry);
        if (is_passed_over(action) || (action && entry->key != outbox_key(**action).view()))
            ++context_.corrupt_seen;
        else if (!action)
            return Failure(std::move(action).error());
        else
            listed.push_back(**std::move(action));
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

template <class Port>
Result<std::uint64_t> LedgerReads<Port>::count_in(Table table, Instant since, Instant until) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, table));
    const Key last = Key().instant(until);
    std::uint64_t count = 0;
    BAILIFF_TRY(auto entry, cursor.seek(Key().instant(since)));
    while (entry && entry->key.substr(0, last.view().size()) <= last.view()) {
        ++count;
        BAILIFF_TRY(entry, cursor.next());
    }
    return count;
}

template <class Port>
Result<std::uint64_t> LedgerReads<Port>::effects_since(Instant since, Instant until) const {
    return count_in(context_.tables.effects, since, until);
}

template <class Port>
Result<std::vector<EffectRow>> LedgerReads<Port>::effects(Instant since, Instant until) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, context_.tables.effects));
    const Key last = Key().instant(until);
    std::vector<EffectRow> rows;
    BAILIFF_TRY(auto entry, cursor.seek(Key().instant(since)));
    while (entry && entry->key.substr(0, last.view().size()) <= last.view()) {
        auto row = decode<EffectRow>(entry->value);
        if (!row) ++context_.corrupt_seen;
        // One that cannot be read counts all the same, as if it were of this moment.
        rows.push_back(row ? *std::move(row) : EffectRow{until, {}, {}, {}, {}});
        BAILIFF_TRY(entry, cursor.next());
    }
    return rows;
}

template <class Port>
Result<ActionBreaker> LedgerReads<Port>::breaker() const {
    BAILIFF_TRY(const auto bytes, txn_.get(context_.tables.breakers, breaker_key));
    if (!bytes) return ActionBreaker{};
    return decode<ActionBreaker>(*bytes).within("reading the breaker");
}

template <class Port>
Result<std::optional<RuleAge>> LedgerReads<Port>::rule_age(std::string_view rule) const {
    BAILIFF_TRY(const auto bytes, txn_.get(context_.tables.rule_ages, Key().text(rule)));
    if (!bytes) return std::optional<RuleAge>{};
    BAILIFF_TRY(auto age, decode<RuleAge>(*bytes).within("reading the age of a rule"));
    return std::optional(age);
}

template <class Port>
Result<std::uint64_t> LedgerReads<Port>::holds_since(Instant since, Instant until) const {
    return count_in(context_.tables.holds, since, until);
}

template <class Port>
Result<std::vector<Leaf>> LedgerReads<Port>::leaves(std::uint64_t first, std::size_t count) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, context_.tables.leaves));
    std::vector<Leaf> listed;
    BAILIFF_TRY(auto entry, cursor.seek(Key().u64(first)));
    while (entry && listed.size() < count) {
        const auto number = first + listed.size();
        if (entry->key != Key().u64(number).view())
            return fail(Fault::corrupt, "leaf " + std::to_string(number) + " is missing");
        BAILIFF_TRY(auto leaf,
                    decode<Leaf>(entry->value).within("reading leaf " + std::to_string(number)));
        listed.push_back(std::move(leaf));
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

template <class Port>
template <class Record>
Result<std::vector<Record>> LedgerReads<Port>::list_of(Table table, std::string_view prefix) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, table));
    std::vector<Record> listed;
    BAILIFF_TRY(auto entry, cursor.seek(prefix));
    while (entry && entry->key.starts_with(prefix)) {
        BAILIFF_TRY(auto record, decode<Record>(entry->value));
        listed.push_back(std::move(record));
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

template <class Port>
Result<std::vector<Exhibit>> LedgerReads<Port>::exhibits(const CaseId& id,
                                                         std::uint32_t bag) const {
    return list_of<Exhibit>(context_.tables.exhibits, bag_key(id, bag))
        .within("reading the exhibits of case " + id.text());
}

template <class Port>
Result<std::string> LedgerReads<Port>::exhibit(const CaseId& id, std::uint32_t bag,
                                               std::string_view path) const {
    const auto name = "exhibit " + std::string(path) + " of case " + id.text();
    BAILIFF_TRY(const auto bytes,
                txn_.get(context_.tables.exhibit_bytes, exhibit_key(id, bag, path)));
    if (!bytes) return fail(Fault::not_found, "there is no " + name);
    BAILIFF_TRY(const auto plain, decode_message(*bytes).within("reading " + name));
    return std::string(plain);
}

template <class Port>
Result<std::vector<Seal>> LedgerReads<Port>::seals(const CaseId& id) const {
    return list_of<Seal>(context_.tables.seals, Key().id(id))
        .within("reading the seals of case " + id.text());
}

template <class Port>
Result<std::vector<Unsealed>> LedgerReads<Port>::unsealed(const CaseId& after,
                                                          std::size_t count) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, context_.tables.unsealed));
    std::vector<Unsealed> listed;
    BAILIFF_TRY(auto entry, after.empty() ? cursor.first() : cursor.seek(Key().id(after).view()));
    while (entry && listed.size() < count) {
        auto id = CaseId::parse(entry->key);
        const auto changes = decode<ChangeCount>(entry->value);
        if (id) listed.push_back({*std::move(id), changes ? changes->count : 1});
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

/// A count that cannot be read is as good as any: the case is sealed anew.
template <class Port>
Result<std::uint64_t> LedgerReads<Port>::changes_since_seal(const CaseId& id) const {
    BAILIFF_TRY(const auto bytes, txn_.get(context_.tables.unsealed, id.text()));
    if (!bytes) return std::uint64_t{0};
    const auto changes = decode<ChangeCount>(*bytes);
    return changes ? changes->count : 1;
}

template <class Port>
Result<std::vector<Unstamped>> LedgerReads<Port>::unstamped(std::size_t count) const {
    BAILIFF_TRY(auto cursor, Cursor::open(txn_, context_.tables.unstamped));
    std::vector<Unstamped> listed;
    BAILIFF_TRY(auto entry, cursor.first());
    while (entry && listed.size() < count) {
        const auto bag = bag_of_key(entry->key);
        if (bag) listed.push_back(*bag);
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

template <class Port>
Result<LedgerStats> LedgerReads<Port>::stats() const {
    const auto& tables = context_.tables;
    LedgerStats stats;
    BAILIFF_TRY(stats.cases, txn_.count(tables.cases));
    BAILIFF_TRY(stats.leaves, txn_.count(tables.leaves));
    BAILIFF_TRY(stats.outbox, txn_.count(tables.outbox));
    BAILIFF_TRY(stats.waiting, txn_.count(tables.waiting));
    BAILIFF_TRY(stats.unsealed, txn_.count(tables.unsealed));
    BAILIFF_TRY(stats.unstamped, txn_.count(tables.unstamped));
    BAILIFF_TRY(const auto environment, context_.environment.stats());
    stats.map_bytes = environment.map_bytes;
    stats.map_bytes_used = environment.map_bytes_used;
    stats.oldest_reader_lag = environment.oldest_reader_lag;
    return stats;
}

template class LedgerReads<LedgerView>;
template class LedgerReads<LedgerTxn>;

}  // namespace bailiff::lmdb
