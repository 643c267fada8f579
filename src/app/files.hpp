#pragma once

#include <bailiff/result.hpp>
#include <string>
#include <string_view>

namespace bailiff {

/// The whole file; "-" is standard input.
/// Errors   not_found, unavailable, exhausted (larger than `bytes_max`): naming the file.
[[nodiscard]] Result<std::string> read_file(const std::string& path,
                                            std::size_t bytes_max = 256U << 20);

/// Writes a file next to the old one and renames: a reader sees the old or the new, never half.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view content);

}  // namespace bailiff
