#include "lmdb/feature_tables.hpp"

#include "lmdb/key.hpp"
#include "lmdb/schema.hpp"

namespace bailiff::lmdb {

Result<FeatureTables> FeatureTables::open(Txn& txn, Txn::Missing missing) {
    BAILIFF_CHECK(require_schema(txn, missing, "counters"));
    BAILIFF_TRY(const auto row, txn.table("feature", missing));
    BAILIFF_TRY(const auto book, txn.table("feature_book", missing));
    BAILIFF_TRY(const auto symbol, txn.table("feature_symbol", missing));
    return FeatureTables{row, book, symbol};
}

Result<void> FeatureTables::clear(Txn& txn) const {
    BAILIFF_CHECK(txn.clear(row));
    BAILIFF_CHECK(txn.clear(book));
    return txn.clear(symbol);
}

Result<void> FeatureTables::drop_books(Txn& txn, Instant then) const {
    for (;;) {
        std::string oldest;
        {
            BAILIFF_TRY(auto cursor, Cursor::open(txn, book));
            BAILIFF_TRY(const auto first, cursor.first());
            if (!first) return {};
            oldest = first->key;
            BAILIFF_TRY(const auto next, cursor.next());
            if (!next) return {};
            const auto successor = decode_book(next->value);
            if (successor && successor->learnt >= then) return {};
        }
        BAILIFF_CHECK(txn.erase(book, oldest));
    }
}

Result<std::uint32_t> number_of(std::string_view key) {
    if (key.size() != 4) return fail(Fault::corrupt, "a key is no number");
    std::uint32_t number = 0;
    for (const char c : key) number = (number << 8) | static_cast<unsigned char>(c);
    return number;
}

Result<std::optional<NumberedBook>> newest_book(const Txn& txn, const FeatureTables& tables) {
    BAILIFF_TRY(auto cursor, Cursor::open(txn, tables.book));
    BAILIFF_TRY(const auto last, cursor.last());
    if (!last) return std::optional<NumberedBook>{};
    BAILIFF_TRY(const auto number, number_of(last->key));
    BAILIFF_TRY(auto book, decode_book(last->value));
    return std::optional<NumberedBook>({number, std::move(book)});
}

Result<std::vector<std::string>> feature_symbols(const Txn& txn, const FeatureTables& tables) {
    std::vector<std::string> names;
    BAILIFF_TRY(auto cursor, Cursor::open(txn, tables.symbol));
    BAILIFF_TRY(auto entry, cursor.first());
    while (entry) {
        BAILIFF_TRY(const auto number, number_of(entry->key));
        if (number != names.size()) return fail(Fault::corrupt, "a symbol is missing");
        BAILIFF_TRY(auto name, decode_symbol(entry->value));
        names.push_back(std::move(name));
        BAILIFF_TRY(entry, cursor.next());
    }
    return names;
}

}  // namespace bailiff::lmdb
