#include "lmdb/directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/lmdb/children.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

std::vector<Service> some_services(std::uint64_t first, std::uint64_t count) {
    std::vector<Service> services;
    for (auto number = first; number < first + count; ++number)
        services.push_back(full_service(number));
    return services;
}

Result<void> import(const std::string& path, const std::vector<Service>& services) {
    BAILIFF_TRY(const auto writer, DirectoryWriter::open(path));
    return writer->replace_all(services, at_ms(5));
}

bool import_in_child(const std::string& path, const std::vector<Service>& services) {
    return in_child([&] { return import(path, services).has_value(); });
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

TEST(DirectoryFiles, are_for_the_group_to_read) {
    const TempDir dir;
    ASSERT_TRUE(import(dir / "directory", {}));
    EXPECT_EQ(mode_of(dir / "directory"), 02750U);
    EXPECT_EQ(mode_of(dir / "directory/data.mdb"), 0640U);
    EXPECT_EQ(mode_of(dir / "directory/lock.mdb"), 0660U);
}

TEST(LmdbDirectory, is_empty_before_the_first_import_and_sees_it_come) {
    const TempDir dir;
    const auto directory = LmdbDirectory::open(dir / "directory").value();
    EXPECT_EQ(directory->info().error().fault, Fault::not_found);
    EXPECT_EQ(directory->find(IdentityKind::uid, "1", at_ms(1))->size(), 0U);
    EXPECT_EQ(directory->service(id<ServiceId>("web-1")).value(), std::nullopt);
    EXPECT_EQ(directory->services_of(id<AccountId>("account-0"))->size(), 0U);
    EXPECT_EQ(directory->list({}, 9)->size(), 0U);
    ASSERT_TRUE(import_in_child(dir / "directory", some_services(0, 2)));
    EXPECT_EQ(directory->find(IdentityKind::uid, "1", at_ms(1))->size(), 1U);
    EXPECT_EQ(directory->info()->services, 2U);
}

TEST(LmdbDirectory, sees_a_later_import_and_nothing_of_the_earlier_one) {
    const TempDir dir;
    ASSERT_TRUE(import(dir / "directory", some_services(0, 50)));
    const auto directory = LmdbDirectory::open(dir / "directory").value();
    EXPECT_EQ(directory->find(IdentityKind::uid, "1", at_ms(1))->size(), 1U);
    ASSERT_TRUE(import_in_child(dir / "directory", some_services(100, 3)));
    EXPECT_EQ(directory->find(IdentityKind::uid, "1", at_ms(1))->size(), 0U);
    EXPECT_EQ(directory->find(IdentityKind::uid, "101", at_ms(1))->size(), 1U);
    EXPECT_EQ(directory->list({}, 99)->size(), 3U);
}

TEST(LmdbDirectory, keeps_the_old_data_when_an_import_dies) {
    const TempDir dir;
    ASSERT_TRUE(import(dir / "directory", some_services(0, 5)));
    EXPECT_FALSE(in_child([&] {
        setenv("BAILIFF_CRASH_AT", "import.filled", 1);
        return import(dir / "directory", some_services(100, 5)).has_value();
    }));
    const auto directory = LmdbDirectory::open(dir / "directory").value();
    EXPECT_EQ(directory->list({}, 99).value(), some_services(0, 5));
}

TEST(LmdbDirectory, keeps_the_old_data_when_an_import_is_refused) {
    const TempDir dir;
    ASSERT_TRUE(import(dir / "directory", some_services(0, 5)));
    auto twice = some_services(10, 2);
    twice.push_back(twice.front());
    EXPECT_EQ(import(dir / "directory", twice).error().fault, Fault::invalid_input);
    EXPECT_EQ(import(dir / "directory", {Service{}}).error().fault, Fault::invalid_input);
    EXPECT_EQ(LmdbDirectory::open(dir / "directory").value()->list({}, 99)->size(), 5U);
}

TEST(DirectoryWriter, is_one_at_a_time) {  // fault E13
    const TempDir dir;
    const auto first = DirectoryWriter::open(dir / "directory").value();
    EXPECT_TRUE(in_child([&] {
        const auto second = DirectoryWriter::open(dir / "directory");
        return !second && second.error().fault == Fault::unavailable;
    }));
}

// Generous, for a busy machine and sanitizers: the point is that nothing is quadratic.
TEST(LmdbDirectory, takes_a_large_import_and_finds_fast) {
    const TempDir dir;
    const auto services = some_services(0, 10'000);
    const auto start = std::chrono::steady_clock::now();
    ASSERT_TRUE(import(dir / "directory", services));
    const auto done = std::chrono::steady_clock::now();
    EXPECT_LT(done - start, std::chrono::seconds(10));
    const auto directory = LmdbDirectory::open(dir / "directory").value();
    for (const auto& service : services)
        ASSERT_EQ(
            directory->find(IdentityKind::login, service.identities[0].value, at_ms(1))->size(),
            1U);
    EXPECT_LT(std::chrono::steady_clock::now() - done, std::chrono::seconds(5));
    RecordProperty("find_us", std::to_string((std::chrono::steady_clock::now() - done) /
                                             std::chrono::microseconds(10'000)));
}

}  // namespace
}  // namespace bailiff
