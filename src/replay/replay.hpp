#pragma once
// What other rules, weights, lines and paths would have said of messages that were judged.

#include <bailiff/ports/inspector.hpp>
#include <bailiff/settings.hpp>
#include <bailiff/verdict.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/enforce/plan.hpp"
#include "src/replay/translation.hpp"

namespace bailiff {

/// All that may differ from what the messages were judged by.
struct ReplayRules {
    const Inspector& rules;  ///< must outlive the replay
    /// What rspamd's symbols weigh, as findings.
    std::function<Findings(const std::vector<std::string>& symbols)> weigh;
    Policy policy;
    BehaviourSettings behaviour;
    std::vector<PathSettings> paths;
    MilliPoints trap_score = 0;
    std::optional<Digest> traps{};  ///< of the list of spam traps; none: there is no list
    bool hears_rspamd = true;
};

/// What one message would have got, in mode enforce.
struct Replayed {
    Verdict verdict;
    Plan plan;
};

/// Why a message cannot be told, beside an atom that is unanswerable.
enum class Untold : std::uint8_t {
    unknown_book,  ///< the row names rules that nobody knows
    rules_cut,     ///< its rules stopped at their limit
    not_asked,     ///< rspamd was switched off, and now it would be asked
    late,          ///< the verdict came late, and without rspamd it may have come in time
};
inline constexpr std::size_t untold_kinds = 4;

/// The stations behind the matching once more, one message at a time: no standing, no case that a
/// message joins, no budget.
/// Threads  one.
class Replay {
public:
    explicit Replay(ReplayRules rules);

    /// Learns what rows of the book `number` mean.
    /// Shape    empty, or what today's settings ask and these rows cannot answer.
    struct Refusal {
        std::vector<Unanswerable> atoms;
        bool traps = false;  ///< the list of spam traps is another one
        [[nodiscard]] bool empty() const { return atoms.empty() && !traps; }
    };
    Refusal learn(std::uint32_t number, const FeatureBook& book);

    struct Told {
        std::optional<Replayed> replayed;
        Untold why_not{};  ///< if there is none
    };
    /// Order    after learn(); rows of a book that was refused are unknown_book.
    [[nodiscard]] Told judge(std::uint32_t book, const FeatureRow& row) const;

private:
    ReplayRules rules_;
    std::vector<Atom> atoms_;
    std::map<std::uint32_t, Translation> books_;
};

}  // namespace bailiff
