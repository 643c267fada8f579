#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/limits.hpp>
#include <bailiff/ports/directory.hpp>
#include <string_view>

namespace bailiff {

/// Whether the panel's data may be believed. Only `ok` may touch a customer.
enum class DirectoryState : std::uint8_t {
    ok,
    old,     ///< older than limits::directory_age_max
    ahead,   ///< imported in our future: a clock is wrong, and with it who had what when
    absent,  ///< nothing was ever imported
    unreadable,
};
[[nodiscard]] constexpr std::string_view to_text(DirectoryState state) {
    switch (state) {
        case DirectoryState::ok:
            return "ok";
        case DirectoryState::old:
            return "old";
        case DirectoryState::ahead:
            return "ahead";
        case DirectoryState::absent:
            return "absent";
        case DirectoryState::unreadable:
            return "unreadable";
    }
    return "";
}

/// While the machine's clock has jumped, an import counts by whichever time makes it fresh: it was
/// taken either before the jump or after it.
[[nodiscard]] inline DirectoryState directory_state(const Result<DirectoryInfo>& info,
                                                    const Clock& clock) {
    if (!info)
        return info.error().fault == Fault::not_found ? DirectoryState::absent
                                                      : DirectoryState::unreadable;
    const auto by = [&](Instant now) {
        const auto age = now - info->imported;
        if (age < -limits::directory_ahead_max) return DirectoryState::ahead;
        return age <= limits::directory_age_max ? DirectoryState::ok : DirectoryState::old;
    };
    const auto own = by(clock.now());
    return own == DirectoryState::ok ? own : by(clock.told());
}

}  // namespace bailiff
