#pragma once

#include <bailiff/attribution.hpp>
#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/features.hpp>
#include <bailiff/habits.hpp>
#include <bailiff/verdict.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/enforce/plan.hpp"
#include "src/evidence/exhibits.hpp"

namespace bailiff {

struct StationTime {
    std::string_view station;  ///< "parse", "identify", "rules", "behaviour", "rspamd", "decide"
    std::int64_t us = 0;
};

/// What the stations said of one submission, before anything is written.
struct Judgement {
    Attribution attribution;
    Verdict verdict;
    Plan plan;
    Digest fingerprint;
    Mode mode = Mode::observe;  ///< of the snapshot that all of this was said by
    bool seen_before = false;  ///< a retry, as far as the counters remember
    std::string rule_set;
    std::int64_t holds_per_hour = 0;
    std::int64_t holds_seen = 0;  ///< by this process in the last hour, whatever clocks say
    Instant reset_seen{};         ///< of the breaker, as far as this process knows
    SteadyInstant late_after{};   ///< if it is written later than this, `if_late` holds
    Plan if_late;
    FeatureRow features;
    std::optional<Habits> habits;
    bool on_probation = false;
    std::uint32_t strikes = 0;  ///< within a day, if this one is suspect
    std::vector<ExhibitFile> exhibits;  ///< if there is a path: what is kept of it as evidence
    std::vector<StationTime> times;
};

}  // namespace bailiff
