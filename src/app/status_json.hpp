#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/settings.hpp>
#include <optional>
#include <string>

#include "lmdb/feature_table.hpp"
#include "milter/server.hpp"
#include "src/app/canary_json.hpp"
#include "src/app/sealing.hpp"
#include "src/app/watches.hpp"
#include "src/pipeline/judge.hpp"
#include "src/rspamd/inspector.hpp"

namespace bailiff {

/// What the milter role writes to RUN_DIR/milter.json each second.
struct MilterStatus {
    Instant at{};
    Instant started{};
    Mode mode = Mode::observe;
    std::int64_t pid = 0;  ///< of the worker
    Server::Counts sessions;
    std::uint64_t descriptors = 0;  ///< open
    JudgeCounts judged;
    RspamdInspector::Health rspamd;
    FeatureTable::Counts features;
    std::string rule_set;
    std::size_t rules = 0;
    Conditions conditions;
    CanaryStory canary;
    std::string last_reload_error;
};
[[nodiscard]] std::string to_json(const MilterStatus& status);

/// What the enforcer role writes to RUN_DIR/enforcer.json each second.
struct EnforcerStatus {
    Instant at{};
    Instant started{};
    Mode mode = Mode::observe;
    LedgerStats ledger;
    ActionBreaker breaker;
    Conditions conditions;
    std::uint64_t attempted = 0;  ///< actions since the start
    std::string queue_role;       ///< "up", "away" or "none"
    SealingStatus sealing;
    std::string last_error;
};
[[nodiscard]] std::string to_json(const EnforcerStatus& status);

/// One object of the two files' texts; an empty text or one older than 5 s says "not running".
[[nodiscard]] std::string joined_status(const std::string& milter, const std::string& enforcer,
                                        Instant now);

/// Whether neither role is away.
[[nodiscard]] bool both_run(const std::string& joined);

/// The same for a person.
[[nodiscard]] std::string status_text(const std::string& joined);

}  // namespace bailiff
