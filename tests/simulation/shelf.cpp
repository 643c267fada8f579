#include "tests/simulation/shelf.hpp"

#include <utility>

namespace bailiff::simulation {

Result<void> Shelf::update(LedgerChange change, LedgerChange unheard) {
    life_.call();
    flush();
    if (sky_.weather.ledger_away) return fail(Fault::unavailable, "the ledger is away");
    if (sky_.chance.in_1000(sky_.weather.ledger)) {
        switch (sky_.chance.below(4)) {
            case 0:
                sky_.chronicle.meet("ledger refuses");
                return fail(sky_.chance.below(2) == 0 ? Fault::unavailable : Fault::exhausted,
                            "not written");
            case 1:
                sky_.chronicle.meet("ledger waits");
                sky_.wait(sky_.chance.between(100ms, 1900ms));
                break;
            default:
                return unheard_of(std::move(change), std::move(unheard));
        }
    }
    if (forgets && sky_.chance.below(4) == 0) {
        Result<void> done;
        (void)disk_.update([&](LedgerTxn& txn) -> Result<void> {
            done = change(txn);
            return fail(Fault::unavailable, "forgotten");
        });
        return done;
    }
    return commit(std::move(change));
}

Result<void> Shelf::commit(LedgerChange change) {
    auto done = disk_.update(std::move(change));
    if (life_.dead()) throw Died();  // inside the transaction, which is therefore undone
    life_.call();
    return done;
}

/// Committed, not committed, or committed later: the caller is told the same.
Result<void> Shelf::unheard_of(LedgerChange change, LedgerChange unheard) {
    const auto how = sky_.chance.below(3);
    sky_.chronicle.meet(how == 0   ? "ledger commits unheard"
                        : how == 1 ? "ledger loses unheard"
                                   : "ledger commits late");
    if (how == 0) {
        // An error of the change itself is heard of: it aborts.
        BAILIFF_CHECK(commit(std::move(change)));
    } else if (how == 2) {
        queued_.push_back(std::move(change));
    }
    if (unheard) queued_.push_back(std::move(unheard));
    sky_.later(sky_.chance.between(5ms, 3s), [this] {
        const Living as_this(life_);
        if (!life_.dead()) flush();
    });
    return fail(Fault::internal, "the outcome is not known");
}

void Shelf::flush() {
    while (!queued_.empty()) {
        const auto change = std::exchange(queued_.front(), {});
        queued_.pop_front();
        (void)disk_.update(change);
        if (life_.dead()) return;
    }
}

Result<void> Shelf::read(const std::function<Result<void>(const LedgerView&)>& look) const {
    life_.call();
    if (sky_.weather.ledger_away && sky_.chance.below(4) == 0)
        return fail(Fault::unavailable, "the ledger cannot be read");
    return disk_.read(look);
}

}  // namespace bailiff::simulation
