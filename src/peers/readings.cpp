#include "src/peers/readings.hpp"

#include <algorithm>
#include <bailiff/base64.hpp>
#include <bailiff/utf8.hpp>
#include <map>

#include <bailiff/ascii.hpp>

namespace bailiff {
namespace {

using namespace ascii;

std::string unfolded(std::string_view text) {
    std::string out;
    bool in_fold = false;
    for (const char c : text) {
        in_fold = c == '\r' || c == '\n' || (in_fold && is_blank(c));
        if (!in_fold) out += c;
    }
    return out;
}

/// Nothing that is not seen.
std::string bare(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto [code, bytes] = first_character(text);
        const auto width = std::max<std::size_t>(bytes, 1);
        if (bytes == 0 || (code != ' ' && code != 0xa0 && !misleads(code)))
            out.append(text.substr(0, width));
        text.remove_prefix(width);
    }
    return out;
}

std::string without_zeros(std::string_view text) {
    std::string out(text);
    std::erase(out, '\0');
    return out;
}

std::string unescaped(std::string_view text, char mark) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto rest = text.substr(at);
        if (rest.size() > 2 && rest[0] == mark && hex_value(rest[1]) >= 0 &&
            hex_value(rest[2]) >= 0) {
            out += static_cast<char>(hex_value(rest[1]) * 16 + hex_value(rest[2]));
            at += 2;
        } else if (mark == '=' && (rest.starts_with("=\r\n") || rest.starts_with("=\n"))) {
            at += rest[1] == '\r' ? 2 : 1;
        } else {
            out += rest[0];
        }
    }
    return out;
}

void append_character(std::string& out, std::uint32_t code) {
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | (code >> shift & 0x3fU));
    };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0U | code >> 6U);
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0U | code >> 12U);
        tail(6), tail(0);
    } else if (code < 0x110000) {
        out += static_cast<char>(0xf0U | code >> 18U);
        tail(12), tail(6), tail(0);
    }
}

/// "&#97;", "&#x61", "&commat;", "&period;".
std::string references_decoded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const bool is_hex = text.size() > 2 && lower(text[2]) == 'x';
        std::size_t at = is_hex ? 3 : 2;
        std::uint32_t code = 0, digits = 0;
        for (; text.starts_with("&#") && at < text.size() && digits < 8; ++at, ++digits) {
            const int value = is_hex || is_digit(text[at]) ? hex_value(text[at]) : -1;
            if (value < 0) break;
            code = code * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(value);
        }
        if (digits > 0) {
            append_character(out, code);
            text.remove_prefix(at + (at < text.size() && text[at] == ';' ? 1 : 0));
        } else if (text.starts_with("&commat;") || text.starts_with("&period;")) {
            out += text[1] == 'c' ? '@' : '.';
            text.remove_prefix(8);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

std::string unquoted(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '\\' && c != '"') out += c;
    return out;
}

std::string uncommented(std::string_view text) {
    std::string out;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\' && depth > 0)
            ++at;
        else if (c == '(')
            ++depth;
        else if (c == ')' && depth > 0)
            --depth;
        else if (depth == 0)
            out += c;
    }
    return out;
}

std::string untagged(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        const bool opens = text[at] == '<' && (is_letter(next) || next == '/' || next == '!');
        const auto close = opens ? text.find('>', at) : std::string_view::npos;
        if (close == std::string_view::npos && opens) return out.append(text.substr(at));
        if (opens)
            at = close;
        else
            out += text[at];
    }
    return out;
}

