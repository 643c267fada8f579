#pragma once
// Shapes of the values in import files. Those that return text say what was expected, or nothing.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff {

/// Where `text` stops to be UTF-8; its size if it does not.
[[nodiscard]] std::size_t first_not_utf8(std::string_view text);

/// No C0 or C1 control characters and no DEL. `text` is UTF-8.
[[nodiscard]] bool is_printable(std::string_view text);

/// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

[[nodiscard]] std::string to_lower(std::string_view text);

/// Canonical text of the address of one host; else `expected` says why not.
struct CanonicalAddress {
    std::optional<std::string> text;
    std::string_view expected;
};
[[nodiscard]] CanonicalAddress canonical_address(std::string_view text);

[[nodiscard]] std::string_view expected_domain(std::string_view lower_case);
[[nodiscard]] std::string_view expected_uid(std::string_view text);

}  // namespace bailiff
