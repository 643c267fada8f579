#pragma once
// A ledger's environment with its tables, and how to find out whether it works.

#include <memory>

#include "lmdb/environment.hpp"
#include "lmdb/ledger_tables.hpp"

namespace bailiff::lmdb {

struct OpenedLedger {
    std::unique_ptr<Environment> environment;
    LedgerTables tables;

    /// Opens, or creates with read_write.
    /// Errors   as Environment::open(); corrupt: another layout.
    [[nodiscard]] static Result<OpenedLedger> open(const EnvironmentOptions& options);
};

/// Writes and takes away again what a small case needs, durably. Room that it finds stays in the
/// file.
/// Errors   exhausted: full.  unavailable: may not be written.  internal: failed on the disk.
/// Threads  the writer's.
[[nodiscard]] Result<void> probe(const Environment& environment);

/// From this share of the map on people should know that it fills: some way before
/// message_share_percent, where the last large message finds no more room.
inline constexpr std::uint64_t filling_percent = 75;

/// Errors   the file cannot be read.
[[nodiscard]] Result<bool> is_filling(const Environment& environment);

}  // namespace bailiff::lmdb
