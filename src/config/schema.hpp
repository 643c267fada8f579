#pragma once
// One row a setting. The parser, the example configuration and the effective configuration are
// loops over these rows; README.md says how one is added.

#include <bailiff/settings.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bailiff {

/// What has to happen before a changed value counts.
enum class Reload : std::uint8_t { live, restart };
[[nodiscard]] constexpr std::string_view to_text(Reload reload) {
    return reload == Reload::live ? "live" : "restart";
}

/// Where the value of a row lives.
template <class Owner, class T>
using At = T* (*)(Owner&);
template <class Owner>
using SettingField = std::variant<At<Owner, std::string>, At<Owner, std::int64_t>,
                                  At<Owner, Milliseconds>, At<Owner, MilliPoints>, At<Owner, bool>,
                                  At<Owner, Mode>, At<Owner, Instant>,
                                  At<Owner, std::vector<ActionKind>>,
                                  At<Owner, std::vector<PathStep>>,
                                  At<Owner, std::vector<std::string>>>;

/// What text is taken; the answer says what was expected, and is empty when the text fits.
using TextRule = std::string_view (*)(std::string_view);

/// Numbers, ends included. Points are given in milli-points here.
struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

template <class Owner>
struct SettingRow {
    std::string_view key;                      ///< dotted: "milter.socket"
    std::optional<std::string_view> fallback;  ///< as a person would write it; none: must be given
    Reload reload = Reload::live;
    std::string_view since;  ///< version of bailiff
    std::string_view unit;   ///< empty: none
    std::string_view help;   ///< sentences for the example and the manual
    SettingField<Owner> field;
    Range range{};            ///< of numbers, durations and points
    TextRule text = nullptr;  ///< of strings and items; nullptr: any without control characters
};

using Setting = SettingRow<Settings>;
using PathRow = SettingRow<PathSettings>;
using HookRow = SettingRow<HookSettings>;
using LinesRow = SettingRow<LineRow>;
using AllowanceRow = SettingRow<AllowRow>;

/// All settings outside repeated sections, in the order in which a person reads them.
[[nodiscard]] std::span<const Setting> settings_table();
/// One [[path]].
[[nodiscard]] std::span<const PathRow> path_table();
/// One [[hook]].
[[nodiscard]] std::span<const HookRow> hook_table();

/// One [[lines]].
[[nodiscard]] std::span<const LinesRow> lines_table();
/// One [[allow]].
[[nodiscard]] std::span<const AllowanceRow> allow_table();

/// What a section is about, for its heading.
struct SectionHelp {
    std::string_view name, help;
};
[[nodiscard]] std::span<const SectionHelp> sections_table();

/// The paths when none is configured.
[[nodiscard]] std::vector<PathSettings> default_paths();

}  // namespace bailiff
