#include "lmdb/sent_table.hpp"

#include <chrono>
#include <cstdio>
#include <utility>

#include "lmdb/codec.hpp"
#include "lmdb/key.hpp"
#include "lmdb/schema.hpp"
#include "lmdb/txn.hpp"

namespace bailiff {

using lmdb::Cursor;
using lmdb::Environment;
using lmdb::Key;
using lmdb::Table;
using lmdb::Txn;

namespace {

constexpr std::uint64_t counters_map_bytes = 4ULL << 30;
/// A day more than Postfix keeps mail in its queue (maximal_queue_lifetime).
constexpr auto kept_for = std::chrono::days(6);
constexpr std::size_t dropped_per_flush = 2'000;
constexpr std::size_t queue_id_max = 64;

struct Tables {
    Table sent, by_time;

    static Result<Tables> open(Txn& txn, Txn::Missing missing) {
        BAILIFF_CHECK(lmdb::require_schema(txn, missing, "counters"));
        BAILIFF_TRY(const auto sent, txn.table("sent", missing));
        BAILIFF_TRY(const auto by_time, txn.table("sent_by_time", missing));
        return Tables{sent, by_time};
    }
};

Result<std::unique_ptr<Environment>> environment_at(const std::string& path, lmdb::Access access) {
    lmdb::EnvironmentOptions options;
    options.path = path;
    options.map_bytes = counters_map_bytes;
    options.access = access;
    options.expendable = access == lmdb::Access::read_write;
    if (options.expendable) options.role = "milter";
    BAILIFF_TRY(auto environment, Environment::open(std::move(options)));
    if (access == lmdb::Access::read_only) return environment;
    BAILIFF_TRY(auto txn, Txn::write(*environment));
    BAILIFF_CHECK(Tables::open(txn, Txn::Missing::is_created));
    BAILIFF_CHECK(std::move(txn).commit());
    return environment;
}

Result<std::optional<SentRow>> row_in(const Environment& environment, std::string_view queue_id) {
    if (queue_id.empty() || queue_id.size() > queue_id_max) return std::optional<SentRow>{};
    BAILIFF_TRY(auto txn, Txn::read(environment));
    BAILIFF_TRY(const auto tables, Tables::open(txn, Txn::Missing::fails));
    BAILIFF_TRY(const auto bytes, txn.get(tables.sent, queue_id));
    if (!bytes) return std::optional<SentRow>{};
    BAILIFF_TRY(auto row, lmdb::decode<SentRow>(*bytes));
    return std::optional(std::move(row));
}

Result<void> put(Txn& txn, const Tables& tables, const std::string& queue_id, const SentRow& row) {
    BAILIFF_TRY(const auto bytes, lmdb::encode(row));
    BAILIFF_TRY(const auto mark, lmdb::encode(lmdb::Mark{}));
    BAILIFF_CHECK(txn.put(tables.sent, {queue_id, bytes}));
    return txn.put(tables.by_time, {Key().instant(row.at).bytes(queue_id), mark});
}

/// The oldest first; the time stands in the first eight bytes of the key.
Result<void> drop_old(Txn& txn, const Tables& tables, Instant now) {
    const auto before = std::string(Key().instant(now - kept_for).view());
    for (std::size_t i = 0; i < dropped_per_flush; ++i) {
        std::string key;
        {
            BAILIFF_TRY(auto cursor, Cursor::open(txn, tables.by_time));
            BAILIFF_TRY(const auto oldest, cursor.first());
            if (!oldest || oldest->key.substr(0, 8) >= before) return {};
            key = oldest->key;
        }
        BAILIFF_CHECK(txn.erase(tables.by_time, key));
        BAILIFF_CHECK(txn.erase(tables.sent, key.substr(8)));
    }
    return {};
}

}  // namespace

SentTable::SentTable(std::unique_ptr<Environment> environment)
    : environment_(std::move(environment)) {}
SentTable::~SentTable() = default;

Result<std::unique_ptr<SentTable>> SentTable::open(const std::string& path) {
    auto environment = environment_at(path, lmdb::Access::read_write);
    if (!environment && environment.error().fault == Fault::corrupt) {
        (void)std::remove((path + "/data.mdb").c_str());
        environment = environment_at(path, lmdb::Access::read_write);
    }
    if (!environment) return Failure(std::move(environment).error().within("opening " + path));
    return std::unique_ptr<SentTable>(new SentTable(*std::move(environment)));
}

void SentTable::note(std::string_view queue_id, const SentRow& row) noexcept {
    if (queue_id.empty() || queue_id.size() > queue_id_max) return;
    const Lock lock(mutex_);
    try {
        if (notes_.size() < notes_max)
            notes_.push_back({std::string(queue_id), row});
        else
            ++lost_;
    } catch (...) {  // no memory: expendable
        ++lost_;
    }
}

Result<void> SentTable::flush(Instant now) {
    std::vector<Note> notes;
    {
        const Lock lock(mutex_);
        notes.swap(notes_);
    }
    if (notes.empty()) return {};
    BAILIFF_TRY(auto txn, Txn::write(*environment_));
    BAILIFF_TRY(const auto tables, Tables::open(txn, Txn::Missing::fails));
    for (const auto& note : notes) BAILIFF_CHECK(put(txn, tables, note.queue_id, note.row));
    BAILIFF_CHECK(drop_old(txn, tables, now));
    return std::move(txn).commit();
}

Result<std::optional<SentRow>> SentTable::find(std::string_view queue_id) const {
    return row_in(*environment_, queue_id);
}

std::uint64_t SentTable::lost() const {
    const Lock lock(mutex_);
    return lost_;
}

SentReader::SentReader(std::string path) : path_(std::move(path)) {}
SentReader::~SentReader() = default;

Result<std::optional<SentRow>> SentReader::find(std::string_view queue_id) const {
    if (!environment_) {
        auto opened = environment_at(path_, lmdb::Access::read_only);
        if (!opened && opened.error().fault == Fault::not_found) return std::optional<SentRow>{};
        if (!opened) return Failure(std::move(opened).error());
        environment_ = *std::move(opened);
    }
    return row_in(*environment_, queue_id);
}

}  // namespace bailiff
