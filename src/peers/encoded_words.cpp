#include <algorithm>
#include <array>
#include <bailiff/base64.hpp>

#include <bailiff/ascii.hpp>
#include "src/peers/readings.hpp"

namespace bailiff {
namespace {

using namespace ascii;

/// In these, ASCII is ASCII. UTF-7, UTF-16 and EBCDIC are not among them.
bool is_readable(std::string_view charset) {
    constexpr std::array<std::string_view, 18> known{
        "us-ascii",    "ascii", "utf-8",     "utf8",   "iso-8859-", "iso8859-",
        "windows-125", "cp125", "koi8-",     "gb2312", "gbk",       "gb18030",
        "big5",        "euc-",  "shift_jis", "latin1", "latin-1",   "ks_c_5601-1987"};
    const auto name = to_lower(trim(charset.substr(0, charset.find('*'))));
    return std::ranges::any_of(known, [&](auto prefix) { return name.starts_with(prefix); });
}

std::string from_b(std::string_view payload) {
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned kept = 0;
    for (const char c : payload) {
        const char digit = c == '-' ? '+' : c == '_' ? '/' : c;
        const auto value = base64_alphabet.find(digit);
        if (c == '=') bits = 0, kept = 0;
        if (value == std::string_view::npos) continue;
        bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
        kept += 6;
        if (kept < 8) continue;
        kept -= 8;
        bytes += static_cast<char>(bits >> kept & 0xffU);
    }
    return bytes;
}

std::string from_q(std::string_view payload) {
    std::string bytes;
    for (std::size_t at = 0; at < payload.size(); ++at) {
        const auto rest = payload.substr(at);
        const bool escape =
            rest.size() > 2 && rest[0] == '=' && hex_value(rest[1]) >= 0 && hex_value(rest[2]) >= 0;
        if (escape) {
            bytes += static_cast<char>(hex_value(rest[1]) * 16 + hex_value(rest[2]));
            at += 2;
        } else {
            bytes += rest[0] == '_' ? ' ' : rest[0];
        }
    }
    return bytes;
}

struct Word {
    std::string_view charset, payload;
    char encoding = 0;  // 'b', 'q'; 0: no word here
    std::size_t size = 0;
};

/// The encoded word that begins `text`.
Word word_at(std::string_view text) {
    if (!text.starts_with("=?")) return {};
    const auto charset_end = text.find('?', 2);
    if (charset_end == std::string_view::npos || charset_end + 2 >= text.size() ||
        charset_end > 100)
        return {};
    const char encoding = lower(text[charset_end + 1]);
    if ((encoding != 'b' && encoding != 'q') || text[charset_end + 2] != '?') return {};
    const auto begin = charset_end + 3;
    const auto end = std::min(text.find("?=", begin), text.size());
    return {text.substr(2, charset_end - 2), text.substr(begin, end - begin), encoding,
            std::min(end + 2, text.size())};
}

}  // namespace

DecodedWords words_decoded(std::string_view text, WordBorders borders) {
    DecodedWords decoded;
    std::string payload;  // of the words that are not decoded yet
    char encoding = 0;
    const auto flush = [&] {
        if (encoding != 0) decoded.text += encoding == 'b' ? from_b(payload) : from_q(payload);
        payload.clear();
        encoding = 0;
    };
    std::size_t at = 0;
    while (at < text.size()) {
        const auto gap = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
        const bool follows = encoding != 0;
        const auto word = word_at(text.substr(follows ? gap : at));
        if (word.encoding == 0) {
            flush();
            decoded.text += text[at++];
            continue;
        }
        if (borders == WordBorders::kept || word.encoding != encoding) flush();
        decoded.is_unreadable = decoded.is_unreadable || !is_readable(word.charset);
        payload += word.payload;
        encoding = word.encoding;
        at = (follows ? gap : at) + word.size;
    }
    flush();
    return decoded;
}

}  // namespace bailiff
