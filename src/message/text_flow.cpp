#include "src/message/text_flow.hpp"

#include <algorithm>
#include <array>

#include <bailiff/ascii.hpp>
#include "src/message/charset.hpp"
#include "src/message/entities.hpp"

namespace bailiff::html {
namespace {

constexpr char32_t no_break_space = 0xA0;
constexpr std::string_view no_break_space_utf8 = "\xC2\xA0";
constexpr std::string_view left_quote_utf8 = "\xE2\x80\x9C";
constexpr std::string_view right_quote_utf8 = "\xE2\x80\x9D";

/// Bytes that are copied as they are; made once, read for every byte.
constexpr auto plain_bytes = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        table[i] = !ascii::is_space(c) && c != '&' && c != '\xC2' && c != '\xE2';
    }
    return table;
}();

/// Where what is copied as it is ends: words, and single blanks between them.
std::size_t plain_end(std::string_view text, std::size_t at) {
    const auto is_plain = [&](std::size_t i) {
        return i < text.size() && plain_bytes[static_cast<unsigned char>(text[i])];
    };
    for (const auto begin = at;; ++at) {
        while (is_plain(at)) ++at;
        if (at == begin || at == text.size() || text[at] != ' ' || !is_plain(at + 1)) return at;
    }
}

bool is_space_code(char32_t code) {
    return code == no_break_space || code == ' ' || (code >= '\t' && code <= '\r');
}

}  // namespace

void TextFlow::add(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = plain_end(text, at);
        out_ += text.substr(at, end - at);
        at = end;
        if (at == text.size()) return;
        const auto rest = text.substr(at);
        if (ascii::is_space(rest[0])) {
            blank();
            ++at;
        } else if (rest[0] == '&') {
            const auto entity = entity_at(rest, Where::text);
            at += std::max<std::size_t>(entity.length, 1);
            if (entity.length == 0)
                out_ += '&';
            else if (is_space_code(entity.code))
                blank();
            else if (entity.code == 0x201C || entity.code == 0x201D)
                out_ += '"';
            else
                mime::append_utf8(out_, entity.code);
        } else if (rest.starts_with(no_break_space_utf8)) {
            blank();
            at += 2;
        } else if (rest.starts_with(left_quote_utf8) || rest.starts_with(right_quote_utf8)) {
            out_ += '"';
            at += 3;
        } else {
            out_ += rest[0];
            ++at;
        }
    }
}

void TextFlow::space() {
    blank();
}

void TextFlow::line() {
    trim();
    out_ += '\n';
}

void TextFlow::paragraph() {
    trim();
    out_ += "\n\n";
}

void TextFlow::blank() {
    if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n') out_ += ' ';
}

void TextFlow::trim() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
}

}  // namespace bailiff::html
