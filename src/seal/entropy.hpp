#pragma once
// The operating system's random bytes.

#include <bailiff/ports/entropy.hpp>

namespace bailiff {

/// Fills from getrandom(2).
/// Errors   none: a kernel that gives no random bytes ends the process; nothing would be safe.
/// Threads  any.
class SystemEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace bailiff
