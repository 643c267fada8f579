#pragma once
// What is held against whom, as plain data: the lines, who is spared and until when, what tells a
// stolen login, what a path does.

#include <bailiff/action_kind.hpp>
#include <bailiff/attribution.hpp>
#include <bailiff/clock.hpp>
#include <bailiff/finding.hpp>
#include <bailiff/submission.hpp>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// What one family must weigh.
struct Lines {
    MilliPoints alone = 0;         ///< at or above: spam
    MilliPoints corroborates = 0;  ///< at or above, beside another one alone: confirmed
    bool operator==(const Lines&) const = default;
};

/// All lines that one message is held against.
struct LineSet {
    MilliPoints suspect = 0;  ///< total score from which a message is suspect
    MilliPoints spam = 0;     ///< total score from which it is spam, whoever says so
    std::array<Lines, families.size()> families_lines{};
    [[nodiscard]] const Lines& of(Family family) const {
        return families_lines[static_cast<std::size_t>(family)];
    }
    [[nodiscard]] Lines& of(Family family) {
        return families_lines[static_cast<std::size_t>(family)];
    }
    bool operator==(const LineSet&) const = default;
};

/// [[lines]]: other lines for a plan or a door.
struct LineRow {
    std::string plan{};  ///< of the directory; empty: any
    std::string door{};  ///< "submission", "local"; empty: any
    LineSet lines{};     ///< 0: as before this row
    std::string path{};  ///< instead of zero_tolerance; empty: as before
};

/// Whether a row is about this door and, if the sender is proven, its plan.
[[nodiscard]] inline bool applies(const LineRow& row, const Attribution& attribution, Door door) {
    if (!row.door.empty() && row.door != to_text(door)) return false;
    if (row.plan.empty()) return true;
    return attribution.service && attribution.strength == Strength::proven &&
           attribution.service->plan == row.plan;
}

/// [[allow]]: who is spared, for what, and until when.
struct AllowRow {
    std::string service{};               ///< id; empty: every one of the account
    std::string account{};               ///< id; empty: by the service
    std::vector<std::string> symbols{};  ///< these weigh nothing; none: see src/decide/README.md
    Instant until{};                     ///< first instant at which it no longer holds
    std::string reason{};
};

/// [compromise]: what tells a stolen login from an account that was opened to send spam.
struct CompromiseSettings {
    std::int64_t networks_per_hour = 6;
    std::int64_t change_times = 10;
    std::int64_t settled_days = 180;
};

/// [decide] and what belongs to it.
struct Policy {
    LineSet lines{
        .suspect = 3000,
        .spam = 6000,
        .families_lines = {{{5000, 3000}, {7000, 4000}, {6000, 3000}, {6000, 3000}, {6000, 3000}}}};
    std::vector<LineRow> rows;            ///< in this order, a later one over an earlier one
    std::int64_t probation_percent = 60;  ///< of each line, while a service is on probation
    std::int64_t strikes = 20;            ///< suspect messages within a day; 0: never
    std::vector<std::string> observed;    ///< rules and symbols that are shown, no more
    std::vector<std::string> prohibited;  ///< those that tell prohibited content; "X_*" too
    std::vector<AllowRow> allow;
    CompromiseSettings compromise;
};

/// When a step of a path is taken.
enum class When : std::uint8_t {
    always,
    login,   ///< a login was proven
    script,  ///< a script was named
    again,   ///< the service was reinstated, and is still on probation
};
[[nodiscard]] constexpr std::string_view to_text(When when) {
    switch (when) {
        case When::always:
            return "always";
        case When::login:
            return "login";
        case When::script:
            return "script";
        case When::again:
            return "again";
    }
    return "";
}
inline constexpr std::array whens{When::always, When::login, When::script, When::again};

/// "service.suspend", "account.suspend if again".
struct PathStep {
    PathStep(ActionKind what, When on = When::always)  // NOLINT: a kind is a step
        : kind(what), when(on) {}
    ActionKind kind;
    When when;
    bool operator==(const PathStep&) const = default;
};

/// [[path]]
struct PathSettings {
    std::string name;
    std::vector<PathStep> actions;
    bool observe = false;  ///< this path decides and records, and does nothing outside
};

}  // namespace bailiff
