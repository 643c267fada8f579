#include <array>

#include "src/config/schema.hpp"
#include "src/config/text_rules.hpp"

// The rows of repeated sections.
// clang-format off

namespace bailiff {
namespace {

namespace rule = text_rules;

constexpr auto live = Reload::live;
constexpr auto restart = Reload::restart;
constexpr std::int64_t hour_ms = 3'600'000;

constexpr std::array paths{
    PathRow{"name", std::nullopt, live, "0.1", "", "What a verdict or a report starts it by.",
            [](PathSettings& p) { return &p.name; }, {}, rule::path_name},
    PathRow{"actions", std::nullopt, live, "0.1", "",
            "In this order. \"account.suspend if again\": only on probation; likewise\n"
            "\"if login\", \"if script\".",
            [](PathSettings& p) { return &p.actions; }},
    PathRow{"observe", "false", live, "0.1", "", "true: this path decides and records only.",
            [](PathSettings& p) { return &p.observe; }},
};

constexpr std::array hooks{
    HookRow{"command", std::nullopt, restart, "0.1", "",
            "Program that carries the actions out; absolute, no shell, no arguments.",
            [](HookSettings& h) { return &h.command; }, {}, rule::absolute_path},
    HookRow{"kinds", std::nullopt, restart, "0.1", "", "Actions that go to it.",
            [](HookSettings& h) { return &h.kinds; }},
    HookRow{"deadline_ms", "30000", restart, "0.1", "ms", "Then TERM, five seconds, KILL.",
            [](HookSettings& h) { return &h.deadline; }, {100, hour_ms}},
};

template <MilliPoints LineSet::*line>
MilliPoints* of_row(LineRow& r) { return &(r.lines.*line); }
template <Family family>
MilliPoints* row_alone(LineRow& r) { return &r.lines.of(family).alone; }
template <Family family>
MilliPoints* row_corroborates(LineRow& r) { return &r.lines.of(family).corroborates; }
constexpr Range points_or_none{0, 1'000'000};
constexpr LinesRow line_row(std::string_view key, At<LineRow, MilliPoints> field) {
    return {key, "0", live, "0.2", "points", "0: as in [decide].", field, points_or_none};
}

constexpr std::array lines{
    LinesRow{"plan", "", live, "0.2", "", "Plan in the directory; empty: any.",
             [](LineRow& r) { return &r.plan; }, {}, rule::any},
    LinesRow{"door", "", live, "0.2", "", "submission or local; empty: any.",
             [](LineRow& r) { return &r.door; }, {}, rule::door_or_any},
    LinesRow{"path", "", live, "0.2", "", "Instead of zero_tolerance; empty: as before.",
             [](LineRow& r) { return &r.path; }, {}, rule::path_name_or_none},
    line_row("suspect", of_row<&LineSet::suspect>),
    line_row("spam", of_row<&LineSet::spam>),
    line_row("rules_alone", row_alone<Family::rules>),
    line_row("rules_corroborates", row_corroborates<Family::rules>),
    line_row("rspamd_alone", row_alone<Family::rspamd>),
    line_row("rspamd_corroborates", row_corroborates<Family::rspamd>),
    line_row("behaviour_alone", row_alone<Family::behaviour>),
    line_row("behaviour_corroborates", row_corroborates<Family::behaviour>),
    line_row("reputation_alone", row_alone<Family::reputation>),
    line_row("reputation_corroborates", row_corroborates<Family::reputation>),
    line_row("complaint_alone", row_alone<Family::complaint>),
    line_row("complaint_corroborates", row_corroborates<Family::complaint>),
};

constexpr std::array allowances{
    AllowanceRow{"service", "", live, "0.2", "", "Id of the service; empty: each of the account.",
                 [](AllowRow& r) { return &r.service; }, {}, rule::id_or_none},
    AllowanceRow{"account", "", live, "0.2", "", "Id of the account; empty: by the service.",
                 [](AllowRow& r) { return &r.account; }, {}, rule::id_or_none},
    AllowanceRow{"symbols", "", live, "0.2", "",
                 "These weigh nothing; none: one family alone does not stop its mail, and\n"
                 "two make a case for review instead of ending anything.",
                 [](AllowRow& r) { return &r.symbols; }, {}, rule::symbol},
    AllowanceRow{"until", std::nullopt, live, "0.2", "", "Last day, \"2027-01-31\", in UTC.",
                 [](AllowRow& r) { return &r.until; }},
    AllowanceRow{"reason", std::nullopt, live, "0.2", "", "Who allowed it, and why.",
                 [](AllowRow& r) { return &r.reason; }, {}, rule::sentence},
};

}  // namespace
// clang-format on

std::span<const PathRow> path_table() {
    return paths;
}
std::span<const HookRow> hook_table() {
    return hooks;
}
std::span<const LinesRow> lines_table() {
    return lines;
}
std::span<const AllowanceRow> allow_table() {
    return allowances;
}

}  // namespace bailiff
