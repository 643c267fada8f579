#pragma once
// Makes the evidence of a case: lays out its bag, has it signed, and writes the seal with its leaf.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/ports/signer.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "src/evidence/case_files.hpp"

namespace bailiff {

/// The first bag of a case is sealed as soon as it is seen; what happens later goes into addenda,
/// each once the case has been quiet for a while. Nothing that is sealed ever changes.
/// Errors   none: a case that cannot be sealed stays `unsealed`, one alarm tells why.
/// Threads  any; one seals at a time.
class Sealer {
public:
    struct Options {
        std::string node;
        std::string identity;  ///< under which the signer signs
        std::chrono::milliseconds quiet{600'000};
        std::function<HolderFacts(const Case&)> holder{};  ///< at the time of the case
        std::function<ClockState()> clock_state{};
        FileSealer seal{};
    };

    static constexpr std::size_t cases_per_run_max = 64;

    /// All of them must outlive it.
    Sealer(Ledger& ledger, Signer& signer, const Clock& clock, Journal& journal, Options options)
        : ledger_(ledger),
          signer_(signer),
          clock_(clock),
          journal_(journal),
          options_(std::move(options)) {}

    /// Seals what is due, at most cases_per_run_max; returns how many were.
    std::size_t run_due();
    /// Seals all that this case has by now, quiet or not.
    [[nodiscard]] Result<void> seal_now(const CaseId& id);
    /// Why nothing is sealed; empty: it is.
    [[nodiscard]] std::string error() const;

private:
    struct Draft {
        BagFacts facts;
        std::uint64_t changes = 0;  ///< of the case, that it covers
        std::vector<Exhibit> kept;  ///< by the milter
        bool is_due = false;
    };
    using Files = std::vector<std::pair<Exhibit, std::string>>;  ///< and bytes as they are stored
    [[nodiscard]] Result<std::size_t> run_locked() BAILIFF_REQUIRES(mutex_);
    [[nodiscard]] Result<Draft> draft(const Unsealed& unsealed) const;
    [[nodiscard]] Result<void> seal(Draft draft) const;
    [[nodiscard]] Result<void> write(const Draft& draft, Seal seal, Files files) const;
    void note(const std::string& error) BAILIFF_REQUIRES(mutex_);

    Ledger& ledger_;
    Signer& signer_;
    const Clock& clock_;
    Journal& journal_;
    const Options options_;
    mutable Mutex mutex_;
    std::string error_ BAILIFF_GUARDED_BY(mutex_);
    CaseId after_ BAILIFF_GUARDED_BY(mutex_);  ///< where the last run ended
};

}  // namespace bailiff
