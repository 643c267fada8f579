#include <rules/regex.hpp>

namespace bailiff::rules {
namespace {

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_word(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

char closing(char opening) {
    switch (opening) {
        case '{':
            return '}';
        case '(':
            return ')';
        case '[':
            return ']';
        case '<':
            return '>';
        default:
            return opening;
    }
}

bool holds_unescaped(std::string_view pattern, char delimiter) {
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '\\')
            ++at;
        else if (pattern[at] == delimiter)
            return true;
    }
    return false;
}

}  // namespace

Result<RegexToken> split_regex(std::string_view token) {
    const auto shape = [] {
        return fail(Fault::invalid_input, "no pattern, expected /../ or m{..} with modifiers");
    };
    if (token.starts_with("qr"))
        token.remove_prefix(2);
    else if (token.starts_with('m'))
        token.remove_prefix(1);
    else if (!token.starts_with('/'))
        return shape();
    if (token.size() < 2 || is_word(token[0]) || token[0] == ' ') return shape();
    const char open = token[0];
    const char close = closing(open);
    std::size_t end = token.size();
    while (end > 1 && is_lower(token[end - 1])) --end;
    if (end < 2 || token[end - 1] != close) {
        return fail(Fault::invalid_input, std::string("a pattern without its closing ") + close);
    }
    const RegexToken split{token.substr(1, end - 2), token.substr(end)};
    if (open == close && holds_unescaped(split.pattern, close)) {
        return fail(Fault::invalid_input,
                    std::string("an unescaped ") + close + " in the pattern, expected \\" + close);
    }
    // The final delimiter may itself be escaped: /abc\/ has no end.
    std::size_t slashes = 0;
    while (slashes < split.pattern.size() &&
           split.pattern[split.pattern.size() - 1 - slashes] == '\\') {
        ++slashes;
    }
    if (slashes % 2 == 1) {
        return fail(Fault::invalid_input, std::string("a pattern without its closing ") + close);
    }
    return split;
}

}  // namespace bailiff::rules
