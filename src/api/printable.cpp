#include "src/api/printable.hpp"

#include <bailiff/utf8.hpp>
#include <cstdio>

namespace bailiff {
namespace {

std::string written_out(const Utf8Character& character, unsigned char byte) {
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
