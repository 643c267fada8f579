#pragma once
// Character references of HTML: &amp; &#65; &#x41;

#include <cstddef>
#include <string>
#include <string_view>

namespace bailiff::html {

/// In an attribute a name counts only with its semicolon: "?a=1&copy=2" is an address.
enum class Where { text, attribute };

struct Entity {
    char32_t code = 0;
    std::size_t length = 0;  ///< of the reference in the text; 0: there is none
};

/// The reference at the start of `text`, which begins with '&'.
[[nodiscard]] Entity entity_at(std::string_view text, Where where);

/// All of them decoded.
[[nodiscard]] std::string decoded(std::string_view text, Where where);

}  // namespace bailiff::html
