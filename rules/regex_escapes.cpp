// The half of RegexReader that reads backslashes and bracketed classes.

#include <rules/regex_classes.hpp>
#include <rules/regex_reader.hpp>

namespace bailiff::rules {
namespace {

bool is_octal(char c) {
    return c >= '0' && c <= '7';
}
bool is_letter_or_digit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<Regex::Kind> assertion(char letter) {
    switch (letter) {
        case 'A':
            return Regex::Kind::text_begin;
        case 'z':
            return Regex::Kind::text_end;
        case 'Z':
            return Regex::Kind::last_line_end;
        case 'b':
            return Regex::Kind::word_edge;
        case 'B':
            return Regex::Kind::no_word_edge;
        default:
            return std::nullopt;
    }
}

std::optional<unsigned char> control_letter(char letter) {
    switch (letter) {
        case 't':
            return '\t';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 'f':
            return '\f';
        case 'e':
            return 0x1B;
        case 'a':
            return 0x07;
        default:
            return std::nullopt;
    }
}

}  // namespace

Result<Regex> RegexReader::read_escape() {
    const char letter = peek(1);
    if (const auto kind = assertion(letter)) {
        if (peek(2) == '{' && (letter == 'b' || letter == 'B')) {
            return wrong("\\b{..} cannot run on RE2");
        }
        at_ += 2;
        Regex regex;
        regex.kind = *kind;
        return regex;
    }
    if (letter == 'k' || letter == 'g') return wrong("a back-reference cannot run on RE2");
    if (letter == 'N' && peek(2) == '{') return wrong("\\N{..} cannot run on RE2");
    BAILIFF_TRY(const auto item, read_escaped_byte(false));
    return set_of(item.bytes);
}

/// A backslash and what belongs to it.
Result<RegexReader::Item> RegexReader::read_escaped_byte(bool in_class) {
    if (at_ + 1 >= text_.size()) return wrong("a backslash at the end");
    const char letter = peek(1);
    if (const auto bytes = escape_class(letter); bytes && !(in_class && letter == 'N')) {
        at_ += 2;
        return Item{*bytes, std::nullopt};
    }
    auto single = control_letter(letter);
    if (in_class && letter == 'b') single = 0x08;
    if (single) {
        at_ += 2;
        return Item{single_byte(*single), single};
    }
    if (letter == 'x') return read_hex();
    if (letter == 'c') return read_control();
    if (const auto octal = read_octal(in_class)) return Item{single_byte(*octal), octal};
    if (letter >= '1' && letter <= '9') return wrong("a back-reference cannot run on RE2");
    if (is_letter_or_digit(letter)) {
        return wrong(std::string("the escape \\") + letter + " is unknown or cannot run on RE2");
    }
    at_ += 2;  // needless: \_ \@ \/ and so on
    const auto byte = static_cast<unsigned char>(letter);
    return Item{single_byte(byte), byte};
}

/// \xH, \xHH, \x{..}; none at all is a NUL, as in Perl.
Result<RegexReader::Item> RegexReader::read_hex() {
    at_ += 2;
    const bool braced = take("{");
    unsigned value = 0;
    for (std::size_t count = 0; hex_value(peek()) >= 0 && !at_end(); ++count, ++at_) {
        if (!braced && count == 2) break;
        value = value * 16 + static_cast<unsigned>(hex_value(peek()));
        if (value > 0xFF) return wrong("a character above \\xFF: patterns run on bytes");
    }
    if (braced && !take("}")) return wrong("a \\x{ without its }");
    const auto byte = static_cast<unsigned char>(value);
    return Item{single_byte(byte), byte};
}

Result<RegexReader::Item> RegexReader::read_control() {
    char letter = peek(2);
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    if (letter < '?' || letter > '_') return wrong("a \\c without its letter");
    at_ += 3;
    const auto byte = static_cast<unsigned char>(letter ^ 0x40);
    return Item{single_byte(byte), byte};
}

/// \0 to \077 anywhere; other digits only in a class, or three of them: else a back-reference.
std::optional<unsigned char> RegexReader::read_octal(bool in_class) {
    std::size_t digits = 0;
    while (digits < 3 && is_octal(peek(1 + digits))) ++digits;
    const bool whole = digits == 3 && peek(1) <= '3';
    if (digits == 0 || (peek(1) != '0' && !in_class && !whole)) return std::nullopt;
    if (digits == 3 && !whole) --digits;
    unsigned value = 0;
    for (std::size_t digit = 1; digit <= digits; ++digit) {
        value = value * 8 + static_cast<unsigned>(peek(digit) - '0');
    }
    at_ += 1 + digits;
    return static_cast<unsigned char>(value);
}

Result<Regex> RegexReader::read_class() {
    ++at_;
    const bool negated = take("^");
    ByteSet bytes;
    for (bool first = true; first || peek() != ']'; first = false) {
        if (at_end()) return wrong("a [ without its ]");
        BAILIFF_TRY(const auto item, read_class_item());
        const bool range = item.single && peek() == '-' && peek(1) != ']' && at_ + 1 < text_.size();
        if (!range) {
            bytes |= item.bytes;
            continue;
        }
        ++at_;
        BAILIFF_TRY(const auto last, read_class_item());
        if (!last.single) {  // [a-\d]: the hyphen stands for itself
            bytes |= item.bytes | single_byte('-') | last.bytes;
        } else if (*last.single < *item.single) {
            return wrong("a range whose end is below its beginning");
        } else {
            bytes |= byte_range(*item.single, *last.single);
        }
    }
    ++at_;
    Regex regex = set_of(bytes);
    if (negated) regex.bytes.flip();
    return regex;
}

Result<RegexReader::Item> RegexReader::read_class_item() {
    if (peek() == '\\') return read_escaped_byte(true);
    BAILIFF_TRY(const auto named, read_posix());
    if (named) return Item{*named, std::nullopt};
    const auto byte = static_cast<unsigned char>(peek());
    ++at_;
    return Item{single_byte(byte), byte};
}

Result<std::optional<ByteSet>> RegexReader::read_posix() {
    if (!looks_at("[:")) return std::optional<ByteSet>();
    const auto end = text_.find(":]", at_ + 2);
    if (end == std::string_view::npos) return std::optional<ByteSet>();
    const auto name = text_.substr(at_ + 2, end - at_ - 2);
    if (name.find_first_of("[]\\") != std::string_view::npos) return std::optional<ByteSet>();
    const auto bytes = posix_class(name);
    if (!bytes) return wrong("an unknown class [:" + std::string(name) + ":]");
    at_ = end + 2;
    return bytes;
}

}  // namespace bailiff::rules
