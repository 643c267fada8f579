#pragma once
// The file of a panel hook: TOML text → PanelSettings, or everything that is wrong with it.

#include <bailiff/panel_settings.hpp>
#include <bailiff/result.hpp>
#include <string_view>

namespace bailiff {

/// What `text` says; what it leaves out has its default. A first line "#!..." is a comment to TOML.
/// Shape    any bytes; `file` only names it in errors.
/// Errors   invalid_input: all that is wrong, one a line, in order of lines:
///          "/etc/bailiff/hooks.d/whm:3: url: expected https://HOST...".
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<PanelSettings> load_panel_settings(std::string_view text,
                                                        std::string_view file);

}  // namespace bailiff
