#include "src/journal/line.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <bailiff/utf8.hpp>
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
        } else if (bytes == 0 || misleads(code)) {
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
