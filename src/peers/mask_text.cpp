#include <algorithm>
#include <array>

#include <bailiff/ascii.hpp>
#include "src/peers/mask.hpp"

namespace bailiff {
namespace {

using namespace ascii;

constexpr std::size_t number_digits_min = 8;
constexpr std::size_t other_bytes_min = 3;
constexpr std::size_t separator_run_max = 3;  // ") - "
constexpr std::size_t iban_letters_min = 15, iban_letters_max = 34;

/// Typographic blanks and dashes that people and clients put into numbers.
constexpr std::array<std::string_view, 6> wide_separators{"\u00a0", "\u202f", "\u2009",
                                                          "\u2010", "\u2011", "\u2013"};

/// How many bytes of a separator begin `text`.
std::size_t separator(std::string_view text) {
    if (text.empty()) return 0;
    if (std::string_view(" .-/()\t").find(text.front()) != std::string_view::npos) return 1;
    for (const auto wide : wide_separators)
        if (text.starts_with(wide)) return wide.size();
    return 0;
}

bool is_word_byte(char c) {
    return is_alnum(c) || c == '_';
}

std::string without_others(std::string_view text, const std::vector<std::string>& others) {
    std::string kept(text);
    for (const auto& other : others) {
        if (other.size() < other_bytes_min) continue;
        const auto want = to_lower(other), seen = to_lower(kept);
        std::string next;
        std::size_t from = 0;
        for (auto at = seen.find(want); at != std::string_view::npos; at = seen.find(want, from)) {
            next.append(kept, from, at - from).append("***");
            from = at + want.size();
        }
        kept = next.append(kept, from, std::string_view::npos);
    }
    return kept;
}

std::string without_addresses(std::string_view text) {
    std::string out;
    std::size_t from = 0;
    for (const auto& span : addresses_in(text)) {
        const auto domain = text[span.at] == '@' ? span.at + 1 : span.at + 3;
        out.append(text.substr(from, span.begin - from));
        out += mask_address(std::string(text.substr(span.begin, span.at - span.begin)) + "@" +
                            std::string(text.substr(domain, span.end - domain)));
        from = span.end;
    }
    return out.append(text.substr(from));
}

/// Where an IBAN that begins at `text` ends: in one piece, or in groups of four.
std::size_t iban_end(std::string_view text) {
    if (text.size() < iban_letters_min || !is_letter(text[0]) || !is_letter(text[1]) ||
        !is_digit(text[2]) || !is_digit(text[3]))
        return 0;
    std::size_t at = 4, letters = 4, digits = 0, group = 0;
    for (; at < text.size() && letters < iban_letters_max; ++at) {
        const auto gap = separator(text.substr(at));
        const bool next = gap > 0 && at + gap < text.size() && is_alnum(text[at + gap]);
        if (is_alnum(text[at])) {
            ++letters;
            ++group;
            digits += is_digit(text[at]) ? 1 : 0;
        } else if (next && group % 4 == 0 && (group > 0 || letters == 4)) {
            at += gap - 1;
            group = 0;
        } else {
            break;
        }
    }
    const bool ends = at >= text.size() || !is_alnum(text[at]) || letters == iban_letters_max;
    return ends && letters >= iban_letters_min && digits >= number_digits_min ? at : 0;
}

std::string without_ibans(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const bool starts = at == 0 || !is_word_byte(text[at - 1]);
        const auto end = starts ? iban_end(text.substr(at)) : 0;
        if (end == 0) {
            out += text[at++];
            continue;
        }
        out.append(text.substr(at, 4)).append("***");
        at += end;
    }
    return out;
}

unsigned number_at(std::string_view text, std::size_t at, std::size_t count) {
    unsigned value = 0;
    for (const char c : text.substr(at, count)) value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
}

/// "2026-11-23" at the beginning, which is no telephone number.
bool is_date(std::string_view text) {
    constexpr std::string_view shape = "dddd-dd-dd";
    if (text.size() < shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == 'd' ? !is_digit(text[i]) : text[i] != '-') return false;
    const auto month = number_at(text, 5, 2), day = number_at(text, 8, 2);
    const char next = text.size() > shape.size() ? text[shape.size()] : ' ';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && !is_digit(next) && next != '-';
}

/// How long the dotted quad is that begins `text`.
std::size_t ipv4_end(std::string_view text) {
    std::size_t at = 0;
    for (int octet = 0; octet < 4; ++octet) {
        if (octet > 0 && (at >= text.size() || text[at++] != '.')) return 0;
        std::size_t digits = 0;
        while (digits < 4 && at + digits < text.size() && is_digit(text[at + digits])) ++digits;
        if (digits == 0 || digits > 3 || number_at(text, at, digits) > 255) return 0;
        at += digits;
    }
    const bool goes_on =
        at < text.size() && (is_alnum(text[at]) || text[at] == '-' ||
                             (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1])));
    return goes_on ? 0 : at;
}

struct Run {
    std::size_t end = 0;  ///< behind its last digit
    std::size_t digits = 0;
};

Run number_run(std::string_view text) {
    Run run;
    std::size_t at = text.front() == '+' ? 1 : 0, gaps = 0;
    while (at < text.size() && gaps <= separator_run_max) {
        const bool digit = is_digit(text[at]);
        const auto width = digit ? 1 : separator(text.substr(at));
        if (width == 0) break;
        at += width;
        gaps = digit ? 0 : gaps + 1;
        if (!digit) continue;
        ++run.digits;
        run.end = at;
    }
    return run;
}

std::string without_numbers(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto rest = text.substr(at);
        const bool starts =
            (is_digit(text[at]) || text[at] == '+') && (at == 0 || !is_word_byte(text[at - 1]));
        const auto plain = !starts ? 0 : is_date(rest) ? std::size_t{10} : ipv4_end(rest);
        const auto run = starts && plain == 0 ? number_run(rest) : Run{};
        const auto taken = std::max({plain, run.end, std::size_t{1}});
        std::size_t seen = 0;
        for (const char c : rest.substr(0, taken)) {
            const bool hidden =
                run.digits >= number_digits_min && is_digit(c) && ++seen + 2 <= run.digits;
            out += hidden ? '*' : c;
        }
        at += taken;
    }
    return out;
}

}  // namespace

std::string mask_text(std::string_view text, const std::vector<std::string>& others) {
    return without_numbers(without_ibans(without_addresses(without_others(text, others))));
}

}  // namespace bailiff
