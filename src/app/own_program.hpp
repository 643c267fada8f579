#pragma once

#include <string>

namespace bailiff {

/// Path of this program as installed: after an upgrade its new contents, for it is the file and not
/// the inode. "bailiff", if the system does not tell.
[[nodiscard]] std::string own_program();

}  // namespace bailiff
