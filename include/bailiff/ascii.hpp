#pragma once
// Letters as mail knows them: ASCII, never the locale's (fault C11).

#include <algorithm>
#include <string>
#include <string_view>

namespace bailiff::ascii {

[[nodiscard]] constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
[[nodiscard]] constexpr bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
[[nodiscard]] constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] constexpr bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}
[[nodiscard]] constexpr bool is_alnum(char c) {
    return is_letter(c) || is_digit(c);
}

[[nodiscard]] constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// 0 to 15, or -1.
[[nodiscard]] constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

[[nodiscard]] inline std::string to_lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

/// `small` is in lower case.
[[nodiscard]] constexpr bool equal(std::string_view text, std::string_view small) {
    return std::ranges::equal(text, small, {}, lower);
}
[[nodiscard]] constexpr bool begins(std::string_view text, std::string_view small) {
    return text.size() >= small.size() && equal(text.substr(0, small.size()), small);
}
[[nodiscard]] constexpr bool ends(std::string_view text, std::string_view small) {
    return text.size() >= small.size() && equal(text.substr(text.size() - small.size()), small);
}

/// Without white space at both ends.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace bailiff::ascii
