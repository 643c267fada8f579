#pragma once
// Random bytes, as an argument.

#include <cstdint>
#include <span>

namespace bailiff {

class Entropy {
public:
    virtual ~Entropy() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

}  // namespace bailiff
