#include "src/seal/entropy.hpp"

#include <bailiff/digest.hpp>
#include <bailiff/ensure.hpp>
#include <cerrno>
#include <sys/random.h>

namespace bailiff {

void SystemEntropy::fill(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto got = getrandom(bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        BAILIFF_ENSURE(got > 0);
        bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
}

Digest fresh_salt() {
    Digest salt;
    SystemEntropy().fill(salt.bytes);
    return salt;
}

}  // namespace bailiff
