#pragma once
// Text of strangers, so that it can neither act, nor hide, nor be followed.

#include <string>
#include <string_view>

namespace bailiff {

/// The characters that reorder, hide or control as ‹U+202E›, bytes that are no UTF-8 as ‹0xFF›, and
/// marks that pile up on one letter.
[[nodiscard]] std::string visible(std::string_view text);

/// For HTML, between tags and within quoted attributes.
[[nodiscard]] std::string in_html(std::string_view text);

/// French typography: the blanks before : ; ! ? » % and after « do not break.
[[nodiscard]] std::string french_blanks(std::string_view text);

}  // namespace bailiff
