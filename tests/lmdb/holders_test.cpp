#include "lmdb/holders.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

TEST(HolderStore, finds_what_was_put_and_nothing_else) {
    const TempDir dir;
    const auto store = HolderStore::open(dir / "holders").value();
    ASSERT_TRUE(store->replace_all({full_holder(2), full_holder(1)}));
    EXPECT_EQ(store->find(id<HolderId>("holder-1")).value(), full_holder(1));
    EXPECT_EQ(store->find(id<HolderId>("holder-3")).value(), std::nullopt);
    EXPECT_EQ(store->find({}).value(), std::nullopt);
}

TEST(HolderStore, forgets_those_who_are_no_longer_there) {
    const TempDir dir;
    const auto store = HolderStore::open(dir / "holders").value();
    ASSERT_TRUE(store->replace_all({full_holder(1)}));
    ASSERT_TRUE(store->replace_all({full_holder(2)}));
    EXPECT_EQ(store->find(id<HolderId>("holder-1")).value(), std::nullopt);
    EXPECT_EQ(store->find(id<HolderId>("holder-2")).value(), full_holder(2));
}

TEST(HolderStore, keeps_the_old_ones_when_new_ones_are_refused) {
    const TempDir dir;
    const auto store = HolderStore::open(dir / "holders").value();
    ASSERT_TRUE(store->replace_all({full_holder(1)}));
    EXPECT_EQ(store->replace_all({full_holder(2), full_holder(2)}).error().fault,
              Fault::invalid_input);
    EXPECT_EQ(store->replace_all({Holder{}}).error().fault, Fault::invalid_input);
    EXPECT_EQ(store->find(id<HolderId>("holder-1")).value(), full_holder(1));
}

TEST(HolderStore, remembers_after_it_was_closed) {
    const TempDir dir;
    ASSERT_TRUE(HolderStore::open(dir / "holders").value()->replace_all({full_holder(1)}));
    const auto store = HolderStore::open(dir / "holders").value();
    EXPECT_EQ(store->find(id<HolderId>("holder-1")).value(), full_holder(1));
}

TEST(HolderStore, is_for_its_own_user_only) {
    const TempDir dir;
    const auto store = HolderStore::open(dir / "holders").value();
    EXPECT_EQ(mode_of(dir / "holders"), 02700U);
    EXPECT_EQ(mode_of(dir / "holders/data.mdb"), 0600U);
    EXPECT_EQ(mode_of(dir / "holders/lock.mdb"), 0600U);
}

}  // namespace
}  // namespace bailiff
