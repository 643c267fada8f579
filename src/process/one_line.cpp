#include "src/process/one_line.hpp"

#include <bailiff/limits.hpp>
#include <cstddef>

namespace bailiff::process {

namespace {

// Length of the character that `text` begins with; 0 if that is no UTF-8 (overlong, surrogate,
// cut).
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80                     ? 1
                               : first >= 0xc2 && first <= 0xdf ? 2
                               : first >= 0xe0 && first <= 0xef ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    if (length == 0 || length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0U) != 0x80) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    if (first == 0xed && byte(1) > 0x9f) return 0;
    if (first == 0xf0 && byte(1) < 0x90) return 0;
    if (first == 0xf4 && byte(1) > 0x8f) return 0;
    return length;
}

bool is_blank(std::string_view character) {
    if (character.size() == 1) {
        const auto c = static_cast<unsigned char>(character[0]);
        return c <= 0x20 || c == 0x7f;
    }
    // C1 controls, which some terminals obey.
    return character[0] == '\xc2' && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string line;
    bool blank = false;
    while (!text.empty()) {
        const auto length = character_length(text);
        const auto character = length == 0 ? std::string_view("?") : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
        if (is_blank(character)) {
            blank = !line.empty();
            continue;
        }
        if (line.size() + character.size() + (blank ? 1 : 0) > limits::reason_bytes_max) break;
        if (blank) line += ' ';
        blank = false;
        line += character;
    }
    return line;
}

}  // namespace bailiff::process
