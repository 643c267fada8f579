#pragma once
// UTF-8 of strangers, character by character.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bailiff {

struct Utf8Character {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  ///< 0: no UTF-8 here
};

/// The character at the start of `text`, which is not empty.
/// Source   RFC 3629: neither overlong forms nor surrogates.
[[nodiscard]] constexpr Utf8Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
    std::uint32_t code = lead & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return {};
        code = (code << 6U) | (byte(i) & 0x3fU);
    }
    const bool shortest = bytes == 2 || code >= (bytes == 3 ? 0x800U : 0x10000U);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return shortest && !surrogate && code <= 0x10ffff ? Utf8Character{code, bytes}
                                                      : Utf8Character{};
}

/// Control characters, and those that move, hide or reorder what stands beside them.
[[nodiscard]] constexpr bool misleads(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f);
}

}  // namespace bailiff
