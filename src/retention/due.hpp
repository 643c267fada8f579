#pragma once
// What of a case is due to be erased, since when and why; or what keeps it.

#include <bailiff/case.hpp>
#include <bailiff/retention.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// What the answer depends on, beside time.
struct KeptCase {
    const Case& record;
    const std::vector<Action>& actions;
    bool legal_hold = false;
    bool content_erased = false, holder_erased = false;
    Instant readable_until{};  ///< of the newest disclosure; long past: none
};

struct RetentionTerms {
    RetentionSettings settings;
    std::chrono::hours claim_window{};
};

/// How far the time can be believed.
struct KnownClock {
    bool synced = false;
    std::optional<std::chrono::milliseconds> jump{};  ///< of the machine's clock, not yet followed
    Instant newest{};                                 ///< of what the log has
};

[[nodiscard]] Keeping keeping_of(const Case& record);

/// One line a part that is left: none, one ("all"), or two (content and holder).
/// Order    content before holder.
/// Threads  any; touches only its arguments.
[[nodiscard]] std::vector<RetentionLine> retention_lines(const KeptCase& kept,
                                                         const RetentionTerms& terms, Instant now);

/// Whether the job erases it by itself once it is due.
[[nodiscard]] bool is_of_job(const RetentionLine& line, const RetentionSettings& settings);

/// Why this clock erases nothing; empty: it may. What a person has ordered needs no time source,
/// the person has seen since when each part is due.
[[nodiscard]] std::string clock_objection(const KnownClock& clock, Instant now, bool by_person);

/// Why the job does not begin: more is due than it may erase within a day. Empty: it may.
[[nodiscard]] std::string budget_objection(std::uint64_t due, std::uint64_t erased_in_a_day,
                                           const RetentionSettings& settings);

}  // namespace bailiff
