#pragma once
// A second set of rules beside the one in force, on live mail and without any effect.

#include <array>
#include <atomic>
#include <bailiff/clock.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/inspector.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/pipeline/judgement.hpp"

namespace bailiff {

/// What the shadow set would change for one service.
struct CanaryService {
    AccountId account;
    std::uint64_t changed = 0;       ///< messages of another level, reply or hold
    std::uint64_t holds_gained = 0;  ///< messages that would have put it on hold, and did not
    std::uint64_t holds_lost = 0;
    // Of the newest of these messages:
    Instant last{};
    Door door = Door::unknown;
    Level before = Level::pass, after = Level::pass;
    std::vector<std::string> symbols;  ///< that the shadow set found, heaviest first, at most eight
};

/// What came of it so far. Holds and stops are those of mode enforce, whatever the mode is.
struct CanaryReport {
    static constexpr std::size_t services_max = 1000;

    std::uint64_t messages = 0;  ///< that both sets judged
    std::uint64_t changed = 0;
    std::uint64_t skipped = 0;  ///< came late already: they were not kept waiting further
    std::uint64_t errors = 0;   ///< messages on which the shadow set failed
    std::array<std::array<std::uint64_t, 4>, 4> levels{};  ///< [in force][shadow]
    std::uint64_t stops_gained = 0, stops_lost = 0;        ///< messages refused or held
    std::uint64_t holds_gained = 0, holds_lost = 0;        ///< messages that hold their service
    std::uint64_t us_total = 0, us_max = 0;  ///< that the shadow set took, of all messages and one
    std::map<std::string, std::uint64_t> hits;  ///< messages by scored rule of the shadow set
    /// With a change; the id that is none stands for nobody. Those not seen for longest go first.
    std::map<ServiceRef, CanaryService> services;
    std::uint64_t unlisted = 0;  ///< services that had to go
};

/// What the shadow set would have had us say.
struct ShadowSaid {
    Verdict verdict;
    Plan plan;
};

/// Threads  any.
class Canary {
public:
    /// Above either figure it is switched off: mail waits for it.
    static constexpr std::chrono::milliseconds one_message_max{1000};
    static constexpr std::chrono::milliseconds mean_max{20};  ///< of the last `mean_of` messages
    static constexpr std::size_t mean_of = 100;

    /// `clock` must outlive it.
    explicit Canary(const Clock& clock) : clock_(clock) {}

    /// Goes on with what was counted before.
    void start(std::shared_ptr<const Inspector> shadow, CanaryReport so_far);
    void stop();
    /// One atomic load: all that mail pays without a canary.
    [[nodiscard]] bool runs() const { return runs_.load(std::memory_order_relaxed); }
    /// Why it switched itself off since start(); empty: it did not.
    [[nodiscard]] std::string too_slow() const;
    [[nodiscard]] CanaryReport report() const;

    /// Judges once more, with the findings of the shadow set instead of those of the rules, and
    /// counts what differs. What it returns is for a test that takes the guard away.
    [[nodiscard]] std::optional<ShadowSaid> compare(const Policy& policy, const Circumstances& now,
                                                  const Submission& submission,
                                                  const Message& message,
                                                  const Judgement& real) noexcept;

private:
    std::optional<ShadowSaid> judge(const Inspector& shadow, const Policy& policy,
                                  const Circumstances& now, const Submission& submission,
                                  const Message& message, const Judgement& real);
    void took(std::int64_t us) BAILIFF_REQUIRES(mutex_);
    void add(const Submission& submission, const Judgement& real, const ShadowSaid& said,
             const Plan& before, const Plan& after) BAILIFF_REQUIRES(mutex_);

    const Clock& clock_;
    std::atomic<bool> runs_{false};
    // Guarded by mutex_.
    mutable Mutex mutex_;
    std::shared_ptr<const Inspector> shadow_ BAILIFF_GUARDED_BY(mutex_);
    CanaryReport report_ BAILIFF_GUARDED_BY(mutex_);
    std::deque<std::int64_t> times_ BAILIFF_GUARDED_BY(mutex_);
    std::string too_slow_ BAILIFF_GUARDED_BY(mutex_);
};

/// The canary's place in the sentence, behind the plan: the judgement stays what it is.
void run_canary(Canary& canary, const Policy& policy, const Circumstances& now,
                const Submission& submission, const Message& message, Judgement& judgement);

}  // namespace bailiff
