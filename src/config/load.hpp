#pragma once
// Configuration text → Settings, or everything that is wrong with it.

#include <bailiff/result.hpp>
#include <bailiff/settings.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace bailiff {

inline constexpr std::size_t configuration_bytes_max = 1U << 20;

/// What `text` configures; what it leaves out has its default.
/// Shape    any bytes; `file` only names it in errors.
/// Errors   invalid_input: all that is wrong, one a line, in order of lines:
///          "/etc/bailiff/bailiff.toml:7: milter.sessions_max: expected a whole number from ...".
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<Settings> load_settings(std::string_view text, std::string_view file);

/// Every default of the table, and the two paths that there are when none is configured.
[[nodiscard]] Settings default_settings();

/// A commented file with every setting at its default; loading it gives default_settings().
[[nodiscard]] std::string example_configuration();

/// All settings in force as TOML; loading it gives `settings` again.
[[nodiscard]] std::string effective_configuration(const Settings& settings);

}  // namespace bailiff
