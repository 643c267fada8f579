#pragma once

#include <bailiff/mutex.hpp>
#include <bailiff/ports/ledger.hpp>
#include <functional>
#include <memory>

namespace bailiff {

/// The ledger in memory, for tests, `explain` and dry runs: behaves as the one on disk does, and is
/// gone with the object.
/// Threads  any. One lock for all: no update() or read() from within one.
/// Errors   of update(): those of the change, and what a put function refuses.
class MemoryLedger final : public Ledger {
public:
    MemoryLedger();
    ~MemoryLedger() override;

    [[nodiscard]] Result<void> update(LedgerChange change, LedgerChange unheard = {}) override;
    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const override;

private:
    struct State;
    mutable Mutex mutex_;
    const std::unique_ptr<State> state_;  // what it points to is guarded by mutex_
};

}  // namespace bailiff
