#pragma once

#include <cstdint>
#include <string_view>

namespace bailiff::lmdb {

/// CRC-32C (Castagnoli) of `bytes`, continuing from `before`; 0 starts.
/// Threads  any. Finds each single flipped bit and each burst of up to 32 bits.
/// Source   RFC 3720 appendix B.4 (test vectors in tests/lmdb/crc32c_test.cpp).
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

/// The same by table, for processors without the instruction; here for the tests.
[[nodiscard]] std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before = 0);

}  // namespace bailiff::lmdb
