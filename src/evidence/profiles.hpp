#pragma once
// Who may see what of a bag.

#include <algorithm>
#include <array>
#include <bailiff/evidence.hpp>
#include <string_view>

#include "src/evidence/bag.hpp"

namespace bailiff {

/// Which of the four disclosure tiers a recipient gets; the rest of a bag is for everybody.
struct Profile {
    std::string_view name;
    std::array<bool, 4> tiers;  ///< subscriber, identification, traffic, content
    bool recipients_whole;      ///< else masked ones only
    std::string_view what_for;
};

/// The holder's identity only to authorities and courts.
inline constexpr std::array profiles{
    Profile{"authority", {true, true, true, true}, true, "a requisition or production order"},
    Profile{"court", {true, true, true, true}, true, "a procedure before a court"},
    Profile{"art18-urgent", {true, true, true, true}, true, "a threat to life or safety"},
    Profile{"customer", {true, true, true, false}, false, "the holder, third parties masked"},
    Profile{"cert", {false, true, false, false}, false, "a CSIRT: infrastructure, no people"},
    Profile{"peer", {false, false, false, false}, false, "another provider"},
    Profile{"signal-spam", {false, false, false, false}, false, "Signal Spam"},
};

[[nodiscard]] constexpr const Profile* profile_of(std::string_view name) {
    const auto found = std::ranges::find(profiles, name, &Profile::name);
    return found == profiles.end() ? nullptr : &*found;
}

/// Whether a file, by its path below data/, is disclosed.
[[nodiscard]] inline bool discloses(const Profile& profile, std::string_view path) {
    const auto tier = tier_of(path);
    if (tier == 0) return true;
    if (!profile.tiers[tier - 1]) return false;
    return path != recipients_path || profile.recipients_whole;
}

}  // namespace bailiff
