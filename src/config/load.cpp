#include "src/config/load.hpp"

#include <algorithm>
#include <span>

#include "src/config/check.hpp"
#include "src/config/complaints.hpp"
#include "src/config/schema.hpp"
#include "src/config/toml_file.hpp"

namespace bailiff {
namespace {

template <class Owner>
const SettingRow<Owner>* find_row(std::span<const SettingRow<Owner>> table, std::string_view key) {
    const auto at = std::ranges::find(table, key, &SettingRow<Owner>::key);
    return at == table.end() ? nullptr : &*at;
}

template <class Owner>
void take_fallbacks(std::span<const SettingRow<Owner>> table, Owner& owner) {
    for (const auto& row : table) assign_fallback(row, owner);
}

/// Why nobody knows this key.
std::string unknown_key(std::string_view key) {
    if (key == "path" || key == "hook" || key == "lines" || key == "allow")
        return "expected [[" + std::string(key) + "]] blocks";
    const auto sections = sections_table();
    if (std::ranges::find(sections, key, &SectionHelp::name) != sections.end())
        return "expected a section [" + std::string(key) + "]";
    return "unknown key; expected one of the example configuration";
}

template <class Owner>
void take_entries(std::span<const SettingRow<Owner>> table, const std::vector<FileEntry>& entries,
                  std::string_view prefix, Owner& owner, ConfigComplaints& complaints) {
    for (const auto& entry : entries) {
        const auto key = std::string(prefix) + entry.key;
        const auto* row = find_row(table, entry.key);
        if (row == nullptr) {
            complaints.add(entry.line, key, unknown_key(key));
            continue;
        }
        const auto expected = assign(*row, owner, entry.value);
        if (expected) complaints.add(entry.line, key, "expected " + *expected);
    }
}

/// One [[path]], [[hook]], [[lines]] or [[allow]].
template <class Owner>
Owner take_block(std::span<const SettingRow<Owner>> table, const FileBlock& block,
                 ConfigComplaints& complaints) {
    Owner owner;
    const auto prefix = block.name + ".";
    take_fallbacks(table, owner);
    take_entries(table, block.entries, prefix, owner, complaints);
    for (const auto& row : table) {
        if (row.fallback ||
            std::ranges::find(block.entries, row.key, &FileEntry::key) != block.entries.end())
            continue;
        complaints.add(block.line, prefix + std::string(row.key), "expected it: has no default");
    }
    return owner;
}

void take_blocks(const FileContent& content, Settings& settings, ConfigComplaints& complaints) {
    std::vector<PathSettings> paths;
    for (const auto& block : content.blocks) {
        if (block.name == "path")
            paths.push_back(take_block(path_table(), block, complaints));
        else if (block.name == "hook")
            settings.hooks.push_back(take_block(hook_table(), block, complaints));
        else if (block.name == "lines")
            settings.policy.rows.push_back(take_block(lines_table(), block, complaints));
        else if (block.name == "allow")
            settings.policy.allow.push_back(take_block(allow_table(), block, complaints));
        else
            complaints.add(block.line, block.name,
                           "unknown; expected [[lines]], [[allow]], [[path]] or [[hook]]");
    }
    if (!paths.empty()) settings.paths = std::move(paths);
}

}  // namespace

Result<Settings> load_settings(std::string_view text, std::string_view file) {
    if (text.size() > configuration_bytes_max)
        return fail(Fault::invalid_input, std::string(file) + ":1: size: expected at most " +
                                              std::to_string(configuration_bytes_max) + " bytes");
    auto content = read_toml(text);
    if (!content) return fail(Fault::invalid_input, std::string(file) + ":" + content.error().what);
    auto settings = default_settings();
    ConfigComplaints complaints;
    take_entries(settings_table(), content->entries, "", settings, complaints);
    take_blocks(*content, settings, complaints);
    check_combinations(settings, *content, complaints);
    if (!complaints.empty()) return Failure(std::move(complaints).error(file));
    return settings;
}

Settings default_settings() {
    Settings settings;
    take_fallbacks(settings_table(), settings);
    settings.paths = default_paths();
    return settings;
}

}  // namespace bailiff
