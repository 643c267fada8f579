#pragma once
// Which files may be run as a hook.

#include <bailiff/result.hpp>
#include <string>

namespace bailiff::process {

/// Whether `path` may be run: absolute, a regular file and no symbolic link, executable by us,
/// owned by root or by the running user, and writable by nobody else.
/// Errors   unavailable: says which of these does not hold; an operator can mend each.
[[nodiscard]] Result<void> check_hook_file(const std::string& path);

}  // namespace bailiff::process
