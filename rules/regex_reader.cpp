#include <rules/regex_reader.hpp>
#include <rules/regex_classes.hpp>
#include <array>
#include <charconv>

namespace bailiff::rules {
namespace {

Regex node(Regex::Kind kind) {
    Regex regex;
    regex.kind = kind;
    return regex;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Refused {
    std::string_view opening, what;
};
/// Group openings that no automaton has.
constexpr std::array refused_groups{
    Refused{"(?=", "a look-ahead (?=..) cannot run on RE2"},
    Refused{"(?!", "a look-ahead (?!..) cannot run on RE2"},
    Refused{"(?<=", "a look-behind (?<=..) cannot run on RE2"},
    Refused{"(?<!", "a look-behind (?<!..) cannot run on RE2"},
    Refused{"(?>", "an atomic group (?>..) cannot run on RE2"},
    Refused{"(?(", "a condition (?(..)..) cannot run on RE2"},
    Refused{"(?{", "code (?{..}) is never run"},
    Refused{"(??{", "code (??{..}) is never run"},
    Refused{"(?R", "a recursion cannot run on RE2"},
    Refused{"(?&", "a recursion cannot run on RE2"},
    Refused{"(?P=", "a back-reference cannot run on RE2"},
    Refused{"(?P>", "a recursion cannot run on RE2"},
    Refused{"(*", "a verb (*..) cannot run on RE2"},
};

}  // namespace

Result<Regex> parse_regex(std::string_view pattern, std::string_view modifiers) {
    if (pattern.size() > pattern_bytes_max) {
        return fail(Fault::invalid_input,
                    "pattern longer than " + std::to_string(pattern_bytes_max) + " bytes");
    }
    RegexReader::Flags flags;
    for (const char modifier : modifiers) {
        if (modifier == 'g' || modifier == 'a') continue;
        if (!RegexReader::set_flag(flags, modifier, true)) {
            return fail(Fault::invalid_input,
                        std::string("unknown modifier '") + modifier + "', expected i, s, m or x");
        }
    }
    return RegexReader(pattern, flags).read_all();
}

bool RegexReader::set_flag(Flags& flags, char letter, bool on) {
    switch (letter) {
        case 'i':
            flags.fold = on;
            return true;
        case 's':
            flags.dot_all = on;
            return true;
        case 'm':
            flags.lines = on;
            return true;
        case 'x':
            flags.extended = on;
            return true;
        default:
            return false;
    }
}

Failure RegexReader::wrong(std::string what) const {
    return fail(Fault::invalid_input, std::move(what) + " (at byte " + std::to_string(at_) + ")");
}

Regex RegexReader::set_of(const ByteSet& bytes) const {
    Regex regex = node(Regex::Kind::set);
    regex.bytes = flags_.fold ? fold_case(bytes) : bytes;
    return regex;
}

Result<Regex> RegexReader::read_all() {
    BAILIFF_TRY(auto regex, read_choice());
    if (!at_end()) return wrong("a ) without its (");
    return regex;
}

Result<Regex> RegexReader::read_choice() {
    if (++depth_ > pattern_depth_max) return wrong("groups nested too deep");
    const Flags outer = flags_;
    Regex choice = node(Regex::Kind::choice);
    do {
        BAILIFF_TRY(auto branch, read_sequence());
        choice.parts.push_back(std::move(branch));
    } while (take("|"));
    flags_ = outer;
    --depth_;
    if (choice.parts.size() > 1) return choice;
    Regex only = std::move(choice.parts.front());
    return only;
}

Result<Regex> RegexReader::read_sequence() {
    Regex sequence = node(Regex::Kind::sequence);
    for (skip_ignored(); !at_end() && peek() != '|' && peek() != ')'; skip_ignored()) {
        BAILIFF_TRY(auto atom, read_atom());
        skip_ignored();
        BAILIFF_TRY(auto repeated, read_repeat(std::move(atom)));
        sequence.parts.push_back(std::move(repeated));
    }
    return sequence;
}

void RegexReader::skip_ignored() {
    for (;;) {
        if (looks_at("(?#")) {
            const auto end = text_.find(')', at_);
            at_ = end == std::string_view::npos ? text_.size() : end + 1;
        } else if (flags_.extended && !at_end() &&
                   escape_class('s')->test(static_cast<unsigned char>(peek()))) {
            ++at_;
        } else if (flags_.extended && peek() == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else {
            return;
        }
    }
}

Result<Regex> RegexReader::read_atom() {
    const char c = peek();
    switch (c) {
        case '(':
            return read_group();
        case '[':
            return read_class();
        case '\\':
            return read_escape();
        case '*':
        case '+':
        case '?':
            return wrong("a quantifier that follows nothing");
        default:
            break;
    }
    ++at_;
    switch (c) {
        case '.': {
            Regex any = node(Regex::Kind::set);
            any.bytes = flags_.dot_all ? ~ByteSet() : ~single_byte('\n');
            return any;
        }
        case '^':
            return node(flags_.lines ? Regex::Kind::line_begin : Regex::Kind::text_begin);
        case '$':
            return node(flags_.lines ? Regex::Kind::line_end : Regex::Kind::last_line_end);
        default:
            return set_of(single_byte(static_cast<unsigned char>(c)));
    }
}

Result<Regex> RegexReader::read_group() {
    for (const auto& [opening, what] : refused_groups) {
        if (looks_at(opening)) return wrong(std::string(what));
    }
    if (looks_at("(?")) return read_special_group();
    take("(");
    return finish_group();
}

Result<Regex> RegexReader::finish_group() {
    BAILIFF_TRY(auto inner, read_choice());
    if (!take(")")) return wrong("a ( without its )");
    return inner;
}

Result<Regex> RegexReader::read_special_group() {
    take("(?");
    if (take(":") || take("|")) return finish_group();
    if (take("P<") || take("<") || take("'")) {
        BAILIFF_CHECK(skip_group_name());
        return finish_group();
    }
    return read_flag_group();
}

Result<void> RegexReader::skip_group_name() {
    const char close = text_[at_ - 1] == '\'' ? '\'' : '>';
    const auto end = text_.find(close, at_);
    if (end == std::string_view::npos || end == at_) return wrong("a group name without its end");
    for (; at_ < end; ++at_) {
        if (!escape_class('w')->test(static_cast<unsigned char>(peek()))) {
            return wrong("a group name of other than word characters");
        }
    }
    ++at_;
    return {};
}

/// (?i) changes the rest of the enclosing group; (?i:..) has a group of its own.
Result<Regex> RegexReader::read_flag_group() {
    Flags flags = flags_;
    if (take("^")) flags = {};
    for (bool on = true; !at_end(); ++at_) {
        const char c = peek();
        if (c == '-' && on) {
            on = false;
        } else if (c == ')') {
            ++at_;
            flags_ = flags;
            return node(Regex::Kind::sequence);
        } else if (c == ':') {
            ++at_;
            const Flags outer = std::exchange(flags_, flags);
            auto inner = finish_group();
            flags_ = outer;
            return inner;
        } else if (c != 'a' && !set_flag(flags, c, on)) {
            return wrong("an unknown group (?.., expected (?: (?i) or (?<name>");
        }
    }
    return wrong("a ( without its )");
}

Result<Regex> RegexReader::read_repeat(Regex atom) {
    BAILIFF_TRY(const auto count, read_count());
    if (!count) return atom;
    if (peek() == '+') return wrong("a possessive quantifier cannot run on RE2");
    Regex repeat = node(Regex::Kind::repeat);
    repeat.lazy = take("?");
    repeat.least = count->least;
    repeat.most = count->most;
    repeat.parts.push_back(std::move(atom));
    skip_ignored();
    BAILIFF_TRY(const auto second, read_count());
    if (second) return wrong("a quantifier behind a quantifier");
    return repeat;
}

/// What stands in {..} here, if it is a quantifier and no literal brace.
std::optional<std::string_view> RegexReader::brace_count() const {
    if (peek() != '{') return std::nullopt;
    const auto close = text_.find('}', at_);
    if (close == std::string_view::npos) return std::nullopt;
    const auto inside = text_.substr(at_ + 1, close - at_ - 1);
    std::size_t digits = 0;
    std::size_t commas = 0;
    for (const char c : inside) {
        if (is_digit(c))
            ++digits;
        else if (c == ',')
            ++commas;
        else
            return std::nullopt;
    }
    if (digits == 0 || commas > 1) return std::nullopt;
    return inside;
}

Result<std::optional<RegexReader::Count>> RegexReader::read_count() {
    if (take("*")) return std::optional(Count{0, repeat_unbounded});
    if (take("+")) return std::optional(Count{1, repeat_unbounded});
    if (take("?")) return std::optional(Count{0, 1});
    const auto inside = brace_count();
    if (!inside) return std::optional<Count>();
    const auto number = [](std::string_view text, std::uint32_t fallback) {
        std::uint32_t value = fallback;
        if (text.empty()) return value;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() ? value : repeat_max + 1;
    };
    const auto comma = inside->find(',');
    const auto least = number(inside->substr(0, comma), 0);
    const auto most = comma == std::string_view::npos
                          ? least
                          : number(inside->substr(comma + 1), repeat_unbounded);
    if (least > repeat_max || (most != repeat_unbounded && most > repeat_max)) {
        return wrong("a count above " + std::to_string(repeat_max));
    }
    if (least > most) return wrong("a {n,m} whose n is above its m");
    at_ += inside->size() + 2;
    return std::optional(Count{least, most});
}

}  // namespace bailiff::rules
