#pragma once
// Whether one more act on a customer is within its budgets. Pure.

#include <bailiff/breaker.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bailiff {

/// What is allowed; the settings of the same names.
struct Budgets {
    std::int64_t actions_per_hour = 0;
    std::int64_t actions_per_rule = 0;      ///< an hour; those of a young rule count double
    std::int64_t terminations_per_day = 0;  ///< purges count as such
    std::int64_t accounts_percent = 100;    ///< of all accounts, a day
};

/// What has been spent.
struct Spending {
    std::vector<EffectRow> day;     ///< of the last 24 hours, or since the breaker was closed
    Instant hour_ago{};             ///< what is not before it counts for the hour
    std::uint64_t own_hour = 0;     ///< started by this process within its own steady hour
    std::uint64_t accounts = 0;     ///< in the directory
    std::set<std::string> young{};  ///< rules new or changed of late
};

/// Fewer accounts than these a day are no mass, however small the host is.
inline constexpr std::uint64_t accounts_floor = 5;

/// The budget that `next` would break.
struct Overrun {
    std::string setting;  ///< "enforcer.actions_per_rule"
    std::string detail;   ///< one sentence with the figures
};

/// None: all budgets bear one more.  Threads  any; touches only its arguments.
[[nodiscard]] std::optional<Overrun> overrun(const Budgets& budgets, const Spending& spent,
                                             const EffectRow& next);

}  // namespace bailiff
