#pragma once
// What we think of a message, with the findings that led there.

#include <bailiff/finding.hpp>
#include <bailiff/sentence.hpp>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

enum class Level : std::uint8_t { pass, suspect, spam, confirmed };

[[nodiscard]] constexpr std::string_view to_text(Level level) {
    switch (level) {
        case Level::pass: return "pass";
        case Level::suspect: return "suspect";
        case Level::spam: return "spam";
        case Level::confirmed: return "confirmed";
    }
    return "";
}

struct Verdict {
    Level level = Level::pass;
    MilliPoints score = 0;  ///< of all findings together
    std::array<MilliPoints, families.size()> by_family{};  ///< index: static_cast<size_t>(Family)
    Findings findings;                 ///< heaviest first; states at the end
    Sentences reasons;  ///< why this level, why neither a harsher nor a milder one
    bool late = false;                 ///< reached after the reply could still count: review only
};

[[nodiscard]] inline MilliPoints of(const Verdict& verdict, Family family) {
    return verdict.by_family[static_cast<std::size_t>(family)];
}

}  // namespace bailiff
