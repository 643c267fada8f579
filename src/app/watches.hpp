#pragma once

#include <bailiff/journal.hpp>
#include <bailiff/ports/directory.hpp>
#include <memory>
#include <optional>
#include <string>

#include "lmdb/ledger.hpp"
#include "src/pipeline/own_time.hpp"
#include "src/pipeline/state_watch.hpp"

namespace bailiff {

/// How the parts that a role stands on are, as `status` shows it.
struct Conditions {
    StateWatch::State ledger;
    LedgerHealth health;
    StateWatch::State records;  ///< "corrupt": such a record was met within the last minute
    StateWatch::State directory;
    std::optional<DirectoryInfo> imported;
    StateWatch::State clock;
};

/// Looks at them each second, and raises an alarm when one of them fails and a line when it is well
/// again.  Threads  one.
class Watches {
public:
    /// All of them must outlive it.
    Watches(const LmdbLedger& ledger, const Directory& directory, const OwnTime& time,
            Journal& journal);

    [[nodiscard]] Conditions look();

private:
    void look_at_records(const LedgerHealth& health);

    const LmdbLedger& ledger_;
    const Directory& directory_;
    const OwnTime& time_;
    StateWatch ledger_watch_, records_watch_, directory_watch_, clock_watch_;
    std::uint64_t corrupt_seen_ = 0;
    SteadyInstant corrupt_at_{};
};

}  // namespace bailiff
