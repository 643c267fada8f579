#pragma once
// The enforcer's work: takes due actions, checks them again, runs them, reads back, records.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/settings.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "src/pipeline/budget_book.hpp"
#include "src/pipeline/recheck.hpp"

namespace bailiff {

/// Carries out the outbox, one action after another; src/enforce/README.md has the state table that
/// it keeps to, whatever happens in between.
/// Errors   none: what fails is a state of the action and an event in the journal.
/// Threads  one, and one process at a time (flock of the role); the ledger may be used by others.
class CarryOut {
public:
    struct Options {
        Mode mode = Mode::observe;
        Budgets budgets{};
        std::chrono::hours rules_are_young{0};
        std::chrono::hours claim_window{24 * 7};
        std::chrono::milliseconds retry_first{30'000};
        std::chrono::milliseconds retry_ceiling{3'600'000};
        /// An action whose path does not have its kind is not run. Empty: not checked, but that
        /// `compromised` ends nobody and `review` touches nobody.
        std::vector<PathSettings> paths{};
        /// Nobody is touched before the evidence of the case is sealed.
        bool needs_seal = false;
        /// Asked before each action; true ends run_due() early.
        std::function<bool()> stopping{};
    };

    /// All of them must outlive it.
    CarryOut(Ledger& ledger, const Directory& directory, Effect& effect, const Clock& clock,
             Journal& journal, Entropy& entropy, Options options);

    /// Takes up to actions_per_run_max due actions. Blocks for their hooks.
    /// Returns how many were attempted: looked at and written; 0: nothing to do, or not now.
    std::size_t run_due();

    static constexpr std::size_t actions_per_run_max = 256;
    /// How long run_due() does nothing after the ledger has failed; doubles each time.
    static constexpr std::chrono::milliseconds pause_first{500}, pause_ceiling{5'000};

private:
    bool walled(const std::string& what, const std::function<bool()>& work);
    bool take(std::vector<Action>& due) const;
    bool step(const ActionId& id);
    Result<outbox::Facts> look(const ActionId& id);
    [[nodiscard]] bool needs_seal(const Action& action) const;
    bool stop(const outbox::Facts& facts, const outbox::Stop& stop);
    bool reconcile(const outbox::Facts& facts, std::optional<std::string>& seen);
    bool look_before(const outbox::Facts& facts, std::optional<std::string>& seen);
    bool perform(const outbox::Facts& facts, const std::optional<std::string>& seen);
    Action after_hook(const outbox::Facts& running, const Outcome& outcome);
    Result<std::optional<std::string>> state_of(const outbox::Facts& facts);
    Action changed(Action action, ActionState state, std::string detail) const;
    Action again(Action action, ActionState state, std::string detail);
    bool write(const outbox::Facts& facts, Action after, const outbox::Stop* stop = nullptr);
    void note_write(const Result<void>& written);
    void pause();
    double jitter();

    // Constant after construction.
    Ledger& ledger_;
    const Directory& directory_;
    Effect& effect_;
    const Clock& clock_;
    Journal& journal_;
    Entropy& entropy_;
    outbox::OwnRules rules_;
    Options options_;

    // The one thread's own.
    BudgetBook budgets_;
    int pauses_ = 0;  ///< failures of the ledger in a row
    SteadyInstant paused_until_{};
};

}  // namespace bailiff
