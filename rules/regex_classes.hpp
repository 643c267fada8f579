#pragma once
// The named character classes of Perl, over bytes and under /aa.

#include <rules/regex.hpp>
#include <optional>

namespace bailiff::rules {

[[nodiscard]] ByteSet single_byte(unsigned char byte);
[[nodiscard]] ByteSet byte_range(unsigned char first, unsigned char last);

/// The class behind a backslash and this letter (d D w W s S h H v V N), if it is one.
[[nodiscard]] std::optional<ByteSet> escape_class(char letter);

/// The class of [:name:], if there is one.
[[nodiscard]] std::optional<ByteSet> posix_class(std::string_view name);

/// `bytes` with the other case of each letter: ASCII, and 0xC0-0xDE with 0xE0-0xFE but for the
/// signs of multiplication and division.
[[nodiscard]] ByteSet fold_case(const ByteSet& bytes);

}  // namespace bailiff::rules
