#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "src/memory/packed.hpp"

namespace bailiff {

/// The sum, held at the end of its type.
[[nodiscard]] constexpr std::uint32_t add_held(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t sum = std::uint64_t{a} + b;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
}

/// The whole units of time that lie before `ms`.
[[nodiscard]] constexpr std::int64_t unit_of(std::int64_t ms, std::int64_t unit_ms) {
    return ms >= 0 ? ms / unit_ms : (ms - unit_ms + 1) / unit_ms;
}

/// Where a unit has its place among `size` of them.
template <std::size_t size>
[[nodiscard]] constexpr std::size_t slot(std::int64_t unit) {
    const auto length = static_cast<std::int64_t>(size);
    return static_cast<std::size_t>((unit % length + length) % length);
}

/// Sums over the latest `size` units of time, the present one included.
template <std::size_t size>
class Window {
public:
    /// Order    `unit` never smaller than before.
    void add(std::int64_t unit, std::uint32_t amount) {
        advance(unit);
        auto& present = amounts_[slot<size>(latest_)];
        present = add_held(present, amount);
    }
    [[nodiscard]] std::uint32_t sum(std::int64_t unit) {
        advance(unit);
        std::uint32_t total = 0;
        for (const auto amount : amounts_) total = add_held(total, amount);
        return total;
    }

    void write(std::string& bytes) const {
        pack(bytes, latest_);
        for (const auto amount : amounts_) pack(bytes, amount);
    }
    /// False: the bytes end too early.
    [[nodiscard]] bool read(std::string_view& bytes) {
        return unpack(bytes, latest_) &&
               std::ranges::all_of(amounts_, [&](auto& amount) { return unpack(bytes, amount); });
    }

private:
    void advance(std::int64_t unit) {
        if (unit <= latest_) return;
        const auto passed = std::min<std::int64_t>(unit - latest_, static_cast<std::int64_t>(size));
        for (std::int64_t back = 0; back < passed; ++back) amounts_[slot<size>(unit - back)] = 0;
        latest_ = unit;
    }
    std::array<std::uint32_t, size> amounts_{};
    std::int64_t latest_ = INT64_MIN / 2;
};

}  // namespace bailiff
