#pragma once
// How long what is kept of a case stays, and what is due of it.

#include <bailiff/clock.hpp>
#include <bailiff/ids.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// [retention]; src/config/schema.cpp has the defaults.
struct RetentionSettings {
    std::string job = "unconfirmed";  ///< what the enforcer erases by itself; also "show", "all"
    std::int64_t unconfirmed_days = 14;
    std::int64_t claim_upheld_days = 30;
    std::int64_t spam_days = 365;
    std::int64_t spam_file_days = 1'826;
    std::int64_t fraud_days = 2'192;
    std::int64_t fraud_file_days = 2'192;
    std::int64_t compromised_days = 90;
    std::int64_t compromised_file_days = 365;
    std::int64_t erasures_a_day = 5'000;
};

/// What kind of case it is, as far as keeping goes.
enum class Keeping : std::uint8_t { unconfirmed, claim_upheld, spam, fraud, compromised };
[[nodiscard]] constexpr std::string_view to_text(Keeping keeping) {
    switch (keeping) {
        case Keeping::unconfirmed: return "unconfirmed";
        case Keeping::claim_upheld: return "claim_upheld";
        case Keeping::spam: return "spam";
        case Keeping::fraud: return "fraud";
        case Keeping::compromised: return "compromised";
    }
    return "";
}

/// What keeps it although its time has come, or will.
enum class HeldBy : std::uint8_t {
    nothing, legal_hold, open_case, actions, claim_window, disclosure
};
[[nodiscard]] constexpr std::string_view to_text(HeldBy held) {
    switch (held) {
        case HeldBy::nothing: return "";
        case HeldBy::legal_hold: return "legal_hold";
        case HeldBy::open_case: return "open_case";
        case HeldBy::actions: return "actions";
        case HeldBy::claim_window: return "claim_window";
        case HeldBy::disclosure: return "disclosure";
    }
    return "";
}

/// One part of one case, and when it goes.
struct RetentionLine {
    CaseId case_id;
    Keeping keeping = Keeping::unconfirmed;
    std::string part;  ///< "content", "holder" or "all", as erase_evidence() takes it
    Instant begins{};  ///< what the days are counted from
    Instant due{};
    std::string rule;  ///< "retention.spam_days = 365"
    HeldBy held = HeldBy::nothing;
    std::string why;  ///< a sentence: why it is due, or why not yet
    bool operator==(const RetentionLine&) const = default;
};

[[nodiscard]] inline bool is_due(const RetentionLine& line, Instant now) {
    return line.held == HeldBy::nothing && now >= line.due;
}

/// What there is to be erased, now and in the next 30 days.
struct RetentionReport {
    Instant at{};
    std::string job;
    std::string stopped;  ///< why the job erases nothing by itself; empty: it does what `job` says
    std::uint64_t due = 0, due_by_job = 0, next = 0, held = 0, unreadable = 0, cases = 0;
    std::uint64_t erased_in_a_day = 0;  ///< by the job
    std::vector<RetentionLine> lines;   ///< at most retention_lines_max: due, next, held back
};
inline constexpr std::size_t retention_lines_max = 1'000;
inline constexpr auto retention_ahead = std::chrono::days(30);

/// A part of the cases: those whose first leaf is number `from` or later.
struct RetentionStep {
    std::uint64_t from = 0;
    std::uint64_t count = 100;  ///< erase at most so much
};
inline constexpr std::uint64_t retention_step_max = 200;

struct RetentionRun {
    std::vector<RetentionLine> erased;
    std::uint64_t next = 0;  ///< where to go on
    bool end = false;        ///< there is nothing behind it
};

}  // namespace bailiff
