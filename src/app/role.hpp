#pragma once

#include <bailiff/result.hpp>
#include <bailiff/settings.hpp>
#include <memory>
#include <string>
#include <sys/types.h>

#include "lmdb/ledger.hpp"

namespace bailiff {

/// Default place of the configuration.
inline constexpr const char* configuration_file = "/etc/bailiff/bailiff.toml";

/// Reads and validates the configuration; every fault of it is in the error, a line each.
[[nodiscard]] Result<Settings> settings_from(const std::string& path);

/// If root: makes the directories of §3 that are missing, with their owners and modes, and becomes
/// `user` in the bailiff group for good. If not root: changes nothing. Sets the umask to 0007.
/// Order    before anything is opened.
[[nodiscard]] Result<void> become(const Settings& settings, const std::string& user);

/// For a role that writes.  Errors   as LmdbLedger::open().
[[nodiscard]] Result<std::unique_ptr<LmdbLedger>> open_ledger(const Settings& settings,
                                                              const char* role);

/// The same for the role that must stay root: only the group changes.
[[nodiscard]] Result<void> join_group(const Settings& settings);

/// Of a name, or a number.  Errors   not_found.
[[nodiscard]] Result<uid_t> user_id(const std::string& name);

[[nodiscard]] std::string counters_path(const Settings& settings);
[[nodiscard]] std::string ledger_path(const Settings& settings);
[[nodiscard]] std::string directory_path(const Settings& settings);
[[nodiscard]] std::string holders_path(const Settings& settings);

}  // namespace bailiff
