#pragma once
// Which door a connection came in by.

#include <bailiff/submission.hpp>
#include <string>
#include <string_view>

#include "milter/macros.hpp"

namespace bailiff {

/// [milter]: values of the tags that the Postfix services carry; an empty one names no door.
struct DoorTags {
    std::string submission;
    std::string local;
};

/// The door by tag: {bailiff_door}, or {daemon_name} without it; never by address.
/// Shape    `client_address` is canonical; it is looked at only when a test took the guard away.
[[nodiscard]] Door tell_door(const DoorTags& tags, const MacroSource& macros,
                             std::string_view client_address) noexcept;

}  // namespace bailiff
