#pragma once

#include <bailiff/limits.hpp>
#include <bailiff/ports/ledger.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "lmdb/ledger_state.hpp"

namespace bailiff {

struct LedgerOptions {
    std::string path;
    std::string role;  ///< "milter", "enforcer": one process each has the ledger open
    std::uint64_t map_bytes = 16ULL << 30;  ///< address space, and the most that is ever stored
    bool read_only = false;  ///< for status and doctor: no role, no thread; update() fails
    std::chrono::milliseconds commit_wait = limits::commit_wait_max;
};

/// The ledger on LMDB. Any number of processes may have it open, one of each role.
/// Threads  any; one more of its own ("ledger-writer") while open for writing.
/// Errors   of update(), beside the port's: after `internal` from a failed write to disk it is
///          closed and opened anew by itself, each second, until a probe has been written durably;
///          in the meantime reading and writing are `unavailable`.
class LmdbLedger final : public Ledger {
public:
    /// Opens, or creates unless read_only: directory 2770, files 0660.
    /// Order    sets the process's umask meanwhile: before threads that make files.
    /// Errors   unavailable: another process has the role, or no permission.  not_found: nothing
    ///          to read.  corrupt: cut short, or of another layout.  invalid_input: NFS and its
    ///          like, or a role that is no word.
    [[nodiscard]] static Result<std::unique_ptr<LmdbLedger>> open(LedgerOptions options);

    /// Writes what is queued, ends the thread, closes the environment.
    ~LmdbLedger() override;

    [[nodiscard]] Result<void> update(LedgerChange change, LedgerChange unheard = {}) override;
    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const override;

    /// What it can do at present; while it cannot write, a probe is written each second.
    [[nodiscard]] LedgerHealth health() const;

    /// Records that failed their checksum where a listing passed over them, since open().
    [[nodiscard]] std::uint64_t corrupt_seen() const;

    /// Changes that wait for the writer.
    [[nodiscard]] std::size_t queued() const;

private:
    class Inside;
    explicit LmdbLedger(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace bailiff
