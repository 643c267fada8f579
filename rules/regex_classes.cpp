#include <rules/regex_classes.hpp>
#include <array>
#include <utility>

namespace bailiff::rules {

ByteSet single_byte(unsigned char byte) {
    ByteSet set;
    set.set(byte);
    return set;
}

ByteSet byte_range(unsigned char first, unsigned char last) {
    ByteSet set;
    for (unsigned byte = first; byte <= last; ++byte) set.set(byte);
    return set;
}

namespace {

ByteSet digits() {
    return byte_range('0', '9');
}
ByteSet letters() {
    return byte_range('a', 'z') | byte_range('A', 'Z');
}
ByteSet word() {
    return letters() | digits() | single_byte('_');
}
ByteSet space() {
    return byte_range('\t', '\r') | single_byte(' ');
}  // with VT, unlike RE2
ByteSet graphic() {
    return byte_range('!', '~');
}
// \h and \v are not bound by /aa: they hold NBSP and NEL.
ByteSet horizontal() {
    return single_byte('\t') | single_byte(' ') | single_byte(0xA0);
}
ByteSet vertical() {
    return byte_range('\n', '\r') | single_byte(0x85);
}

}  // namespace

std::optional<ByteSet> escape_class(char letter) {
    switch (letter) {
        case 'd':
            return digits();
        case 'D':
            return ~digits();
        case 'w':
            return word();
        case 'W':
            return ~word();
        case 's':
            return space();
        case 'S':
            return ~space();
        case 'h':
            return horizontal();
        case 'H':
            return ~horizontal();
        case 'v':
            return vertical();
        case 'V':
            return ~vertical();
        case 'N':
            return ~single_byte('\n');
        default:
            return std::nullopt;
    }
}

std::optional<ByteSet> posix_class(std::string_view name) {
    using Row = std::pair<std::string_view, ByteSet>;
    static const std::array table{
        Row{"alpha", letters()},
        Row{"digit", digits()},
        Row{"alnum", letters() | digits()},
        Row{"upper", byte_range('A', 'Z')},
        Row{"lower", byte_range('a', 'z')},
        Row{"punct", graphic() & ~(letters() | digits())},
        Row{"space", space()},
        Row{"blank", single_byte('\t') | single_byte(' ')},
        Row{"cntrl", byte_range(0, 0x1F) | single_byte(0x7F)},
        Row{"graph", graphic()},
        Row{"print", byte_range(' ', '~')},
        Row{"xdigit", digits() | byte_range('a', 'f') | byte_range('A', 'F')},
        Row{"word", word()},
        Row{"ascii", byte_range(0, 0x7F)},
    };
    const bool negated = name.starts_with('^');
    if (negated) name.remove_prefix(1);
    for (const auto& [known, set] : table) {
        if (known == name) return negated ? ~set : set;
    }
    return std::nullopt;
}

ByteSet fold_case(const ByteSet& bytes) {
    ByteSet folded = bytes;
    const auto pair = [&](unsigned upper, unsigned lower) {
        if (bytes[upper]) folded.set(lower);
        if (bytes[lower]) folded.set(upper);
    };
    for (unsigned upper = 'A'; upper <= 'Z'; ++upper) pair(upper, upper + 0x20);
    for (unsigned upper = 0xC0; upper <= 0xDE; ++upper) {
        if (upper != 0xD7) pair(upper, upper + 0x20);
    }
    return folded;
}

}  // namespace bailiff::rules
