#pragma once

#include <string>
#include <string_view>

namespace bailiff {

/// `text` for a terminal: control characters, what reorders text and bytes that are no UTF-8 are
/// written out as \x1b or \u{202e}. Printable text comes back as it is.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace bailiff
