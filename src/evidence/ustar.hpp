#pragma once
// One archive of many files, the same bytes for the same files whoever makes it.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <vector>

namespace bailiff {

struct ArchiveFile {
    std::string path;  ///< relative, "/" between folders
    std::string bytes;
};

/// POSIX ustar, as `tar --sort=name --owner=0 --group=0 --numeric-owner --format=ustar` makes it of
/// files alone: in order of path, all of this time, mode 0600, nobody's names.
/// Errors   invalid_input: a path that leaves the archive, comes twice, or is longer than ustar's.
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<std::string> ustar(std::vector<ArchiveFile> files, Instant modified);

}  // namespace bailiff
