#include "src/config/panel_file.hpp"

#include <algorithm>
#include <array>

#include "src/config/complaints.hpp"
#include "src/config/load.hpp"
#include "src/config/schema.hpp"
#include "src/config/text_rules.hpp"
#include "src/config/toml_file.hpp"
#include "src/config/value.hpp"

namespace bailiff {
namespace {

using PanelRow = SettingRow<PanelSettings>;
namespace rule = text_rules;

/// Which panels have a use for a key.
struct Use {
    bool whm = true, whmcs = true, webhook = true;

    [[nodiscard]] bool of(std::string_view panel) const {
        return panel == "whm" ? whm : panel == "whmcs" ? whmcs : webhook;
    }
};
constexpr Use all{};
constexpr Use panels{true, true, false};
constexpr Use whmcs{false, true, false};
constexpr Use webhook{false, false, true};

struct UsedRow {
    PanelRow row;
    Use use = all;
};

std::string_view panel_name(std::string_view text) {
    const bool known = text == "whm" || text == "whmcs" || text == "webhook";
    return known ? "" : "\"whm\", \"whmcs\" or \"webhook\"";
}

std::string_view service_key(std::string_view text) {
    return text == "serviceid" || text == "accountid" ? "" : "\"serviceid\" or \"accountid\"";
}

// clang-format off
const std::array rows{
    UsedRow{{"panel", {}, Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.panel; }, {}, panel_name}},
    UsedRow{{"url", {}, Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.url; }, {}, rule::guarded_url}},
    UsedRow{{"secret_file", {}, Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.secret_file; }, {}, rule::absolute_path}},
    UsedRow{{"user", "", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.user; }, {}, rule::token_or_none}, panels},
    UsedRow{{"purge_user", "", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.purge_user; }, {}, rule::token_or_none}, panels},
    UsedRow{{"purge_secret_file", "", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.purge_secret_file; }, {},
             rule::absolute_path_or_none}, panels},
    UsedRow{{"ca_file", "", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.ca_file; }, {}, rule::absolute_path_or_none}},
    UsedRow{{"map_file", "", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.map_file; }, {},
             rule::absolute_path_or_none}, panels},
    UsedRow{{"timeout_ms", "25000", Reload::live, "0.2", "ms", "",
             [](PanelSettings& s) { return &s.timeout; }, {100, 600'000}}},
    UsedRow{{"service_key", "serviceid", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.service_key; }, {}, service_key}, whmcs},
    UsedRow{{"ticket_department", "0", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.ticket_department; }, {0, 1'000'000'000}}, whmcs},
    UsedRow{{"ticket_subject", "Your service has been stopped", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.ticket_subject; }, {}, nullptr}, whmcs},
    UsedRow{{"ticket_message",
             "Your service has been stopped because spam was sent from it. "
             "Please answer this ticket if you disagree, or to learn what can be done.",
             Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.ticket_message; }, {}, nullptr}, whmcs},
    UsedRow{{"receiver_dedupes", "false", Reload::live, "0.2", "", "",
             [](PanelSettings& s) { return &s.receiver_dedupes; }}, webhook},
};
// clang-format on

const UsedRow* row_of(std::string_view key) {
    const auto at = std::ranges::find(rows, key, [](const UsedRow& used) { return used.row.key; });
    return at == rows.end() ? nullptr : &*at;
}

std::string expected_keys() {
    std::string text = "unknown key; expected one of";
    for (const auto& used : rows) text.append(" ").append(used.row.key);
    return text;
}

const FileEntry* entry_of(const FileContent& content, std::string_view key) {
    const auto at = std::ranges::find(content.entries, key, &FileEntry::key);
    return at == content.entries.end() ? nullptr : &*at;
}

void take(const FileContent& content, PanelSettings& settings, ConfigComplaints& complaints) {
    for (const auto& used : rows) assign_fallback(used.row, settings);
    for (const auto& entry : content.entries) {
        const auto* used = row_of(entry.key);
        if (used == nullptr) {
            complaints.add(entry.line, entry.key, expected_keys());
            continue;
        }
        const auto expected = assign(used->row, settings, entry.value);
        if (expected) complaints.add(entry.line, entry.key, "expected " + *expected);
    }
    for (const auto& block : content.blocks)
        complaints.add(block.line, block.name, "expected no [[" + block.name + "]] blocks");
    for (const auto& used : rows)
        if (!used.row.fallback && entry_of(content, used.row.key) == nullptr)
            complaints.add(1, used.row.key, "expected it: has no default");
}

void check(const FileContent& content, const PanelSettings& settings,
           ConfigComplaints& complaints) {
    const auto line = [&](std::string_view key) {
        const auto* entry = entry_of(content, key);
        return entry == nullptr ? 1 : entry->line;
    };
    if (!panel_name(settings.panel).empty()) return;  // complained about already
    for (const auto& entry : content.entries) {
        const auto* used = row_of(entry.key);
        if (used != nullptr && !used->use.of(settings.panel))
            complaints.add(entry.line, entry.key,
                           "expected nothing: panel \"" + settings.panel + "\" has no use for it");
    }
    if (settings.panel != "webhook" && settings.user.empty())
        complaints.add(line("user"), "user",
                       "expected it: panel \"" + settings.panel + "\" asks who owns the secret");
    if (settings.panel == "whm" &&
        settings.url.find('/', settings.url.find("//") + 2) != std::string::npos)
        complaints.add(line("url"), "url", "expected https://HOST:PORT without a path");
    if (settings.purge_user.empty() != settings.purge_secret_file.empty())
        complaints.add(line(settings.purge_user.empty() ? "purge_secret_file" : "purge_user"),
                       "purge_user", "expected it together with purge_secret_file");
    else if (!settings.purge_user.empty() && settings.purge_secret_file == settings.secret_file)
        complaints.add(line("purge_secret_file"), "purge_secret_file",
                       "expected another file than secret_file: what destroys has a credential "
                       "of its own");
}

}  // namespace

Result<PanelSettings> load_panel_settings(std::string_view text, std::string_view file) {
    if (text.size() > configuration_bytes_max)
        return fail(Fault::invalid_input, std::string(file) + ":1: size: expected at most " +
                                              std::to_string(configuration_bytes_max) + " bytes");
    const auto content = read_toml(text);
    if (!content) return fail(Fault::invalid_input, std::string(file) + ":" + content.error().what);
    PanelSettings settings;
    ConfigComplaints complaints;
    take(*content, settings, complaints);
    check(*content, settings, complaints);
    if (!complaints.empty()) return Failure(std::move(complaints).error(file));
    return settings;
}

}  // namespace bailiff
