#pragma once
// What the milter judges by, where a reload can look it up.

#include <bailiff/clock.hpp>
#include <bailiff/settings.hpp>
#include <string>

#include "src/app/load_snapshot.hpp"

namespace bailiff {

/// RUN_DIR/in_force.toml: the effective configuration, below comments on when and which rules.
[[nodiscard]] std::string in_force_path(const Settings& settings);
/// RUN_DIR/reload.replayed: the fingerprint of what a person has last been shown and wanted.
[[nodiscard]] std::string replayed_path(const Settings& settings);

/// Of settings, rules, weights and traps: hexadecimal SHA-256.
[[nodiscard]] std::string fingerprint_of(const Settings& settings, const Loaded& loaded);
[[nodiscard]] std::string in_force_text(const Settings& settings, const Loaded& loaded,
                                        Instant since);

/// As replace_file(), for root in a folder where others may write: follows no link.
[[nodiscard]] Result<void> replace_safely(const std::string& path, const std::string& content);

}  // namespace bailiff
