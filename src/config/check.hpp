#pragma once
// What no single row can see: combinations that cannot work.

#include <bailiff/settings.hpp>

#include "src/config/complaints.hpp"
#include "src/config/toml_file.hpp"

namespace bailiff {

/// Adds what is impossible in `settings` to `complaints`; lines come from `content`.
void check_combinations(const Settings& settings, const FileContent& content,
                        ConfigComplaints& complaints);

}  // namespace bailiff
