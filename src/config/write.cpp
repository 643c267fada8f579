// The two texts that are generated from the table.

#include <algorithm>
#include <bailiff/ensure.hpp>

#include "src/config/load.hpp"
#include "src/config/schema.hpp"
#include "src/config/value.hpp"

namespace bailiff {
namespace {

/// 2027-01-31, the last day of the example.
constexpr Instant example_day{std::chrono::sys_days(std::chrono::year(2027) / 2 / 1)};

struct Key {
    std::string_view section, name;  ///< "" and the whole key outside sections
};

Key split(std::string_view key) {
    const auto dot = key.find('.');
    return dot == std::string_view::npos ? Key{"", key}
                                         : Key{key.substr(0, dot), key.substr(dot + 1)};
}

std::string comment(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = text.find('\n');
        result.append("# ").append(text.substr(0, end)).append("\n");
        text = end == std::string_view::npos ? "" : text.substr(end + 1);
    }
    return result;
}

std::string_view help_of(std::string_view section) {
    const auto table = sections_table();
    const auto at = std::ranges::find(table, section, &SectionHelp::name);
    BAILIFF_ENSURE(at != table.end());  // every section has a row
    return at->help;
}

template <class Owner>
std::string explain(const SettingRow<Owner>& row) {
    std::string text(row.help);
    if (!row.unit.empty()) text.append(" In ").append(row.unit).append(".");
    if (!row.fallback) text += " Must be given.";
    if (row.reload == Reload::restart) text += " Needs a restart.";
    return comment(text);
}

template <class Owner>
std::string assignment(const SettingRow<Owner>& row, const Owner& owner) {
    return std::string(split(row.key).name) + " = " + toml_of(row, owner) + "\n";
}

template <class Owner>
std::string block(std::string_view name, std::span<const SettingRow<Owner>> table,
                  const Owner& owner) {
    std::string text = "\n[[" + std::string(name) + "]]\n";
    for (const auto& row : table) text += assignment(row, owner);
    return text;
}

/// `text` as an example that is not in force: '#' before each line, and no space after it.
std::string disabled(std::string_view text) {
    std::string result;
    bool start = true;
    for (const auto c : text) {
        if (start && c != '\n') result += '#';
        result += c;
        start = c == '\n';
    }
    return result;
}

template <class Owner>
std::string block_help(std::string_view name, std::span<const SettingRow<Owner>> table) {
    auto text = "\n" + comment(help_of(name));
    for (const auto& row : table) {
        text.append("#   ").append(row.key).append(": ");
        text += explain(row).substr(2);
    }
    return text;
}

}  // namespace

std::string example_configuration() {
    const auto settings = default_settings();
    std::string text =
        "# bailiff configuration. Every setting is here with its default; take '#' away to\n"
        "# change one. `bailiff config check FILE` says what is wrong with a file,\n"
        "# `bailiff config show` what is in force. A HUP is enough, unless a setting says that it\n"
        "# needs a restart.\n\n";
    std::string_view section;
    for (const auto& row : settings_table()) {
        const auto key = split(row.key);
        if (key.section != section) {
            section = key.section;
            text += "\n" + comment(help_of(section)) + "[" + std::string(section) + "]\n";
        }
        text += explain(row) + disabled(assignment(row, settings));
    }
    text += block_help("lines", lines_table());
    const LineRow stricter{.plan = "free", .door = "submission", .lines = {.spam = 5000}};
    text += disabled(block("lines", lines_table(), stricter));
    text += block_help("allow", allow_table());
    const AllowRow newsletter{.service = "svc-1",
                              .symbols = {"RATE_MESSAGES_HOUR"},
                              .until = example_day,
                              .reason = "newsletter with consent, seen by the abuse team"};
    text += disabled(block("allow", allow_table(), newsletter));
    text += block_help("path", path_table());
    for (const auto& path : settings.paths) text += disabled(block("path", path_table(), path));
    text += block_help("hook", hook_table());
    const HookSettings hook{.command = "/etc/bailiff/hooks.d/panel",
                            .kinds = {ActionKind::service_terminate, ActionKind::service_suspend,
                                      ActionKind::account_suspend, ActionKind::credential_reset,
                                      ActionKind::notify_team}};
    return text + disabled(block("hook", hook_table(), hook));
}

std::string effective_configuration(const Settings& settings) {
    std::string text;
    std::string_view section;
    for (const auto& row : settings_table()) {
        const auto key = split(row.key);
        if (key.section != section) {
            section = key.section;
            text += "\n[" + std::string(section) + "]\n";
        }
        text += assignment(row, settings);
    }
    for (const auto& row : settings.policy.rows) text += block("lines", lines_table(), row);
    for (const auto& row : settings.policy.allow) text += block("allow", allow_table(), row);
    for (const auto& path : settings.paths) text += block("path", path_table(), path);
    for (const auto& hook : settings.hooks) text += block("hook", hook_table(), hook);
    return text;
}

}  // namespace bailiff
