#include "src/journal/line.hpp"

#include <algorithm>
#include <array>
#include <bailiff/limits.hpp>
#include <cstdint>

namespace bailiff {
namespace {

constexpr std::size_t line_bytes_max = 4'000;  ///< below PIPE_BUF: lines of two roles never mingle

[[nodiscard]] constexpr std::string_view word(Severity severity) {
    switch (severity) {
        case Severity::info:
            return "info";
        case Severity::warning:
            return "warning";
        case Severity::alarm:
            return "alarm";
    }
    return "alarm";
}

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  ///< 0: no UTF-8 here
};

/// RFC 3629: neither overlong forms nor surrogates.
[[nodiscard]] Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const auto lead = byte(0);
    const std::size_t bytes = lead < 0x80   ? 1
                              : lead < 0xC2 ? 0
                              : lead < 0xE0 ? 2
                              : lead < 0xF0 ? 3
                              : lead < 0xF5 ? 4
                                            : 0;
    if (bytes == 0 || bytes > text.size()) return {};
    if (bytes == 1) return {lead, 1};
    std::uint32_t code = lead & (0x7FU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {};
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    if (code < smallest[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
    return {code, bytes};
}

/// Control characters, line separators, and those that turn the direction of writing.
[[nodiscard]] bool moves_cursor(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

void put_hex(std::string& out, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<std::uint8_t>(c);
        out += "\\x";
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

/// The letter after the backslash; 0: none.
[[nodiscard]] char short_escape(std::uint32_t code) {
    switch (code) {
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '"':
            return '"';
        case '\\':
            return '\\';
        default:
            return 0;
    }
}

void put_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto [code, bytes] = first_character(text);
        const auto piece = text.substr(0, std::max<std::size_t>(bytes, 1));
        if (const char letter = short_escape(bytes == 0 ? 0 : code); letter != 0) {
            (out += '\\') += letter;
        } else if (bytes == 0 || moves_cursor(code)) {
            put_hex(out, piece);
        } else {
            out += piece;
        }
        text.remove_prefix(piece.size());
    }
}

/// Names and keys are ours; whatever else they hold must not look like another field.
void put_name(std::string& out, std::string_view name) {
    for (const char c : name.substr(0, 100)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        out += plain ? c : '_';
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    put_escaped(out, text);
    return out;
}

std::string journal_line(std::string_view role, Severity severity, std::string_view name,
                         std::initializer_list<Field> fields) {
    std::string line;
    line.reserve(256);
    put_name(line, role);
    ((line += ' ') += word(severity)) += ' ';
    put_name(line, name);
    for (const auto& field : fields) {
        const bool cut = field.value.size() > limits::reason_bytes_max;
        const auto value =
            escaped(std::string_view(field.value).substr(0, limits::reason_bytes_max));
        if (line.size() + field.key.size() + value.size() + 10 > line_bytes_max) {
            line += " cut=\"1\"";
            break;
        }
        line += ' ';
        put_name(line, field.key);
        ((line += "=\"") += value) += cut ? "...\"" : "\"";
    }
    return line;
}

}  // namespace bailiff
