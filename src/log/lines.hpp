#pragma once
// Reads text of whole lines, exactly: what our formats do not say is an error.

#include <bailiff/base64.hpp>
#include <bailiff/digest.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bailiff::log {

/// Takes the first line off `text`, without its line end; nothing if no line end is left.
[[nodiscard]] inline std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

/// Sizes and indexes stay below it, so that a reader with signed numbers agrees with us.
inline constexpr std::uint64_t size_max = (std::uint64_t{1} << 63U) - 1;

/// 0 to size_max, without sign, space or leading zero.
[[nodiscard]] inline std::optional<std::uint64_t> decimal(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > size_max)
        return std::nullopt;
    return value;
}

/// Nothing, if these are not 32 bytes.
[[nodiscard]] inline std::optional<Digest> digest_of(std::string_view bytes) {
    Digest digest;
    if (bytes.size() != digest.bytes.size()) return std::nullopt;
    std::ranges::copy(bytes, digest.bytes.begin());
    return digest;
}

[[nodiscard]] inline std::optional<Digest> digest_of_base64(std::string_view text) {
    const auto bytes = from_base64(text);
    return bytes ? digest_of(*bytes) : std::nullopt;
}

}  // namespace bailiff::log
