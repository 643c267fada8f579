#include "src/report/visible.hpp"

#include <bailiff/utf8.hpp>

namespace bailiff {
namespace {

std::string hexadecimal(std::uint32_t value, std::size_t digits_min) {
    std::string text;
    for (; value != 0 || text.size() < digits_min; value >>= 4U)
        text.insert(text.begin(), "0123456789ABCDEF"[value & 15U]);
    return text;
}

bool is_mark(std::uint32_t code) {
    return (code >= 0x300 && code <= 0x36f) || (code >= 0x1ab0 && code <= 0x1aff) ||
           (code >= 0x1dc0 && code <= 0x1dff) || (code >= 0x20d0 && code <= 0x20ff) ||
           (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xfe20 && code <= 0xfe2f) ||
           (code >= 0x483 && code <= 0x489);
}

/// Look like nothing at all, and are letters or blanks of unusual width.
bool is_blank(std::uint32_t code) {
    return code == 0x115f || code == 0x1160 || code == 0x3164 || code == 0xffa0 || code == 0x2800 ||
           code == 0x34f || code == 0x180e;
}

constexpr int marks_max = 2;  // on one letter: Vietnamese has two

}  // namespace

std::string visible(std::string_view text) {
    std::string shown;
    int marks = 0;
    while (!text.empty()) {
        const auto [code, bytes] = first_character(text);
        marks = bytes != 0 && is_mark(code) ? marks + 1 : 0;
        if (bytes == 0)
            shown += "‹0x" + hexadecimal(static_cast<unsigned char>(text.front()), 2) + "›";
        else if (misleads(code) || is_blank(code) || marks > marks_max)
            shown += "‹U+" + hexadecimal(code, 4) + "›";
        else
            shown.append(text.substr(0, bytes));
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return shown;
}

std::string in_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string french_blanks(std::string_view text) {
    constexpr std::string_view wide = "\u00a0", thin = "\u202f", opens = "«", closes = "»";
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto after = text.substr(at + 1);
        if (text[at] != ' ')
            out += text[at];
        else if (after.starts_with(':') || after.starts_with(closes) || after.starts_with('%') ||
                 std::string_view(out).ends_with(opens))
            out += wide;
        else if (after.starts_with(';') || after.starts_with('!') || after.starts_with('?'))
            out += thin;
        else
            out += ' ';
    }
    return out;
}

}  // namespace bailiff
