#pragma once

#include <bailiff/result.hpp>
#include <bailiff/settings.hpp>
#include <string>

namespace bailiff {

/// Sends HUP to the process that holds the role's lock in the ledger, and to no other: the kernel
/// says who that is, and the process is held by a descriptor while it is asked and told.
/// Errors   not_found: the role does not run; unavailable: no right to signal it.
[[nodiscard]] Result<int> hang_up(const Settings& settings, const std::string& role);

}  // namespace bailiff
