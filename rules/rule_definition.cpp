#include <rules/rule.hpp>

namespace bailiff::rules {
namespace {

Failure wrong(std::string what) {
    return fail(Fault::invalid_input, std::move(what));
}

Result<std::shared_ptr<const Pattern>> shared_pattern(std::string_view token) {
    BAILIFF_TRY(auto pattern, Pattern::compile(token));
    return std::shared_ptr<const Pattern>(std::move(pattern));
}

/// Takes "[if-unset: TEXT]" off the end.
std::optional<std::string> take_if_unset(std::string_view& text) {
    constexpr std::string_view opening = "[if-unset:";
    const auto at = text.rfind(opening);
    if (at == std::string_view::npos || !text.ends_with(']')) return std::nullopt;
    auto value = text.substr(at + opening.size(), text.size() - at - opening.size() - 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    text = text.substr(0, text.find_last_not_of(" \t", at - 1) + 1);
    return std::string(value);
}

Result<Rule> parse_header(std::string_view text) {
    Rule rule;
    if (text.starts_with("exists:")) {
        text.remove_prefix(7);
        const auto header = take_word(text);
        BAILIFF_TRY(rule.target, parse_header_target(header));
        if (!text.empty()) return wrong("expected nothing behind exists:" + std::string(header));
        return rule;
    }
    BAILIFF_TRY(rule.target, parse_header_target(take_word(text)));
    const auto comparison = take_word(text);
    if (comparison != "=~" && comparison != "!~") {
        return wrong("expected exists:HEADER, or HEADER =~ /../, or HEADER !~ /../");
    }
    rule.negated = comparison == "!~";
    rule.target.if_unset = take_if_unset(text);
    BAILIFF_TRY(rule.pattern, shared_pattern(text));
    return rule;
}

}  // namespace

Result<Rule> parse_definition(Rule::Kind kind, std::string_view text) {
    if (text.starts_with("eval:")) return wrong("eval: functions are not supported yet");
    Rule rule;
    if (kind == Rule::Kind::header) {
        BAILIFF_TRY(rule, parse_header(text));
    } else if (kind == Rule::Kind::meta) {
        BAILIFF_TRY(rule.expression, Expression::parse(text));
    } else {
        BAILIFF_TRY(rule.pattern, shared_pattern(text));
    }
    rule.kind = kind;
    return rule;
}

}  // namespace bailiff::rules
