#pragma once
// What a named person may do with a case, on the ledger.

#include <bailiff/clock.hpp>
#include <bailiff/ports/desk.hpp>
#include <bailiff/ports/effect.hpp>

#include "src/pipeline/cover.hpp"
#include "src/pipeline/decision.hpp"
#include "src/retention/due.hpp"

namespace bailiff {

/// A decision is one transaction: state and history of the case, its actions, the standing and the
/// leaf. What follows outside is done by CarryOut.
/// Threads  any. Blocks for the commit.
class LedgerDesk final : public Desk {
public:
    struct Options {
        ActionIdMaker action_id;
        std::function<void()> wake_enforcer{};  ///< advisory, after a decision
        std::chrono::hours claim_window{24 * 7};
        std::chrono::hours probation{};
        std::function<std::vector<PathSettings>()> paths{};  ///< in force now; none: no path
        /// Seals what the case has and publishes the log; none: nothing is sealed here.
        std::function<Result<void>(const CaseId&)> settle{};
        CoverNames names{};
        std::function<RetentionTerms()> retention{};  ///< in force now; none: the defaults
        std::function<KnownClock()> known_clock{};
    };

    /// All of them must outlive it; `effect` is only asked what it knows.
    LedgerDesk(Ledger& ledger, const Clock& clock, const Effect& effect, Options options);

    [[nodiscard]] Result<std::vector<Case>> list(const CaseFilter& filter) const override;
    [[nodiscard]] Result<CaseFile> show(const CaseId& id) const override;
    [[nodiscard]] Result<Disclosed> disclose(const CaseId& id,
                                             const Disclosure& disclosure) override;
    [[nodiscard]] Result<std::string> exhibit(const CaseId& id, std::uint32_t bag,
                                              const std::string& path,
                                              std::uint64_t leaf) const override;
    [[nodiscard]] Result<std::string> cover(const CaseId& id, const std::string& tiers,
                                            Language language, std::uint64_t leaf) const override;
    [[nodiscard]] Result<CaseFile> decide(const CaseId& id, Decision decision,
                                          const DecidedBy& by) override;
    [[nodiscard]] Result<Report> report(Instant since) const override;
    [[nodiscard]] Result<ActionBreaker> breaker() const override;
    [[nodiscard]] Result<ActionBreaker> reset_breaker(const DecidedBy& by) override;
    [[nodiscard]] Result<RetentionReport> retention() const override;
    [[nodiscard]] Result<RetentionRun> run_retention(const DecidedBy& by,
                                                     const RetentionStep& step) override;

private:
    [[nodiscard]] Result<CaseFile> keep_or_erase(const CaseId& id, Decision decision,
                                                 const DecidedBy& by);
    [[nodiscard]] RetentionTerms retention_terms() const;
    [[nodiscard]] KnownClock known_clock() const;

    // Constant after construction.
    Ledger& ledger_;
    const Clock& clock_;
    const Effect& effect_;
    Options options_;
};

}  // namespace bailiff
