#pragma once
// The records of features. The grammar is in README.md.

#include <bailiff/features.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::lmdb {

/// A book, and when the first row came that it belongs to. Numbers of books rise with time.
struct LearntBook {
    Instant learnt{};
    FeatureBook book;
};

/// A row whose lists are packed; `row` has these lists, and its book, empty.
struct PackedRow {
    std::uint32_t book = 0;
    FeatureRow row;
    std::string atoms, rspamd, others, limits;
};

using Numbers = std::vector<std::uint32_t>;

/// Seven bits a byte, low ones first; the high bit says that more follow.
[[nodiscard]] std::string pack(const Numbers& numbers);
/// Errors   corrupt.
[[nodiscard]] Result<Numbers> unpack(std::string_view bytes);

/// Each hit as the gap to the one before, doubled, and one more if a count other than 1 follows.
/// Shape    in order of atoms, each once, counted at least once.
[[nodiscard]] std::string pack_hits(const std::vector<AtomHit>& hits);
/// Errors   corrupt.
[[nodiscard]] Result<std::vector<AtomHit>> unpack_hits(std::string_view bytes);

/// Errors   exhausted: a bound of encoder.hpp.
[[nodiscard]] Result<std::string> encode_book(const LearntBook& book);
[[nodiscard]] Result<std::string> encode_symbol(const std::string& symbol);
[[nodiscard]] Result<std::string> encode_row(const PackedRow& row);

/// Errors   corrupt: they are not such a record, whole and unchanged.
[[nodiscard]] Result<LearntBook> decode_book(std::string_view bytes);
[[nodiscard]] Result<std::string> decode_symbol(std::string_view bytes);
[[nodiscard]] Result<PackedRow> decode_row(std::string_view bytes);

}  // namespace bailiff::lmdb
