#include "src/api/printable.hpp"

#include <cstdint>
#include <cstdio>

namespace bailiff {
namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  ///< 0: not UTF-8
};

/// The character at the start of `text`, by RFC 3629.
Character first_character(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
    std::uint32_t code = first & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80U) return {};
        code = (code << 6) | (byte & 0x3fU);
    }
    const bool shortest = bytes == 2 || code >= (bytes == 3 ? 0x800U : 0x10000U);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return shortest && !surrogate && code <= 0x10ffff ? Character{code, bytes} : Character{};
}

/// Control characters, and those that move, hide or reorder what stands beside them.
bool misleads(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f);
}

std::string written_out(const Character& character, unsigned char byte) {
    char text[16];
    const bool is_short = character.bytes <= 1;
    std::snprintf(text, sizeof text, is_short ? "\\x%02x" : "\\u{%x}",
                  is_short ? static_cast<unsigned>(byte) : character.code);
    return text;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto character = first_character(text);
        const auto bytes = character.bytes == 0 ? 1 : character.bytes;
        if (character.bytes == 0 || misleads(character.code))
            result += written_out(character, static_cast<unsigned char>(text.front()));
        else
            result += text.substr(0, bytes);
        text.remove_prefix(bytes);
    }
    return result;
}

}  // namespace bailiff
