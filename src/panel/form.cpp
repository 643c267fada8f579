#include "src/panel/form.hpp"

#include <bailiff/utf8.hpp>

namespace bailiff::panel {
namespace {

constexpr std::size_t said_bytes_max = 200;

void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const auto c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

}  // namespace

std::string encoded(const Form& form) {
    std::string out;
    for (const auto& [name, value] : form) {
        if (!out.empty()) out += '&';
        append_encoded(out, name);
        out += '=';
        append_encoded(out, value);
    }
    return out;
}

std::string as_said(std::string_view text) {
    std::string line;
    while (!text.empty() && line.size() < said_bytes_max) {
        const auto [code, bytes] = first_character(text);
        if (bytes == 0)
            line += '?';
        else if (code <= 0x20 || misleads(code))
            line += line.empty() || line.ends_with(' ') ? "" : " ";
        else
            line += text.substr(0, bytes);
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

}  // namespace bailiff::panel
