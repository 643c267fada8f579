#pragma once
// The three tables of features, for the writer and the reader.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lmdb/feature_records.hpp"
#include "lmdb/txn.hpp"

namespace bailiff::lmdb {

struct FeatureTables {
    Table row, book, symbol;

    /// Errors   not_found; corrupt: another environment than `counters/`.
    [[nodiscard]] static Result<FeatureTables> open(Txn& txn, Txn::Missing missing);
    [[nodiscard]] Result<void> clear(Txn& txn) const;
    /// Takes away books that had a successor before `then`.
    [[nodiscard]] Result<void> drop_books(Txn& txn, Instant then) const;
};

/// Errors   corrupt: a key of another size.
[[nodiscard]] Result<std::uint32_t> number_of(std::string_view key);

using NumberedBook = std::pair<std::uint32_t, LearntBook>;
/// Errors   corrupt.
[[nodiscard]] Result<std::optional<NumberedBook>> newest_book(const Txn& txn,
                                                              const FeatureTables& tables);

/// All names, by number.  Errors   corrupt.
[[nodiscard]] Result<std::vector<std::string>> feature_symbols(const Txn& txn,
                                                               const FeatureTables& tables);

}  // namespace bailiff::lmdb
