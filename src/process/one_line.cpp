#include "src/process/one_line.hpp"

#include <bailiff/limits.hpp>
#include <bailiff/utf8.hpp>
#include <cstddef>

namespace bailiff::process {

namespace {

// A hook's line is shown beside ours: what moves or hides text counts as a blank.
bool is_blank(std::uint32_t code) {
    return code <= 0x20 || misleads(code);
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string line;
    bool blank = false;
    while (!text.empty()) {
        const auto [code, length] = first_character(text);
        const auto character = length == 0 ? std::string_view("?") : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
        if (length != 0 && is_blank(code)) {
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
