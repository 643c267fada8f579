#pragma once
// One LMDB environment: a directory with data.mdb and lock.mdb.

#include <bailiff/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "lmdb/files.hpp"

struct MDB_env;

namespace bailiff::lmdb {

/// Slots of the reader table: above every session limit that we offer.
inline constexpr unsigned readers_max = 4096;
inline constexpr unsigned tables_max = 24;

enum class Access : std::uint8_t { read_only, read_write };

struct EnvironmentOptions {
    std::string path;
    std::uint64_t map_bytes = 0;  ///< of address space; the file grows as it is filled
    Access access = Access::read_write;
    unsigned directory_mode = 02770;
    unsigned data_mode = 0660;
    unsigned lock_mode = 0660;
    std::string role;         ///< whose lock to hold; empty: none
    bool expendable = false;  ///< commits are not synced: a power failure may cost all of it
};

/// How full, and how far behind the slowest reader is.
struct EnvironmentStats {
    std::uint64_t map_bytes = 0;
    std::uint64_t map_bytes_used = 0;  ///< without pages that wait to be used again
    std::uint64_t oldest_reader_lag = 0;
};

/// Threads  any, after open(). Never used after fork(2).
class Environment {
public:
    /// Opens, or creates with read_write; clears slots that killed readers left behind.
    /// Order    sets the umask for its duration: call it while no other thread makes files.
    /// Errors   unavailable: no permission, another holder of the role, or already open in this
    ///          process (LMDB forbids that).  not_found: nothing to read.  corrupt: a cut file.
    ///          invalid_input: a file system that LMDB cannot live on, or a bad role.
    [[nodiscard]] static Result<std::unique_ptr<Environment>> open(EnvironmentOptions options);
    ~Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    [[nodiscard]] MDB_env* raw() const { return env_; }
    [[nodiscard]] const std::string& path() const { return options_.path; }
    [[nodiscard]] bool read_only() const { return options_.access == Access::read_only; }

    /// Frees the slots of readers that are dead.
    void check_readers() const;
    /// Whether a page of the file failed to be written: nothing works until it is opened anew.
    [[nodiscard]] bool panicked() const;
    [[nodiscard]] Result<EnvironmentStats> stats() const;
    /// Bytes up to the last page ever used; cheap.
    [[nodiscard]] std::uint64_t bytes_reached() const;
    [[nodiscard]] std::uint64_t map_bytes() const;

private:
    explicit Environment(EnvironmentOptions options) : options_(std::move(options)) {}
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> map();
    [[nodiscard]] Result<void> enter_registry();

    EnvironmentOptions options_;
    Descriptor role_lock_;
    MDB_env* env_ = nullptr;
    std::string registered_;
};

/// What an LMDB or system error code means for the caller.
[[nodiscard]] Failure failure(int code, std::string_view doing);

}  // namespace bailiff::lmdb
