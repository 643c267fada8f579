#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <bailiff/settings.hpp>

namespace bailiff {

/// Asks the features that the milter of `config` keeps what the settings `asked` would have said of
/// the messages since `since`, and prints it.
/// Shape    the exit status; 2: features cannot answer, and standard error says which rules.
/// Errors   those of the rules; not_found: no features are kept.
[[nodiscard]] Result<int> run_replay(const Settings& config, const Settings& asked, Instant since,
                                     bool json);

/// `config` with what a replay can ask taken from `policy`.
[[nodiscard]] Settings asked_settings(const Settings& config, const Settings& policy);

}  // namespace bailiff
