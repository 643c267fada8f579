#pragma once
// What happened in one simulated world: the last lines of its history, what was met, what is wrong.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff::simulation {

/// What the oracle can hold against the enforcement path.
enum class Breach : std::uint8_t {
    lost,        ///< what was acknowledged is not there, or stands still
    twice,       ///< a second effect of one (service, case, kind, direction)
    unproven,    ///< an effect without case, proof, path, mode, protection, budget or evidence
    unresolved,  ///< nobody has asked for ten minutes, though the panel would answer
    disagrees,   ///< the ledger says one thing of a service, the panel another
};
inline constexpr std::array breaches{Breach::lost, Breach::twice, Breach::unproven,
                                     Breach::unresolved, Breach::disagrees};
[[nodiscard]] constexpr std::string_view to_text(Breach breach) {
    switch (breach) {
        case Breach::lost:
            return "lost";
        case Breach::twice:
            return "double effects";
        case Breach::unproven:
            return "effects without proof, budget and evidence";
        case Breach::unresolved:
            return "unresolved 10 minutes after the panel is back";
        case Breach::disagrees:
            return "disagreements of ledger and panel";
    }
    return "";
}

/// For a command line.
[[nodiscard]] constexpr std::string_view word_for(Breach breach) {
    switch (breach) {
        case Breach::lost:
            return "lost";
        case Breach::twice:
            return "twice";
        case Breach::unproven:
            return "unproven";
        case Breach::unresolved:
            return "unresolved";
        case Breach::disagrees:
            return "disagrees";
    }
    return "";
}

/// How often each thing happened; over many worlds these are added up.
using Tally = std::map<std::string, std::uint64_t, std::less<>>;

struct Chronicle {
    std::size_t lines_max = 60;
    std::deque<std::string> lines;  ///< the last ones
    Tally met;
    std::vector<std::pair<Breach, std::string>> found;
    std::uint64_t step = 0;

    void note(std::chrono::milliseconds at, const std::string& line) {
        using namespace std::chrono;
        const auto s = duration_cast<seconds>(at).count();
        lines.push_back("day " + std::to_string(s / 86'400) + " +" + std::to_string(s % 86'400) +
                        " s, step " + std::to_string(step) + ": " + line);
        if (lines.size() > lines_max) lines.pop_front();
    }
    void meet(std::string_view what) {
        const auto at = met.find(what);
        if (at == met.end())
            met.emplace(what, 1);
        else
            ++at->second;
    }
    void breach(std::chrono::milliseconds at, Breach kind, const std::string& what) {
        note(at, "BREACH " + std::string(to_text(kind)) + ": " + what);
        found.emplace_back(kind, what);
    }
};

}  // namespace bailiff::simulation
