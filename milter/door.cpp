#include "milter/door.hpp"

#include <bailiff/guard.hpp>

namespace bailiff {
namespace {

std::string_view tag_of(const MacroSource& macros) {
    for (const char* name : {"{bailiff_door}", "bailiff_door", "{daemon_name}"})
        if (const auto value = macros.get(name); !value.empty()) return value;
    return {};
}

bool is_loopback(std::string_view address) {
    return address == "127.0.0.1" || address == "::1";
}

}  // namespace

Door tell_door(const DoorTags& tags, const MacroSource& macros,
               std::string_view client_address) noexcept {
    if (const auto tag = tag_of(macros); !tag.empty()) {
        if (tag == tags.local) return Door::local;
        if (tag == tags.submission) return Door::submission;
    }
    // A script that speaks SMTP to localhost also shows a loopback address.
    const bool address_tells = guard(Guard::door_is_told_by_tag, false);
    return address_tells && is_loopback(client_address) ? Door::local : Door::unknown;
}

}  // namespace bailiff
