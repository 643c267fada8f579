#include "src/pipeline/stamper.hpp"

#include <algorithm>
#include <bailiff/crash_point.hpp>

namespace bailiff {
namespace {

Result<Seal> seal_of(const LedgerView& view, const Unstamped& pending) {
    BAILIFF_TRY(const auto seals, view.seals(pending.case_id));
    const auto found = std::ranges::find(seals, pending.number, &Seal::number);
    if (found == seals.end()) return fail(Fault::corrupt, "the seal is gone");
    return *found;
}

}  // namespace

std::size_t Stamper::run_due() {
    const Lock lock(mutex_);
    if (clock_.steady() < not_before_) return 0;
    const auto done = run_locked();
    note(done);
    return done ? *done : 0;
}

std::string Stamper::error() const {
    const Lock lock(mutex_);
    return error_;
}

void Stamper::note(const Result<std::size_t>& done) {
    const auto error = done ? std::string() : done.error().what;
    pause_ =
        done ? std::chrono::milliseconds(0) : std::clamp(2 * pause_, pause_first, pause_ceiling);
    not_before_ = clock_.steady() + pause_;
    if (error.empty() == error_.empty()) {
        error_ = error;
        return;
    }
    if (error.empty())
        journal_.event(Severity::info, "stamped_again", {});
    else
        journal_.event(Severity::alarm, "not_stamped", {{"why", error}});
    error_ = error;
}

Result<std::size_t> Stamper::run_locked() {
    std::vector<Unstamped> pending;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(pending, view.unstamped(seals_per_run_max));
        return {};
    }));
    std::size_t stamped = 0;
    for (const auto& one : pending) {
        BAILIFF_CHECK(stamp(one).within("stamping case " + one.case_id.text()));
        ++stamped;
    }
    return stamped;
}

Result<void> Stamper::stamp(const Unstamped& pending) const {
    Seal seal;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(seal, seal_of(view, pending));
        return {};
    }));
    crash_point("stamp_wanted");
    BAILIFF_TRY(const auto stamp, source_(seal.tag_manifest));
    crash_point("stamp_received");
    const auto written = ledger_.update([pending, stamp](LedgerTxn& txn) -> Result<void> {
        BAILIFF_TRY(auto found, seal_of(txn, pending));
        found.stamp = stamp.reply;
        found.stamp_chain = stamp.chain;
        found.stamped = stamp.at;
        BAILIFF_CHECK(txn.put_seal(pending.case_id, found));
        crash_point("stamp_unwritten");
        return {};
    });
    crash_point("stamp_written");
    return written;
}

}  // namespace bailiff
