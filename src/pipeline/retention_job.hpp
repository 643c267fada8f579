#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/ledger.hpp>
#include <functional>
#include <vector>

#include "src/pipeline/retention.hpp"
#include "src/pipeline/state_watch.hpp"

namespace bailiff {

/// Erases what is due, in small steps: walks all cases, counts, and only then begins. Keeps nothing
/// of its own on disk: after a crash the next walk finds what is left.
/// Threads  one.
class RetentionJob {
public:
    struct Options {
        std::function<RetentionTerms()> terms;                                ///< in force now
        std::function<KnownClock()> clock;                                    ///< without `newest`
        std::chrono::milliseconds pause = std::chrono::hours(1);              ///< between two walks
        std::chrono::milliseconds step_max = std::chrono::milliseconds(100);  ///< begins no more
        std::size_t erasures_a_step = 20;
        std::size_t leaves_a_step = 1'000;
    };

    /// All of them must outlive it.
    RetentionJob(Ledger& ledger, const Clock& clock, Journal& journal, Options options);

    /// One step, of about `step_max`. What it cannot do is in the journal and tried again.
    void step();

private:
    enum class Stage { resting, walking, erasing };

    void begin();
    [[nodiscard]] Result<void> walk();
    [[nodiscard]] Result<void> weigh();
    [[nodiscard]] Result<void> erase();
    void rest();

    // Constant after construction.
    Ledger& ledger_;
    const Clock& clock_;
    Journal& journal_;
    const Options options_;
    // Of the one thread.
    StateWatch watch_;
    Stage stage_ = Stage::resting;
    SteadyInstant wakes_{};
    RetentionTerms terms_;  ///< of this walk
    Instant now_{};         ///< of this walk
    std::uint64_t from_ = 0, due_ = 0, erased_in_a_day_ = 0;
    std::vector<RetentionLine> lines_;  ///< to be erased, the last one first
};

}  // namespace bailiff
