#include "lmdb/txn.hpp"

#include <lmdb.h>

#include <bailiff/ensure.hpp>
#include <cstring>
#include <string>
#include <utility>

namespace bailiff::lmdb {
namespace {

MDB_val to_val(std::string_view bytes) {
    return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB only reads it
}

std::string_view to_view(const MDB_val& value) {
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= key_bytes_max;
}

Failure no_key(std::string_view key) {
    return fail(Fault::invalid_input,
                "a key of " + std::to_string(key.size()) + " bytes cannot be stored");
}

Failure full_readers() {
    return failure(MDB_READERS_FULL, "beginning to read");
}

}  // namespace

void Txn::Abort::operator()(MDB_txn* txn) const {
    mdb_txn_abort(txn);
}

Result<Txn> Txn::read(const Environment& environment) {
    MDB_txn* txn = nullptr;
    int code = mdb_txn_begin(environment.raw(), nullptr, MDB_RDONLY, &txn);
    if (code == MDB_READERS_FULL) {
        environment.check_readers();
        code = mdb_txn_begin(environment.raw(), nullptr, MDB_RDONLY, &txn);
        if (code == MDB_READERS_FULL) return full_readers();
    }
    if (code != 0) return failure(code, "beginning to read");
    return Txn(txn, environment.raw());
}

Result<Txn> Txn::write(const Environment& environment) {
    if (environment.read_only())
        return fail(Fault::unavailable, environment.path() + " is open for reading only");
    MDB_txn* txn = nullptr;
    if (const int code = mdb_txn_begin(environment.raw(), nullptr, 0, &txn))
        return failure(code, "beginning to write");
    return Txn(txn, environment.raw());
}

Result<Txn> Txn::child() {
    MDB_txn* txn = nullptr;
    if (const int code = mdb_txn_begin(env_, txn_.get(), 0, &txn))
        return failure(code, "beginning to write");
    return Txn(txn, env_);
}

int Txn::commit_code() && {
    // mdb_txn_commit() frees the transaction, whatever it returns.
    return mdb_txn_commit(txn_.release());
}

Result<void> Txn::commit() && {
    if (const int code = std::move(*this).commit_code()) return failure(code, "committing");
    return {};
}

Result<Table> Txn::table(const char* name, Missing missing) {
    Table table;
    const unsigned flags = missing == Missing::is_created ? MDB_CREATE : 0U;
    if (const int code = mdb_dbi_open(txn_.get(), name, flags, &table.number))
        return failure(code, std::string("opening table ") + name);
    return table;
}

Result<std::optional<std::string_view>> Txn::get(Table table, std::string_view key) const {
    if (!is_key(key)) return std::nullopt;
    auto wanted = to_val(key);
    MDB_val found{};
    const int code = mdb_get(txn_.get(), table.number, &wanted, &found);
    if (code == MDB_NOTFOUND) return std::nullopt;
    if (code != 0) return failure(code, "reading");
    return to_view(found);
}

Result<void> Txn::put(Table table, const Entry& entry, unsigned flags) {
    if (!is_key(entry.key)) return no_key(entry.key);
    auto key = to_val(entry.key);
    auto value = to_val(entry.value);
    if (const int code = mdb_put(txn_.get(), table.number, &key, &value, flags))
        return failure(code, "writing");
    return {};
}

Result<void> Txn::put(Table table, const Entry& entry) {
    return put(table, entry, 0);
}

Result<void> Txn::append(Table table, const Entry& entry) {
    return put(table, entry, MDB_APPEND);
}

Result<std::span<char>> Txn::reserve(Table table, std::string_view key, std::size_t size) {
    if (!is_key(key)) return no_key(key);
    auto wanted = to_val(key);
    MDB_val room{size, nullptr};
    if (const int code = mdb_put(txn_.get(), table.number, &wanted, &room, MDB_RESERVE))
        return failure(code, "writing");
    BAILIFF_ENSURE(room.mv_size == size);
    return std::span(static_cast<char*>(room.mv_data), size);
}

Result<void> Txn::erase(Table table, std::string_view key) {
    if (!is_key(key)) return {};
    auto wanted = to_val(key);
    const int code = mdb_del(txn_.get(), table.number, &wanted, nullptr);
    if (code != 0 && code != MDB_NOTFOUND) return failure(code, "erasing");
    return {};
}

Result<void> Txn::clear(Table table) {
    if (const int code = mdb_drop(txn_.get(), table.number, 0)) return failure(code, "clearing");
    return {};
}

Result<std::uint64_t> Txn::count(Table table) const {
    MDB_stat stat{};
    if (const int code = mdb_stat(txn_.get(), table.number, &stat))
        return failure(code, "counting");
    return static_cast<std::uint64_t>(stat.ms_entries);
}

Result<std::uint64_t> Txn::bytes(Table table) const {
    MDB_stat stat{};
    if (const int code = mdb_stat(txn_.get(), table.number, &stat))
        return failure(code, "measuring");
    return (stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
           std::uint64_t{stat.ms_psize};
}

Result<std::uint64_t> Txn::free_pages() const {
    BAILIFF_TRY(auto cursor, Cursor::open(*this, Table{0}));  // LMDB's own list of free pages
    std::uint64_t pages = 0;
    BAILIFF_TRY(auto entry, cursor.first());
    while (entry) {
        std::size_t count = 0;  // a row is a number of pages, then the pages
        if (entry->value.size() >= sizeof count)
            std::memcpy(&count, entry->value.data(), sizeof count);
        pages += count;
        BAILIFF_TRY(entry, cursor.next());
    }
    return pages;
}

void Cursor::Close::operator()(MDB_cursor* cursor) const {
    mdb_cursor_close(cursor);
}

Result<Cursor> Cursor::open(const Txn& txn, Table table) {
    MDB_cursor* cursor = nullptr;
    if (const int code = mdb_cursor_open(txn.raw(), table.number, &cursor))
        return failure(code, "opening a cursor");
    return Cursor(cursor);
}

Cursor::Found Cursor::move(unsigned operation, std::string_view key) {
    auto at = to_val(key);
    MDB_val value{};
    const int code =
        mdb_cursor_get(cursor_.get(), &at, &value, static_cast<MDB_cursor_op>(operation));
    if (code == MDB_NOTFOUND) return std::optional<Entry>{};
    if (code != 0) return failure(code, "reading");
    return Entry{to_view(at), to_view(value)};
}

Cursor::Found Cursor::first() {
    return move(MDB_FIRST);
}
Cursor::Found Cursor::last() {
    return move(MDB_LAST);
}
Cursor::Found Cursor::next() {
    return move(MDB_NEXT);
}
Cursor::Found Cursor::previous() {
    return move(MDB_PREV);
}

Cursor::Found Cursor::seek(std::string_view key) {
    if (key.empty()) return first();
    return move(MDB_SET_RANGE, key);
}

Cursor::Found Cursor::last_with(std::string_view prefix) {
    std::string behind(prefix);
    BAILIFF_ENSURE(!behind.empty() && behind.back() != '\xff');
    ++behind.back();
    BAILIFF_TRY(auto found, seek(behind));
    BAILIFF_TRY(found, found ? previous() : last());
    if (!found || !found->key.starts_with(prefix)) return std::optional<Entry>{};
    return found;
}

}  // namespace bailiff::lmdb
