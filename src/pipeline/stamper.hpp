#pragma once
// Has each seal stamped by an authority; until then it is pending, which delays nothing.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/ports/stamp.hpp>
#include <chrono>
#include <string>

namespace bailiff {

/// Errors   none: a seal without a stamp is tried again, later and later; one alarm tells why.
/// Threads  any; one stamps at a time.
class Stamper {
public:
    static constexpr std::size_t seals_per_run_max = 16;
    static constexpr std::chrono::milliseconds pause_first{5'000}, pause_ceiling{600'000};

    /// All of them must outlive it.
    Stamper(Ledger& ledger, StampSource source, const Clock& clock, Journal& journal)
        : ledger_(ledger), source_(std::move(source)), clock_(clock), journal_(journal) {}

    /// Stamps what is pending; returns how many were.
    std::size_t run_due();
    /// Why nothing is stamped; empty: it is.
    [[nodiscard]] std::string error() const;

private:
    [[nodiscard]] Result<std::size_t> run_locked() BAILIFF_REQUIRES(mutex_);
    [[nodiscard]] Result<void> stamp(const Unstamped& pending) const;
    void note(const Result<std::size_t>& done) BAILIFF_REQUIRES(mutex_);

    Ledger& ledger_;
    const StampSource source_;
    const Clock& clock_;
    Journal& journal_;
    mutable Mutex mutex_;
    std::string error_ BAILIFF_GUARDED_BY(mutex_);
    std::chrono::milliseconds pause_ BAILIFF_GUARDED_BY(mutex_){0};
    SteadyInstant not_before_ BAILIFF_GUARDED_BY(mutex_){};
};

}  // namespace bailiff
