#include "lmdb/feature_reader.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "lmdb/feature_tables.hpp"
#include "lmdb/key.hpp"

namespace bailiff {

using lmdb::Cursor;
using lmdb::Environment;
using lmdb::FeatureTables;
using lmdb::Txn;

namespace {

constexpr std::uint64_t counters_map_bytes = 4ULL << 30;
constexpr std::size_t rows_a_slice = 5'000;

Result<std::vector<std::string>> names_of(const std::vector<std::string>& symbols,
                                          std::string_view packed) {
    std::vector<std::string> names;
    BAILIFF_TRY(const auto numbers, lmdb::unpack(packed));
    names.reserve(numbers.size());
    for (const auto number : numbers) {
        if (number >= symbols.size()) return fail(Fault::corrupt, "a symbol has no name");
        names.push_back(symbols[number]);
    }
    return names;
}

Result<Findings> others_of(const std::vector<std::string>& symbols, std::string_view packed) {
    Findings findings;
    BAILIFF_TRY(const auto numbers, lmdb::unpack(packed));
    if (numbers.size() % 3 != 0) return fail(Fault::corrupt, "a finding is cut");
    for (std::size_t at = 0; at < numbers.size(); at += 3) {
        if (numbers[at] >= symbols.size()) return fail(Fault::corrupt, "a symbol has no name");
        findings.push_back({FamilySet::from_bits(static_cast<std::uint8_t>(numbers[at + 1])),
                            symbols[numbers[at]], static_cast<MilliPoints>(numbers[at + 2]), ""});
    }
    return findings;
}

Result<lmdb::PackedRow> unpacked(std::string_view bytes, const std::vector<std::string>& symbols) {
    BAILIFF_TRY(auto packed, lmdb::decode_row(bytes));
    BAILIFF_TRY(packed.row.atoms.hits, lmdb::unpack_hits(packed.atoms));
    BAILIFF_TRY(packed.row.rspamd, names_of(symbols, packed.rspamd));
    BAILIFF_TRY(packed.row.others, others_of(symbols, packed.others));
    BAILIFF_TRY(packed.row.limits, names_of(symbols, packed.limits));
    return packed;
}

/// The part of the map that values were read from: given back to the kernel, which has the file, or
/// all of it would count as our memory in the end.
class Touched {
public:
    ~Touched() {
        if (low_ == high_) return;
        const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
        const auto from = low_ / page * page;
        (void)madvise(reinterpret_cast<void*>(from), high_ - from, MADV_DONTNEED);
    }
    Touched() = default;
    Touched(const Touched&) = delete;
    Touched& operator=(const Touched&) = delete;

    void add(std::string_view value) {
        const auto at = reinterpret_cast<std::uintptr_t>(value.data());
        low_ = low_ == high_ ? at : std::min(low_, at);
        high_ = std::max(high_, at + value.size());
    }

private:
    std::uintptr_t low_ = 0, high_ = 0;
};

}  // namespace

FeatureReader::FeatureReader(std::unique_ptr<Environment> environment)
    : environment_(std::move(environment)) {}
FeatureReader::~FeatureReader() = default;

Result<std::unique_ptr<FeatureReader>> FeatureReader::open(const std::string& path) {
    lmdb::EnvironmentOptions options;
    options.path = path;
    options.map_bytes = counters_map_bytes;
    options.access = lmdb::Access::read_only;
    BAILIFF_TRY(auto environment, Environment::open(std::move(options)));
    BAILIFF_TRY(auto txn, Txn::read(*environment));
    auto tables = FeatureTables::open(txn, Txn::Missing::fails);
    if (!tables) return Failure(std::move(tables).error().within("reading " + path));
    // Committed, not aborted: the handles of the tables are the environment's from here on.
    BAILIFF_CHECK(std::move(txn).commit());
    return std::unique_ptr<FeatureReader>(new FeatureReader(std::move(environment)));
}

Result<std::vector<DatedBook>> FeatureReader::books() const {
    std::vector<DatedBook> books;
    BAILIFF_TRY(auto txn, Txn::read(*environment_));
    BAILIFF_TRY(const auto tables, FeatureTables::open(txn, Txn::Missing::fails));
    BAILIFF_TRY(auto cursor, Cursor::open(txn, tables.book));
    BAILIFF_TRY(auto entry, cursor.first());
    while (entry) {
        const auto number = lmdb::number_of(entry->key);
        auto learnt = lmdb::decode_book(entry->value);
        if (number && learnt)
            books.push_back({*number, learnt->learnt,
                             std::make_shared<const FeatureBook>(std::move(learnt->book))});
        BAILIFF_TRY(entry, cursor.next());
    }
    return books;
}

Result<FeatureReader::Passed> FeatureReader::each(Instant since, const See& see) const {
    Passed passed;
    std::string from(lmdb::Key().instant(since).view());
    for (bool more = true; more;) {
        BAILIFF_TRY(more, slice(from, see, passed));
    }
    return passed;
}

/// Some rows in one transaction, from the key `from` on, which moves; whether there are more.
Result<bool> FeatureReader::slice(std::string& from, const See& see, Passed& passed) const {
    Touched touched;
    BAILIFF_TRY(auto txn, Txn::read(*environment_));
    BAILIFF_TRY(const auto tables, FeatureTables::open(txn, Txn::Missing::fails));
    BAILIFF_TRY(const auto symbols, lmdb::feature_symbols(txn, tables));
    BAILIFF_TRY(auto cursor, Cursor::open(txn, tables.row));
    BAILIFF_TRY(auto entry, cursor.seek(from));
    for (std::size_t row = 0; entry; ++row) {
        if (row == rows_a_slice) {
            from = entry->key;
            return true;
        }
        touched.add(entry->value);
        const auto packed = unpacked(entry->value, symbols);
        if (packed) {
            ++passed.rows;
            see(packed->book, packed->row);
        } else {
            ++passed.corrupt;
        }
        BAILIFF_TRY(entry, cursor.next());
    }
    return false;
}

}  // namespace bailiff
