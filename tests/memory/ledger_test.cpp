// What is the memory ledger's own; what every ledger does is in
// tests/lmdb/ledger_contract_test.cpp.
#include "src/memory/ledger_state.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace bailiff {
namespace {

TEST(Undo, takes_back_every_kind_of_change) {
    std::map<int, std::string> map{{1, "one"}, {2, "two"}};
    std::set<int> set{1, 2};
    std::vector<int> list{1};
    const auto map_before = map;
    const auto set_before = set;
    const auto list_before = list;
    Undo undo;
    undo.set(map, 1, std::string("other"));
    undo.set(map, 1, std::string("yet another"));
    undo.set(map, 3, std::string("three"));
    undo.insert(set, 1);  // was there: must stay there
    undo.insert(set, 3);
    undo.erase(set, 2);
    undo.erase(set, 9);
    undo.append(list, 2);
    EXPECT_EQ(map.at(1), "yet another");
    EXPECT_EQ(set, (std::set{1, 3}));
    undo.back();
    EXPECT_EQ(map, map_before);
    EXPECT_EQ(set, set_before);
    EXPECT_EQ(list, list_before);
}

TEST(MemoryLedger, starts_empty_each_time) {
    MemoryLedger first, second;
    ASSERT_TRUE(first.update([](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(txn.append_leaf({"case", "x", {}, {}}));
        return {};
    }));
    EXPECT_TRUE(second.read([](const LedgerView& view) -> Result<void> {
        EXPECT_EQ(view.stats()->leaves, 0U);
        return {};
    }));
}

}  // namespace
}  // namespace bailiff
