#include <rules/regex.hpp>
#include <algorithm>
#include <array>

namespace bailiff::rules {
namespace {

using Kind = Regex::Kind;

/// How a piece of pattern can begin, for the anchors before it.
struct Outlook {
    bool may_be_empty = true;       ///< without an assertion
    bool may_take_newline = false;  ///< as its first byte; or asserts something there
    bool takes_a_byte = false;      ///< always
};

Outlook then(const Outlook& first, const Outlook& rest) {
    return {
        .may_be_empty = first.may_be_empty && rest.may_be_empty,
        .may_take_newline = first.may_take_newline || (first.may_be_empty && rest.may_take_newline),
        .takes_a_byte = first.takes_a_byte || rest.takes_a_byte};
}

Outlook outlook(const Regex& regex) {
    switch (regex.kind) {
        case Kind::set:
            return {
                .may_be_empty = false, .may_take_newline = regex.bytes['\n'], .takes_a_byte = true};
        case Kind::sequence: {
            Outlook rest;
            for (auto part = regex.parts.rbegin(); part != regex.parts.rend(); ++part) {
                rest = then(outlook(*part), rest);
            }
            return rest;
        }
        case Kind::choice: {
            Outlook all{.may_be_empty = false, .may_take_newline = false, .takes_a_byte = true};
            for (const auto& part : regex.parts) {
                const auto one = outlook(part);
                all.may_be_empty |= one.may_be_empty;
                all.may_take_newline |= one.may_take_newline;
                all.takes_a_byte &= one.takes_a_byte;
            }
            return all;
        }
        case Kind::repeat: {
            auto one = outlook(regex.parts.front());
            if (regex.most == 0) return {};
            one.may_be_empty |= regex.least == 0;
            one.takes_a_byte &= regex.least > 0;
            return one;
        }
        default:
            return {.may_be_empty = false, .may_take_newline = true, .takes_a_byte = false};
    }
}

Failure misplaced(std::string what) {
    return fail(Fault::invalid_input, std::move(what));
}

/// Refuses the two anchors that RE2 lacks where a stand-in would not be exact: `$` takes the last
/// newline along, and ^ under /m, in RE2 but not in Perl, holds behind the last newline.
Result<void> check_anchors(const Regex& regex, const Outlook& after) {
    switch (regex.kind) {
        case Kind::last_line_end:
            if (after.may_be_empty || !after.may_take_newline) return {};
            return misplaced("$ before something that may be the last newline; use \\n or /m");
        case Kind::line_begin:
            if (after.takes_a_byte) return {};
            return misplaced("^ under /m before something that may be empty cannot run on RE2");
        case Kind::repeat: {
            auto around = outlook(regex.parts.front());
            around.may_be_empty = after.may_be_empty;
            around.may_take_newline |= after.may_take_newline;
            around.takes_a_byte = after.takes_a_byte;
            return check_anchors(regex.parts.front(), regex.most > 1 ? around : after);
        }
        case Kind::choice:
            for (const auto& part : regex.parts) BAILIFF_CHECK(check_anchors(part, after));
            return {};
        case Kind::sequence: {
            auto rest = after;
            for (auto part = regex.parts.rbegin(); part != regex.parts.rend(); ++part) {
                BAILIFF_CHECK(check_anchors(*part, rest));
                rest = then(outlook(*part), rest);
            }
            return {};
        }
        default:
            return {};
    }
}

void append_byte(std::string& out, unsigned byte) {
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                       (byte >= 'A' && byte <= 'Z') || byte == ' ' || byte == '_';
    if (plain) {
        out += static_cast<char>(byte);
        return;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

std::string set_text(const ByteSet& bytes) {
    if (bytes.all()) return "(?s:.)";
    if (bytes.none()) return "[^\\x00-\\xff]";
    std::string out;
    unsigned ranges = 0;
    for (unsigned first = 0; first < 256; ++first) {
        if (!bytes[first]) continue;
        unsigned last = first;
        while (last + 1 < 256 && bytes[last + 1]) ++last;
        append_byte(out, first);
        if (last > first) out += '-', append_byte(out, last);
        ++ranges;
        first = last;
    }
    return ranges == 1 && bytes.count() == 1 ? out : "[" + out + "]";
}

/// RE2's text of a piece, and the product of the counts nested in it, which RE2 bounds.
struct Piece {
    std::string text;
    std::uint64_t counts = 1;
    bool whole = false;  ///< can be followed by a quantifier as it is
};

constexpr std::uint64_t re2_counts_max = 1'000;

Failure too_large() {
    return fail(Fault::exhausted,
                "larger than " + std::to_string(re2_bytes_max) + " bytes when spelled out for RE2");
}

Result<Piece> translate(const Regex& regex);

/// x{least,most}, as several repeats one after the other when RE2 would refuse one.
Result<Piece> translate_repeat(const Regex& regex) {
    BAILIFF_TRY(auto one, translate(regex.parts.front()));
    if (regex.most == 0) return Piece{"(?:)", 1, true};
    if (!one.whole) one.text = "(?:" + one.text + ")";
    const std::string_view lazy = regex.lazy ? "?" : "";
    const bool endless = regex.most == repeat_unbounded;
    const std::uint64_t chunk = std::max<std::uint64_t>(1, re2_counts_max / one.counts);
    Piece out;
    out.counts = one.counts;
    const auto add = [&](std::uint64_t least, std::uint64_t most, std::string_view suffix) {
        out.text += one.text;
        out.text += suffix;
        out.text += lazy;
        out.counts = std::max(out.counts, one.counts * std::max(least, most));
        return out.text.size() <= re2_bytes_max;
    };
    const auto counted = [](std::uint64_t least, std::uint64_t most) {
        return "{" + std::to_string(least) + "," + std::to_string(most) + "}";
    };
    std::uint64_t must = regex.least;
    if (endless && must <= 1) {
        if (!add(1, 1, must == 0 ? "*" : "+")) return too_large();
        return out;
    }
    for (; must > chunk; must -= chunk) {
        if (!add(chunk, chunk, counted(chunk, chunk))) return too_large();
    }
    std::uint64_t may = endless ? 0 : regex.most - regex.least;
    const std::uint64_t first = std::min(may, chunk - must);
    if (!add(must, must + first,
             endless ? "{" + std::to_string(must) + ",}" : counted(must, must + first)))
        return too_large();
    for (may -= first; may > 0; may -= std::min(may, chunk)) {
        if (!add(0, std::min(may, chunk), counted(0, std::min(may, chunk)))) return too_large();
    }
    return out;
}

Result<Piece> translate_list(const Regex& regex, std::string_view between) {
    Piece out;
    for (const auto& part : regex.parts) {
        BAILIFF_TRY(auto piece, translate(part));
        if (&part != &regex.parts.front()) out.text += between;
        out.text += piece.text;
        out.counts = std::max(out.counts, piece.counts);
        if (out.text.size() > re2_bytes_max) return too_large();
    }
    return out;
}

Result<Piece> translate(const Regex& regex) {
    switch (regex.kind) {
        case Kind::set:
            return Piece{set_text(regex.bytes), 1, true};
        case Kind::text_begin:
            return Piece{"\\A", 1, false};
        case Kind::line_begin:
            return Piece{"(?m:^)", 1, true};
        case Kind::text_end:
            return Piece{"\\z", 1, false};
        case Kind::last_line_end:
            return Piece{"(?:\\n?\\z)", 1, true};
        case Kind::line_end:
            return Piece{"(?m:$)", 1, true};
        case Kind::word_edge:
            return Piece{"\\b", 1, false};
        case Kind::no_word_edge:
            return Piece{"\\B", 1, false};
        case Kind::sequence: {
            BAILIFF_TRY(auto piece, translate_list(regex, ""));
            piece.whole = false;
            return piece;
        }
        case Kind::choice: {
            BAILIFF_TRY(auto piece, translate_list(regex, "|"));
            piece.text = "(?:" + piece.text + ")";
            piece.whole = true;
            return piece;
        }
        case Kind::repeat:
            return translate_repeat(regex);
    }
    return fail(Fault::internal, "a tree with an unknown node");
}

bool holds_high_literal(const Regex& regex) {
    if (regex.kind == Kind::set && regex.bytes.count() == 1) return (regex.bytes >> 128).any();
    return std::any_of(regex.parts.begin(), regex.parts.end(), holds_high_literal);
}

}  // namespace

Result<std::string> to_re2(const Regex& regex) {
    BAILIFF_CHECK(check_anchors(regex, Outlook{}));
    BAILIFF_TRY(auto piece, translate(regex));
    // RE2 of 2022-06 forgets that it runs on bytes when it draws a common prefix out of a choice
    // (\xe9a|\xe9b), searches for the prefix in UTF-8, and misses. Behind an empty group it does
    // not search for prefixes.
    if (holds_high_literal(regex)) piece.text.insert(0, "(?:)");
    return std::move(piece.text);
}

}  // namespace bailiff::rules
