#pragma once
// RFC 4648, section 4.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff {

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

[[nodiscard]] inline std::string to_base64(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= group.size() ? base64_alphabet[bits >> (18 - 6 * i) & 63U] : '=';
    }
    return text;
}

/// Nothing, if `text` is not whole groups of four with the padding that belongs to them.
[[nodiscard]] inline std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    auto digits = text;
    while (digits.ends_with('=') && text.size() - digits.size() < 2) digits.remove_suffix(1);
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    unsigned kept = 0;
    for (const auto c : digits) {
        const auto value = base64_alphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xffffU;
        kept += 6;
        if (kept < 8) continue;
        kept -= 8;
        bytes += static_cast<char>(bits >> kept & 0xffU);
    }
    // Bits that no byte needs would make two texts of one value.
    if ((bits & ((1U << kept) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace bailiff
