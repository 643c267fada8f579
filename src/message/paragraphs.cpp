#include "src/message/paragraphs.hpp"

#include <algorithm>
#include <array>

#include <bailiff/ascii.hpp>

namespace bailiff::mime {
namespace {

/// First bytes of white space in UTF-8, and NUL.
constexpr auto may_be_space = [] {
    std::array<bool, 256> table{};
    for (const char c : {'\0', ' ', '\t', '\n', '\v', '\f', '\r'})
        table[static_cast<std::size_t>(c)] = true;
    for (const std::size_t lead : {0xC2U, 0xE1U, 0xE2U, 0xE3U}) table[lead] = true;
    return table;
}();

/// The length of the white space character at the start of `text`; 0 if it is none.
std::size_t space_length(std::string_view text) {
    if (ascii::is_space(text[0]) || text[0] == '\0') return 1;
    if (text.starts_with("\xC2\xA0") || text.starts_with("\xC2\x85")) return 2;
    if (text.starts_with("\xE1\x9A\x80") || text.starts_with("\xE3\x80\x80")) return 3;
    if (text.size() < 3 || text[0] != '\xE2') return 0;
    const auto last = static_cast<unsigned char>(text[2]);
    if (text[1] == '\x80')
        return last <= 0x8A || last == 0xA8 || last == 0xA9 || last == 0xAF ? 3 : 0;
    return text[1] == '\x81' && last == 0x9F ? 3 : 0;
}

/// Where what stays as it is ends: words, and single blanks between them.
std::size_t kept_end(std::string_view text, std::size_t at) {
    const auto is_word = [&](std::size_t i) {
        return i < text.size() && !may_be_space[static_cast<unsigned char>(text[i])];
    };
    for (;; ++at) {
        while (is_word(at)) ++at;
        if (at == text.size() || text[at] != ' ' || !is_word(at + 1)) return at;
    }
}

/// A run of white space as it is read: blanks before the first line end, line ends, blanks after.
struct Run {
    std::size_t length = 0, line_ends = 0;
    bool before = false, after = false, only_nuls = true;
};

Run run_at(std::string_view text) {
    Run run;
    while (run.length < text.size()) {
        const auto step = space_length(text.substr(run.length));
        if (step == 0) break;
        const char c = text[run.length];
        run.length += step;
        if (c == '\0') continue;
        run.only_nuls = false;
        if (c == '\n') {
            ++run.line_ends;
            run.after = false;
        } else
            (run.line_ends == 0 ? run.before : run.after) = true;
    }
    return run;
}

void append_run(std::string& out, const Run& run) {
    if (run.only_nuls) return;
    if (run.line_ends < 2) {
        out += ' ';
        return;
    }
    if (run.before) out += ' ';
    out += '\n';
    if (run.after) out += ' ';
}

/// Not within a UTF-8 character.
std::size_t character_begin(std::string_view text, std::size_t at) {
    for (int i = 0; i < 3 && at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80; ++i)
        --at;
    return at;
}

std::size_t line_cut(std::string_view line) {
    const auto space = line.substr(0, line_bytes_max).rfind(' ');
    if (space != std::string_view::npos) return space + 1;
    return character_begin(line, line_bytes_max);
}

std::size_t chunk_cut(std::string_view text) {
    const auto window = text.substr(0, chunk_bytes_max);
    for (const char end : {'\n', '>', ' '}) {
        const auto at = window.find(end, chunk_bytes_whole - 1);
        if (at != std::string_view::npos) return at + 1;
    }
    return chunk_bytes_max;
}

}  // namespace

std::string collapsed(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto end = kept_end(text, at);
        out += text.substr(at, end - at);
        at = end;
        if (at == text.size()) break;
        const auto run = run_at(text.substr(at));
        if (run.length == 0)
            out += text[at];
        else
            append_run(out, run);
        at += std::max<std::size_t>(run.length, 1);
    }
    return out;
}

void append_lines(std::vector<std::string>& lines, std::string_view text) {
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (line.size() > line_bytes_max) {
            const auto cut = line_cut(line);
            lines.emplace_back(line.substr(0, cut)) += '\n';
            line.remove_prefix(cut);
        }
        lines.emplace_back(line) += '\n';
    }
}

void append_chunks(std::vector<std::string>& chunks, std::string_view text) {
    while (text.size() > chunk_bytes_whole) {
        const auto cut = text.size() <= chunk_bytes_max ? text.size() : chunk_cut(text);
        chunks.emplace_back(text.substr(0, cut));
        text.remove_prefix(cut);
    }
    if (!text.empty()) chunks.emplace_back(text);
}

}  // namespace bailiff::mime
