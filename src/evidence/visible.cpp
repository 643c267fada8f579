#include "src/evidence/visible.hpp"

#include <algorithm>
#include <bailiff/utf8.hpp>
#include <cctype>

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

bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || byte >= 0x80;
}

bool is_scheme(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '.' || c == '-';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == y; });
}

std::string scheme_without_teeth(std::string_view scheme) {
    if (equal_ignoring_case(scheme, "http")) return "hxxp";
    if (equal_ignoring_case(scheme, "https")) return "hxxps";
    if (equal_ignoring_case(scheme, "ftp")) return "fxp";
    return std::string(scheme);
}

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

std::string defanged(std::string_view text) {
    std::string out;
    bool in_host = false;
    std::size_t scheme = 0;  // how much of the end of `out` may be one
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const auto rest = text.substr(at);
        if (rest.starts_with("://")) {
            const auto name = out.substr(out.size() - scheme);
            out.resize(out.size() - scheme);
            out += scheme_without_teeth(name) + "[:]//";
            at += 2;
            in_host = true;
            scheme = 0;
            continue;
        }
        const bool starts = at == 0 || !is_word(text[at - 1]);
        if (starts && rest.size() > 4 && equal_ignoring_case(rest.substr(0, 4), "www."))
            in_host = true;
        if (std::string_view(" \t\r\n/?#\\\"'<>()[]{},;").find(c) != std::string_view::npos)
            in_host = false;
        const bool dot = in_host && c == '.';
        if (dot)
            out += "[.]";
        else
            out += c;
        scheme = !dot && is_scheme(c) ? scheme + 1 : 0;
    }
    return out;
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
