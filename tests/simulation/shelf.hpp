#pragma once
// One role's way to the ledger: updates that fail, that nobody hears of, and that come late.

#include <bailiff/ports/ledger.hpp>
#include <deque>
#include <memory>

#include "tests/simulation/life.hpp"
#include "tests/simulation/sky.hpp"

namespace bailiff::simulation {

/// Dies with its role before and after each transaction. What was committed stays.
class Shelf final : public Ledger {
public:
    Shelf(Ledger& disk, Life& life, Sky& sky) : disk_(disk), life_(life), sky_(sky) {}

    [[nodiscard]] Result<void> update(LedgerChange change, LedgerChange unheard = {}) override;
    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const override;

    /// What the writer still has to do; in order, and before the next update.
    void flush();
    /// The role has died: its writer is gone, too.
    void forget() { queued_.clear(); }

    bool forgets = false;  ///< planted: says "durable" and commits nothing

private:
    Result<void> commit(LedgerChange change);
    Result<void> unheard_of(LedgerChange change, LedgerChange unheard);

    Ledger& disk_;
    Life& life_;
    Sky& sky_;
    std::deque<LedgerChange> queued_;
};

}  // namespace bailiff::simulation
