#pragma once
// What must hold of the files before LMDB maps them.

#include <bailiff/descriptor.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff::lmdb {

/// The name of a file system that LMDB must not live on (`type` as statfs(2) tells), or none.
[[nodiscard]] std::optional<std::string_view> refused_file_system(std::uint64_t type);

/// Errors   invalid_input: a network file system or FUSE.  unavailable: `path` cannot be read.
[[nodiscard]] Result<void> require_local_file_system(const std::string& path);

/// Whether the disk has room for a small case; a quota is not seen.
[[nodiscard]] bool has_room(const std::string& path);

/// Creates the directory with `mode`, if it is not there; the parent must be.
/// Errors   unavailable: cannot be created, or something else has its name.
[[nodiscard]] Result<void> require_directory(const std::string& path, unsigned mode);

/// What was named in the directory is found there after a loss of power.
/// Errors   unavailable, naming it.
[[nodiscard]] Result<void> sync_directory(const std::string& path);

/// That the data file is an LMDB file and has all pages that it names: reading a missing one would
/// end the process with SIGBUS (fault E10). No file at all is fine.
/// Errors   corrupt: empty, foreign or cut short.  unavailable: cannot be read.
[[nodiscard]] Result<void> require_whole_data_file(const std::string& file);

/// Whether `file` is there.  Errors   unavailable: nobody can tell.
[[nodiscard]] Result<bool> exists(const std::string& file);

/// Holds the lock of `ROLE.lock` as long as it lives.
/// Errors   unavailable: another process has it, or it cannot be made.
[[nodiscard]] Result<Descriptor> lock_role(const std::string& directory, const std::string& role,
                                           unsigned mode);

/// Waits its turn to open the environment. None if the lock cannot be made (a reader's directory).
[[nodiscard]] Descriptor lock_opening(const std::string& directory, unsigned mode);

/// Gives LMDB's lock file all its blocks before it is mapped: on a full disk the first reader in a
/// page that has none would end the process with SIGBUS. A file that may not be written is left.
/// Order    before this process has the environment open: closing the file drops its locks.
/// Errors   exhausted: no room on the disk.
[[nodiscard]] Result<void> reserve_lock_file(const std::string& file, unsigned readers,
                                             unsigned mode);

/// Sets the process's umask to 0007 for its lifetime. Not for threads that make files meanwhile.
class GroupUmask {
public:
    GroupUmask();
    ~GroupUmask();
    GroupUmask(const GroupUmask&) = delete;
    GroupUmask& operator=(const GroupUmask&) = delete;

private:
    unsigned before_;
};

}  // namespace bailiff::lmdb
