#pragma once
// RFC 4648, section 4.

#include <optional>
#include <string>
#include <string_view>

namespace bailiff::panel {

[[nodiscard]] std::string to_base64(std::string_view bytes);

/// Nothing, if `text` is not whole groups of four with the padding that belongs to them.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace bailiff::panel
