#pragma once
// For our own bugs only; never on anything that a sender, a hook or a peer can influence.

#include <cstdio>
#include <cstdlib>

namespace bailiff {
[[noreturn]] inline void ensure_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "bailiff: our own bug: %s at %s:%d\n", condition, file, line);
    std::abort();
}
}  // namespace bailiff

#define BAILIFF_ENSURE(condition) \
    ((condition) ? static_cast<void>(0) : ::bailiff::ensure_failed(#condition, __FILE__, __LINE__))
