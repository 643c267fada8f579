#pragma once
// All chance of one simulated world, from one seed.

#include <bailiff/ports/entropy.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bailiff::simulation {

using Duration = std::chrono::milliseconds;

/// SplitMix64: the same numbers on every machine.  Threads  one.
class Chance final : public Entropy {
public:
    /// Mixed first: else the next seed has the same numbers, one later.
    explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {
        state_ = next();
    }

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    /// From 0 to `count` - 1.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }
    bool in_1000(std::size_t share) { return below(1000) < share; }
    /// Anywhere from `least` to `most`; small ones are as likely as large ones.
    Duration between(Duration least, Duration most) {
        const auto width = static_cast<std::size_t>((most - least).count()) + 1;
        const auto bound = below(2) == 0 ? width : width / 16 + 1;
        return least + Duration(static_cast<std::int64_t>(below(bound)));
    }
    template <class Value>
    const Value& one_of(const std::vector<Value>& values) {
        return values.at(below(values.size()));
    }
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(next());
    }

private:
    std::uint64_t state_;
};

}  // namespace bailiff::simulation
