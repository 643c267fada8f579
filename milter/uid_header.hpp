#pragma once
// The header by which Postfix's header_checks hand over the uid of a local submission.

#include <cstdint>
#include <optional>
#include <string_view>

namespace bailiff {

/// Whether `name` is `wanted` in any letter case; blanks before the colon belong to neither.
[[nodiscard]] bool is_header(std::string_view name, std::string_view wanted) noexcept;

/// The uid: one to ten digits within 32 bits, blanks around them, nothing else.
[[nodiscard]] std::optional<std::uint32_t> parse_uid(std::string_view value) noexcept;

}  // namespace bailiff