/// The parameters "name*0*=a; name*1=b" as "ab", one a line, in order of their numbers.
std::string parameters_joined(std::string_view text) {
    std::map<std::string, std::multimap<unsigned, std::string>> parts;
    while (!text.empty()) {
        std::size_t end = 0;
        for (bool quoted = false; end < text.size() && (quoted || text[end] != ';'); ++end)
            quoted = quoted != (text[end] == '"');
        const auto parameter = text.substr(0, end);
        const auto equals = parameter.find('='), star = parameter.find('*');
        if (equals != std::string_view::npos && star < equals) {
            unsigned number = 0;
            for (const char c : parameter.substr(star + 1, equals - star - 1))
                if (is_digit(c)) number = number % 100'000 * 10 + static_cast<unsigned>(c - '0');
            auto value = unquoted(trim(parameter.substr(equals + 1)));
            parts[to_lower(trim(parameter.substr(0, star)))].emplace(number, std::move(value));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    std::string out;
    for (const auto& [name, numbered] : parts) {
        for (const auto& [number, value] : numbered) out += value;
        out += '\n';
    }
    return out;
}

/// Each byte above ASCII as the character of that number.
std::string latin1(std::string_view text) {
    std::string out;
    for (const char c : text) append_character(out, static_cast<unsigned char>(c));
    return out;
}

constexpr std::size_t run_bytes_min = 4;

/// What a run of digits of `width` bits says, begun at its digit `phase`.
template <class Value>
void decode_run(std::string& out, std::string_view run, unsigned width, Value value) {
    std::uint32_t bits = 0;
    unsigned kept = 0;
    for (const char c : run) {
        bits = (bits << width | static_cast<std::uint32_t>(value(c))) & 0xffffU;
        kept += width;
        if (kept < 8) continue;
        kept -= 8;
        const auto byte = static_cast<char>(bits >> kept & 0xffU);
        if (byte != '\0') out += byte;
    }
    out += '\n';
}

template <class Value>
std::string runs_decoded(std::string_view text, unsigned width, Value value) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && value(text[end]) >= 0) ++end;
        const auto phases = width == 4 ? 2U : 4U;
        for (std::size_t phase = 0; phase < phases && end - at >= run_bytes_min + phase; ++phase)
            decode_run(out, text.substr(at + phase, end - at - phase), width, value);
        at = std::max(end, at + 1);
    }
    return out;
}

int base64_value(char c) {
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    if (is_digit(c)) return c - '0' + 52;
    return !is_letter(c) ? -1 : c >= 'a' ? c - 'a' + 26 : c - 'A';
}

/// Collects readings, each once in a row.
class Collector {
public:
    void add(std::string text) {
        if (readings.all.empty() || readings.all.back().text != text)
            readings.all.push_back({std::move(text), false});
    }
    void add_joined(std::string text) { readings.all.push_back({std::move(text), true}); }
    /// What can be taken out of `text` without being read on.
    void add_leaves(const std::string& text) {
        add(runs_decoded(text, 6, base64_value));
        add(runs_decoded(text, 4, hex_value));
        const auto parameters = parameters_joined(text);
        if (!parameters.empty()) add(unescaped(parameters, '%'));
        if (text.find('\0') != std::string_view::npos) add(without_zeros(text));
        if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; }))
            add(latin1(text));
    }
    Readings readings;
};

}  // namespace

Readings readings_of(std::string_view text) {
    Collector collector;
    std::string now(text);
    collector.add(now);
    collector.add_leaves(now);
    for (int round = 0; round < 2; ++round) {
        const auto before = now;
        collector.add(now = unfolded(now));
        if (now != before) collector.add_leaves(now);
        const auto words = words_decoded(now, WordBorders::kept);
        collector.readings.is_unreadable |= words.is_unreadable;
        collector.add(words_decoded(now, WordBorders::joined).text);
        collector.add(now = words.text);
        collector.add(now = unescaped(now, '%'));
        collector.add(now = references_decoded(now));
        collector.add(now = unescaped(now, '='));
        if (now != before) collector.add_leaves(now);
        const auto plain = unquoted(now), open = uncommented(plain), shown = untagged(now);
        for (const auto& last : {plain, open, shown, uncommented(now)}) {
            collector.add(last);
            collector.add_joined(bare(last));
        }
        if (now == before) break;
    }
    return std::move(collector.readings);
}

}  // namespace bailiff
