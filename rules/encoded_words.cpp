#include <rules/address_list.hpp>
#include <optional>

namespace bailiff::rules {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string decode_q(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const int high = text[at] == '=' && at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[at + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            out += text[at] == '_' ? ' ' : text[at];
        }
    }
    return out;
}

std::string decode_b(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) continue;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>(bits >> held & 0xFF);
    }
    return out;
}

std::string latin1_as_utf8(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | byte >> 6);
            out += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return out;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t at = 0; at < a.size(); ++at) {
        if (lower(a[at]) != lower(b[at])) return false;
    }
    return true;
}

struct Word {
    std::string text;
    std::size_t size = 0;  ///< in the source
};

/// The encoded word at the beginning of `text`: =?charset?B or Q?payload?=
std::optional<Word> word_at(std::string_view text) {
    if (!text.starts_with("=?")) return std::nullopt;
    const auto first = text.find('?', 2);
    if (first == std::string_view::npos || first + 2 >= text.size() || text[first + 2] != '?') {
        return std::nullopt;
    }
    const auto end = text.find("?=", first + 3);
    const char encoding = lower(text[first + 1]);
    if (end == std::string_view::npos || (encoding != 'q' && encoding != 'b')) return std::nullopt;
    const auto payload = text.substr(first + 3, end - first - 3);
    if (payload.find_first_of(" \t\n") != std::string_view::npos) return std::nullopt;
    auto charset = text.substr(2, first - 2);
    charset = charset.substr(0, charset.find('*'));  // RFC 2231 puts a language behind it
    auto bytes = encoding == 'q' ? decode_q(payload) : decode_b(payload);
    const bool latin =
        same_ignoring_case(charset, "iso-8859-1") || same_ignoring_case(charset, "windows-1252");
    return Word{latin ? latin1_as_utf8(bytes) : std::move(bytes), end + 2};
}

}  // namespace

std::string decode_words(std::string_view text) {
    std::string out;
    std::size_t blanks_from = std::string::npos;  // of the blanks since the last encoded word
    for (std::size_t at = 0; at < text.size();) {
        if (const auto word = word_at(text.substr(at))) {
            if (blanks_from != std::string::npos) out.resize(blanks_from);
            out += word->text;
            at += word->size;
            blanks_from = out.size();
            continue;
        }
        const char c = text[at++];
        if (c != ' ' && c != '\t' && c != '\n') blanks_from = std::string::npos;
        out += c;
    }
    return out;
}

}  // namespace bailiff::rules
