#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bailiff {

/// What the ledger can do at present.
enum class LedgerState : std::uint8_t {
    ok,
    filling,    ///< the map is nearly as full as messages may make it; then no case is opened
    full,       ///< map, disk or quota: nothing can be written
    read_only,  ///< the file system refuses writing
    stuck,      ///< another process holds the write lock, or the disk does not answer
    broken,     ///< a write failed, or the file is bad: cannot be used until opened anew
};
[[nodiscard]] constexpr std::string_view to_text(LedgerState state) {
    switch (state) {
        case LedgerState::ok:
            return "ok";
        case LedgerState::filling:
            return "filling";
        case LedgerState::full:
            return "full";
        case LedgerState::read_only:
            return "read_only";
        case LedgerState::stuck:
            return "stuck";
        case LedgerState::broken:
            return "broken";
    }
    return "";
}

struct LedgerHealth {
    LedgerState state = LedgerState::ok;
    std::string why;                 ///< empty when ok
    std::uint64_t corrupt_seen = 0;  ///< records that failed their checksum since the opening
    std::uint64_t reopened = 0;      ///< times it came back from `broken`

    /// Whether an attempt to write is worth its while.
    [[nodiscard]] bool is_writable() const {
        return state == LedgerState::ok || state == LedgerState::filling;
    }
};

}  // namespace bailiff
