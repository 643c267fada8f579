#include <rules/rule_book.hpp>

namespace bailiff::rules {

Result<MilliPoints> parse_score(std::string_view text) {
    const auto wrong = [&] {
        return fail(Fault::invalid_input, "no score: " + std::string(text.substr(0, 40)) +
                                              ", expected a number from -" +
                                              std::to_string(score_max / 1000) + " to " +
                                              std::to_string(score_max / 1000));
    };
    auto digits = text;
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    std::int64_t value = 0;
    std::size_t seen = 0;
    bool is_zero = true;
    std::optional<std::size_t> fraction;  // digits behind the point
    for (const char c : digits) {
        if (c == '.' && !fraction) {
            fraction = 0;
            continue;
        }
        if (c < '0' || c > '9') return wrong();
        ++seen;
        is_zero = is_zero && c == '0';
        if (fraction && ++*fraction > 3) {
            if (*fraction == 4 && c >= '5') ++value;  // thousandths are what we count in
            continue;
        }
        value = value * 10 + (c - '0');
        if (value > score_max) return wrong();
    }
    if (seen == 0) return wrong();
    for (std::size_t place = fraction.value_or(0); place < 3; ++place) value *= 10;
    if (value > score_max) return wrong();
    if (value == 0 && !is_zero) value = 1;  // 0 would switch the rule off
    return static_cast<MilliPoints>(negative ? -value : value);
}

}  // namespace bailiff::rules
