#pragma once
// One observation about a message.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// A kind of witness.
enum class Family : std::uint8_t { rules, rspamd, behaviour, reputation, complaint };
inline constexpr std::array families{Family::rules, Family::rspamd, Family::behaviour,
                                     Family::reputation, Family::complaint};

[[nodiscard]] constexpr std::string_view to_text(Family family) {
    switch (family) {
        case Family::rules: return "rules";
        case Family::rspamd: return "rspamd";
        case Family::behaviour: return "behaviour";
        case Family::reputation: return "reputation";
        case Family::complaint: return "complaint";
    }
    return "";
}

/// The families that a finding rests on. Empty: the finding tells a state (a limit that was hit, a
/// witness that is away) and weighs nothing.
class FamilySet {
public:
    constexpr FamilySet() = default;
    constexpr FamilySet(Family family) : bits_(bit(family)) {}  // NOLINT: a family is a set of one
    [[nodiscard]] constexpr bool has(Family family) const { return (bits_ & bit(family)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    /// Only this one: a finding that rests on several lifts the line of none (design §4.4).
    [[nodiscard]] constexpr bool is_only(Family family) const { return bits_ == bit(family); }
    [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }
    [[nodiscard]] static constexpr FamilySet from_bits(std::uint8_t bits) {
        FamilySet set;
        set.bits_ = bits & 31U;
        return set;
    }
    friend constexpr FamilySet operator|(FamilySet a, FamilySet b) {
        return from_bits(static_cast<std::uint8_t>(a.bits_ | b.bits_));
    }
    friend constexpr bool operator==(FamilySet, FamilySet) = default;

private:
    static constexpr std::uint8_t bit(Family family) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(family));
    }
    std::uint8_t bits_ = 0;
};

/// "rules", "rules+rspamd", or "state" for none.
[[nodiscard]] inline std::string to_text(FamilySet set) {
    std::string text;
    for (const auto family : families) {
        if (!set.has(family)) continue;
        if (!text.empty()) text += '+';
        text += to_text(family);
    }
    return text.empty() ? "state" : text;
}

/// Thousandths of a point: 5.0 points are 5000.
using MilliPoints = std::int32_t;

/// The sum, held at the ends of the type instead of passing them.
[[nodiscard]] constexpr MilliPoints add(MilliPoints a, MilliPoints b) {
    using Ends = std::numeric_limits<MilliPoints>;
    const auto sum = static_cast<std::int64_t>(a) + b;
    return static_cast<MilliPoints>(std::clamp<std::int64_t>(sum, Ends::min(), Ends::max()));
}

struct Finding {
    FamilySet families;
    std::string symbol;  ///< RULE_NAME, an rspamd symbol, or a state such as RSPAMD_UNAVAILABLE
    MilliPoints score = 0;
    std::string reason;  ///< one line for a person; printable, bounded by reason_bytes_max
    bool operator==(const Finding&) const = default;
};

/// A finding that tells a state and weighs nothing.
[[nodiscard]] inline Finding state_finding(std::string symbol, std::string reason) {
    return {FamilySet{}, std::move(symbol), 0, std::move(reason)};
}

using Findings = std::vector<Finding>;

}  // namespace bailiff
