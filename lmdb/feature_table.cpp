#include "lmdb/feature_table.hpp"

#include <algorithm>

#include "lmdb/feature_records.hpp"
#include "lmdb/feature_tables.hpp"
#include "lmdb/key.hpp"
#include "lmdb/txn.hpp"

namespace bailiff {

using lmdb::Cursor;
using lmdb::Environment;
using lmdb::FeatureTables;
using lmdb::Key;
using lmdb::Txn;

namespace {

constexpr std::size_t dropped_at_least = 2'000;  ///< may go in one flush, beside two for each new
constexpr auto drops_every = std::chrono::minutes(1);  ///< when no mail comes
constexpr std::size_t books_remembered = 4;

}  // namespace

struct FeatureTable::Writing {
    Txn txn;
    FeatureTables tables;
};

FeatureTable::FeatureTable(std::shared_ptr<Environment> environment, Options options)
    : environment_(std::move(environment)), options_(options) {}
FeatureTable::~FeatureTable() = default;

Result<std::unique_ptr<FeatureTable>> FeatureTable::open(std::shared_ptr<Environment> environment,
                                                         Options options) {
    std::unique_ptr<FeatureTable> table(new FeatureTable(std::move(environment), options));
    auto loaded = table->load();
    if (!loaded && loaded.error().fault == Fault::corrupt) {
        BAILIFF_CHECK(clear(*table->environment_));
        loaded = table->load();
    }
    if (!loaded) return Failure(std::move(loaded).error().within("opening the features"));
    return table;
}

Result<void> FeatureTable::clear(const Environment& environment) {
    BAILIFF_TRY(auto txn, Txn::write(environment));
    BAILIFF_TRY(const auto tables, FeatureTables::open(txn, Txn::Missing::is_created));
    BAILIFF_CHECK(tables.clear(txn));
    return std::move(txn).commit();
}

/// The numbers of symbols, from the file.
Result<void> FeatureTable::load() {
    BAILIFF_TRY(auto txn, Txn::write(*environment_));
    BAILIFF_TRY(const auto tables, FeatureTables::open(txn, Txn::Missing::is_created));
    symbols_.clear();
    books_.clear();
    BAILIFF_TRY(const auto names, lmdb::feature_symbols(txn, tables));
    for (std::uint32_t number = 0; number < names.size(); ++number)
        symbols_.emplace(names[number], number);
    BAILIFF_CHECK(lmdb::newest_book(txn, tables));
    BAILIFF_CHECK(std::move(txn).commit());
    is_loaded_ = true;
    return {};
}

void FeatureTable::note(FeatureRow row) noexcept {
    if (!row.book) return;
    const Lock lock(mutex_);
    try {
        if (rows_.size() < rows_max)
            rows_.push_back(std::move(row));
        else
            ++counts_.lost;
    } catch (...) {  // no memory: expendable
        ++counts_.lost;
    }
}

Result<void> FeatureTable::flush(Instant now) {
    std::vector<FeatureRow> rows;
    {
        const Lock lock(mutex_);
        rows.swap(rows_);
    }
    if (rows.empty() && now - dropped_at_ < drops_every && now >= dropped_at_) return {};
    auto written = write(rows, now);
    if (written) return {};
    is_loaded_ = false;  // numbers that were given may not be in the file
    const Lock lock(mutex_);
    counts_.lost += rows.size();
    return written;
}

Result<void> FeatureTable::write(const std::vector<FeatureRow>& rows, Instant now) {
    if (!is_loaded_) BAILIFF_CHECK(load());
    BAILIFF_TRY(auto txn, Txn::write(*environment_));
    BAILIFF_TRY(const auto tables, FeatureTables::open(txn, Txn::Missing::fails));
    Writing writing{std::move(txn), tables};
    std::uint64_t kept = 0;
    for (const auto& row : rows) {
        if (!has_room(row)) continue;
        ++kept;
        BAILIFF_TRY(const auto record, packed(writing, row, now));
        BAILIFF_TRY(const auto bytes, lmdb::encode_row(record));
        BAILIFF_TRY(const auto key, free_key(writing, row.received));
        BAILIFF_CHECK(writing.txn.put(tables.row, {key, bytes}));
    }
    BAILIFF_CHECK(drop(writing, 2 * rows.size() + dropped_at_least, now));
    BAILIFF_TRY(const auto bytes, writing.txn.bytes(tables.row));
    BAILIFF_CHECK(std::move(writing.txn).commit());
    dropped_at_ = now;
    const Lock lock(mutex_);
    counts_.bytes = bytes;
    counts_.kept += kept;
    counts_.lost += rows.size() - kept;
    return {};
}

/// A process that was killed, or a clock that was set back, may have left rows of the same time.
Result<std::string> FeatureTable::free_key(Writing& writing, Instant at) {
    for (;;) {
        std::string key(Key().instant(at).u64(sequence_++).view());
        BAILIFF_TRY(const auto taken, writing.txn.get(writing.tables.row, key));
        if (!taken) return key;
    }
}

/// Whether the dictionary may take its symbols.
bool FeatureTable::has_room(const FeatureRow& row) const {
    std::size_t unknown = 0;
    bool short_enough = true;
    const auto look = [&](const std::string& symbol) {
        short_enough = short_enough && symbol.size() <= symbol_bytes_max;
        if (!symbols_.contains(symbol)) ++unknown;
    };
    std::ranges::for_each(row.rspamd, look);
    std::ranges::for_each(row.limits, look);
    std::ranges::for_each(row.others, look, &Finding::symbol);
    if (!short_enough) return false;
    return unknown == 0 || symbols_.size() + unknown <= symbols_max;
}

Result<lmdb::PackedRow> FeatureTable::packed(Writing& writing, const FeatureRow& row, Instant now) {
    lmdb::PackedRow record;
    BAILIFF_TRY(record.book, book_number(writing, row.book, now));
    BAILIFF_TRY(record.rspamd, symbol_numbers(writing, row.rspamd));
    BAILIFF_TRY(record.others, other_numbers(writing, row.others));
    BAILIFF_TRY(record.limits, symbol_numbers(writing, row.limits));
    record.atoms = lmdb::pack_hits(row.atoms.hits);
    record.row = row;
    return record;
}

/// A book that is not the newest gets a new number, though it was there before: numbers tell which
/// book was in force when.
Result<std::uint32_t> FeatureTable::book_number(Writing& writing,
                                                const std::shared_ptr<const FeatureBook>& book,
                                                Instant now) {
    const auto known =
        std::ranges::find(books_, book, [](const auto& entry) { return entry.first; });
    if (known != books_.end()) return known->second;
    BAILIFF_TRY(const auto newest, lmdb::newest_book(writing.txn, writing.tables));
    std::uint32_t number = newest ? newest->first : 0;
    if (!newest || newest->second.book != *book) {
        number = newest ? number + 1 : 0;
        BAILIFF_TRY(const auto bytes, lmdb::encode_book({now, *book}));
        BAILIFF_CHECK(writing.txn.put(writing.tables.book, {Key().u32(number), bytes}));
        BAILIFF_CHECK(
            writing.tables.drop_books(writing.txn, now - options_.kept_for - std::chrono::days(1)));
    }
    if (books_.size() == books_remembered) books_.erase(books_.begin());
    books_.emplace_back(book, number);
    return number;
}

Result<std::string> FeatureTable::symbol_numbers(Writing& writing,
                                                 const std::vector<std::string>& symbols) {
    lmdb::Numbers numbers;
    for (const auto& symbol : symbols) {
        auto known = symbols_.find(symbol);
        if (known == symbols_.end()) {
            const auto number = static_cast<std::uint32_t>(symbols_.size());
            BAILIFF_TRY(const auto bytes, lmdb::encode_symbol(symbol));
            BAILIFF_CHECK(writing.txn.put(writing.tables.symbol, {Key().u32(number), bytes}));
            known = symbols_.emplace(symbol, number).first;
        }
        numbers.push_back(known->second);
    }
    return lmdb::pack(numbers);
}

/// Three numbers each: the symbol's, the families' and the score.
Result<std::string> FeatureTable::other_numbers(Writing& writing, const Findings& findings) {
    std::string all;
    for (const auto& finding : findings) {
        BAILIFF_TRY(const auto symbol, symbol_numbers(writing, {finding.symbol}));
        all += symbol +
               lmdb::pack({finding.families.bits(), static_cast<std::uint32_t>(finding.score)});
    }
    return all;
}

/// The oldest first; the time stands in the first eight bytes of the key.
Result<void> FeatureTable::drop(Writing& writing, std::size_t at_most, Instant now) {
    const auto before = std::string(Key().instant(now - options_.kept_for).view());
    auto& [txn, tables] = writing;
    for (std::size_t i = 0; i < at_most; ++i) {
        BAILIFF_TRY(const auto bytes, txn.bytes(tables.row));
        std::string key;
        {
            BAILIFF_TRY(auto cursor, Cursor::open(txn, tables.row));
            BAILIFF_TRY(const auto oldest, cursor.first());
            if (!oldest) return {};
            if (bytes <= options_.bytes_max && oldest->key.substr(0, 8) >= before) return {};
            key = oldest->key;
        }
        BAILIFF_CHECK(txn.erase(tables.row, key));
    }
    return {};
}

FeatureTable::Counts FeatureTable::counts() const {
    const Lock lock(mutex_);
    return counts_;
}

}  // namespace bailiff
