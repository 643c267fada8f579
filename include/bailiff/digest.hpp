#pragma once
// SHA-256, so that the pure stations can hash without seeing a library.

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace bailiff {

struct Digest {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const Digest&) const = default;

    /// 64 lower-case hexadecimal digits.
    [[nodiscard]] std::string hex() const {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        text.reserve(64);
        for (const auto byte : bytes) {
            text += digits[byte >> 4];
            text += digits[byte & 15];
        }
        return text;
    }
};

/// Defined in src/seal/digest.cpp.  Threads  any.
[[nodiscard]] Digest sha256(std::string_view bytes);

/// 32 random bytes. Defined in src/seal/entropy.cpp.  Threads  any.
[[nodiscard]] Digest fresh_salt();

}  // namespace bailiff
