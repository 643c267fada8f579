// The ledger on disk against the one in memory: anything done to both leaves both alike.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "lmdb/ledger.hpp"
#include "src/memory/ledger.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;
using Change = std::function<Result<void>(LedgerTxn&)>;

/// One step on a few ids, so that records meet again.
Change any_step(Sampler& sampler) {
    const auto number = sampler.below(12);
    const auto at = at_ms(static_cast<std::int64_t>(sampler.below(1'000)));
    auto record = sampler.any_case();
    record.id = case_id(number);
    record.fingerprint = digest(static_cast<std::uint8_t>(sampler.below(4)));
    record.service = full_case(sampler.below(3)).service;
    record.path = sampler.below(2) == 0 ? "review" : "zero_tolerance";
    auto action = sampler.any_action();
    action.id = action_id(number);
    action.case_id = case_id(sampler.below(3));
    const StandingRow row{static_cast<Standing>(sampler.below(5)), case_id(number), at};
    const Change steps[] = {
        [=](LedgerTxn& txn) { return txn.put_case(record); },
        [=](LedgerTxn& txn) { return txn.put_action(action); },
        [=](LedgerTxn& txn) { return txn.put_message(record.id, record.path); },
        [=](LedgerTxn& txn) { return txn.put_standing(record.service, row); },
        [=](LedgerTxn& txn) { return txn.put_standing(record.account, row); },
        [=](LedgerTxn& txn) {
            return txn.count_effect({at, action.id, action.kind, action.account, {record.path}});
        },
        [=](LedgerTxn& txn) {
            return txn.put_breaker({.open = number % 2 == 0,
                                    .since = at,
                                    .cause = record.path,
                                    .detail = "d",
                                    .by = "b",
                                    .reason = "r"});
        },
        [=](LedgerTxn& txn) {
            return txn.put_rule_age(record.path, {digest(static_cast<std::uint8_t>(number)), at});
        },
        [=](LedgerTxn& txn) { return txn.count_hold(record.id, at); },
        [=](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(txn.append_leaf({"case", record.path, digest(1), at}));
            return {};
        },
        [=](LedgerTxn& txn) {
            const Exhibit exhibit{record.path + ".json", digest(2), number};
            return txn.put_exhibit(record.id, action.sequence % 2, exhibit, record.path);
        },
        [=](LedgerTxn& txn) {
            Seal seal = full_seal(action.sequence % 2);
            if (number % 2 == 0) seal.stamp.clear();
            return txn.put_seal(record.id, seal);
        },
        [=](LedgerTxn& txn) { return txn.set_sealed(record.id, 1 + number % 3); },
        [](LedgerTxn&) -> Result<void> { return fail(Fault::invalid_input, "a step fails"); },
    };
    return steps[sampler.below(std::size(steps) * 4) % std::size(steps)];
}

Change any_change(Sampler& sampler) {
    std::vector<Change> steps;
    for (auto left = 1 + sampler.below(5); left > 0; --left) steps.push_back(any_step(sampler));
    return [steps](LedgerTxn& txn) -> Result<void> {
        for (const auto& step : steps) BAILIFF_CHECK(step(txn));
        return {};
    };
}

class LedgerTwins : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seeds, LedgerTwins, testing::Range(0, 6));

TEST_P(LedgerTwins, stay_alike) {
    const TempDir dir;
    MemoryLedger memory;
    const auto disk = LmdbLedger::open({.path = dir / "ledger", .role = "milter"}).value();
    Sampler sampler(static_cast<std::uint64_t>(GetParam()));
    for (int round = 0; round < 120; ++round) {
        const auto change = any_change(sampler);
        EXPECT_EQ(memory.update(change).has_value(), disk->update(change).has_value());
    }
    EXPECT_EQ(dump(memory), dump(*disk));
}

}  // namespace
}  // namespace bailiff
