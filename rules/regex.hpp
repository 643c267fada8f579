#pragma once
// A Perl pattern, as SpamAssassin files write it, as a tree over bytes; and what we make of it.

#include <bailiff/result.hpp>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::rules {

using ByteSet = std::bitset<256>;

inline constexpr std::size_t pattern_bytes_max = 16U << 10;  ///< of one pattern in a rule file
inline constexpr std::size_t pattern_depth_max = 100;        ///< groups within groups
inline constexpr std::size_t re2_bytes_max = 128U << 10;     ///< of one translated pattern
inline constexpr std::uint32_t repeat_max = 65'534;          ///< Perl's own bound
inline constexpr std::uint32_t repeat_unbounded = 0xFFFF'FFFF;

struct Regex {
    enum class Kind : std::uint8_t {
        set,            ///< one byte out of `bytes`; a literal is a set of one, or of two under /i
        text_begin,     ///< \A, and ^ without /m
        line_begin,     ///< ^ with /m
        text_end,       ///< \z
        last_line_end,  ///< \Z, and $ without /m: the end, or the newline before it
        line_end,       ///< $ with /m
        word_edge,      ///< \b
        no_word_edge,   ///< \B
        sequence,       ///< all of `parts`; none: the empty pattern
        choice,         ///< one of `parts`
        repeat,         ///< parts[0], `least` to `most` times
    };
    Kind kind = Kind::sequence;
    ByteSet bytes;
    std::vector<Regex> parts;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    bool lazy = false;
};

/// The tree of `pattern` by Perl's rules for byte strings under /aa.
/// Shape    `modifiers` of i s m x; a and g change nothing.
/// Errors   invalid_input: no Perl pattern, or one that needs a look-around, a back-reference or an
///          atomic group, which no automaton has; the text names the place.
/// Threads  any.
[[nodiscard]] Result<Regex> parse_regex(std::string_view pattern, std::string_view modifiers);

/// The same pattern in RE2's language, for Latin-1 without flags: matches where Perl matches.
/// Errors   invalid_input: an anchor in a place where RE2 has no equal.  exhausted: re2_bytes_max.
/// Threads  any.
[[nodiscard]] Result<std::string> to_re2(const Regex& regex);

/// Groups of strings: each match holds at least one string of each group. ASCII letters are in
/// lower case; each string has at least three bytes. No group: there is nothing rare enough to look
/// for.
using AtomGroups = std::vector<std::vector<std::string>>;
inline constexpr std::size_t atom_groups_max = 3;

/// Threads  any.
[[nodiscard]] AtomGroups required_atoms(const Regex& regex);

/// What stands between the delimiters of `/../mods`, `m{..}mods`, `m!..!mods`, `qr/../mods`.
struct RegexToken {
    std::string_view pattern;
    std::string_view modifiers;
};
[[nodiscard]] Result<RegexToken> split_regex(std::string_view token);

}  // namespace bailiff::rules
