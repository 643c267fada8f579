#include "milter/uid_header.hpp"

#include <bailiff/guard.hpp>

#include <algorithm>
#include <charconv>

namespace bailiff {
namespace {

constexpr std::string_view digits = "0123456789";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view last_number(std::string_view text) {
    const auto last = text.find_last_of(digits);
    if (last == std::string_view::npos) return {};
    const auto before = text.find_last_not_of(digits, last);
    const auto first = before == std::string_view::npos ? 0 : before + 1;
    return text.substr(first, last - first + 1);
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 10 &&
           text.find_first_not_of(digits) == std::string_view::npos;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

bool is_header(std::string_view name, std::string_view wanted) noexcept {
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    return std::ranges::equal(name, wanted, {}, lower, lower);
}

std::optional<std::uint32_t> parse_uid(std::string_view value) noexcept {
    auto text = trimmed(value);
    if (!guard(Guard::uid_header_is_digits_only, is_number(text))) return std::nullopt;
    if (!is_number(text)) text = last_number(text);
    std::uint32_t uid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return uid;
}

}  // namespace bailiff
