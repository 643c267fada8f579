// What is its own; what every directory does is in tests/lmdb/directory_contract_test.cpp.
#include "src/memory/directory.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

Service service(const char* id, const char* plan) {
    Service service;
    service.id = ServiceId::parse(id).value();
    service.account = AccountId::parse("account-1").value();
    service.plan = plan;
    return service;
}

TEST(MemoryDirectory, says_that_nothing_was_imported) {
    EXPECT_EQ(MemoryDirectory().info().error().fault, Fault::not_found);
    EXPECT_EQ(MemoryDirectory().list({}, 9)->size(), 0U);
}

TEST(MemoryDirectory, keeps_the_first_of_two_with_one_id) {
    const MemoryDirectory directory({service("a", "first"), service("a", "second")}, Instant{});
    EXPECT_EQ(directory.list({}, 9).value(), std::vector{service("a", "first")});
}

}  // namespace
}  // namespace bailiff
