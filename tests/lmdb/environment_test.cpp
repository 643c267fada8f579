#include "lmdb/environment.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "lmdb/txn.hpp"
#include "tests/lmdb/children.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff::lmdb {
namespace {

using namespace samples;

EnvironmentOptions options(const std::string& path, const std::string& role = "milter") {
    EnvironmentOptions options;
    options.path = path;
    options.map_bytes = 16U << 20;
    options.role = role;
    return options;
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
}

/// An environment with some pages in it, closed.
void make_filled(const std::string& path) {
    const auto environment = Environment::open(options(path)).value();
    auto txn = Txn::write(*environment).value();
    const auto table = txn.table("some", Txn::Missing::is_created).value();
    for (int n = 0; n < 200; ++n)
        ASSERT_TRUE(txn.put(table, {"key" + std::to_string(n), std::string(500, 'v')}));
    ASSERT_TRUE(std::move(txn).commit());
}

TEST(Environment, makes_directory_and_files_for_the_group_only) {
    const TempDir dir;
    const auto before = umask(0022);
    { const auto environment = Environment::open(options(dir / "env")).value(); }
    EXPECT_EQ(umask(before), 0022U);
    EXPECT_EQ(mode_of(dir / "env"), 02770U);
    EXPECT_EQ(mode_of(dir / "env/data.mdb"), 0660U);
    EXPECT_EQ(mode_of(dir / "env/lock.mdb"), 0660U);
    EXPECT_EQ(mode_of(dir / "env/milter.lock"), 0660U);
}

TEST(Environment, is_open_once_in_a_process) {  // fault E13
    const TempDir dir;
    const auto first = Environment::open(options(dir / "env")).value();
    const auto second = Environment::open(options(dir / "env", "enforcer"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::unavailable);
    EXPECT_NE(second.error().what.find("already"), std::string::npos) << second.error().what;
}

TEST(Environment, opens_again_after_it_was_closed) {
    const TempDir dir;
    { const auto first = Environment::open(options(dir / "env")).value(); }
    EXPECT_TRUE(Environment::open(options(dir / "env")));
}

TEST(Environment, has_one_process_of_each_role) {  // fault E13
    const TempDir dir;
    const auto first = Environment::open(options(dir / "env")).value();
    EXPECT_TRUE(in_child([&] {
        const auto same = Environment::open(options(dir / "env"));
        const bool refused = !same && same.error().fault == Fault::unavailable &&
                             same.error().what.find("role milter") != std::string::npos;
        return refused && Environment::open(options(dir / "env", "enforcer")).has_value();
    }));
}

TEST(Environment, takes_no_path_for_a_role) {
    const TempDir dir;
    EXPECT_EQ(Environment::open(options(dir / "env", "../x")).error().fault, Fault::invalid_input);
}

TEST(Environment, tells_a_reader_that_nothing_is_there) {
    const TempDir dir;
    auto wanted = options(dir / "env", "");
    wanted.access = Access::read_only;
    EXPECT_EQ(Environment::open(wanted).error().fault, Fault::not_found);
    EXPECT_FALSE(fs::exists(dir / "env"));
}

TEST(Environment, is_refused_where_a_file_has_its_name) {
    const TempDir dir;
    std::ofstream(dir / "env") << "x";
    EXPECT_EQ(Environment::open(options(dir / "env")).error().fault, Fault::unavailable);
}

TEST(Environment, is_refused_at_every_length_that_lacks_a_page) {  // fault E10
    const TempDir dir;
    make_filled(dir / "env");
    const auto data = dir / "env/data.mdb";
    const auto whole = fs::file_size(data);
    ASSERT_GT(whole, 20U * 4096U);
    for (auto size = whole - 1; size > 4096; size -= 4095) {
        fs::resize_file(data, size);
        const auto opened = Environment::open(options(dir / "env"));
        ASSERT_FALSE(opened) << size;
        EXPECT_EQ(opened.error().fault, Fault::corrupt) << opened.error().what;
    }
}

struct Foreign {
    std::string name, bytes;
};
std::ostream& operator<<(std::ostream& out, const Foreign& row) {
    return out << row.name;
}
const Foreign foreign[] = {
    {"empty", ""},
    {"short_text", "hello"},
    {"zeroes", std::string(65'536, '\0')},
    {"text", std::string(65'536, 'x')},
};
class ForeignFile : public testing::TestWithParam<Foreign> {};
INSTANTIATE_TEST_SUITE_P(Environment, ForeignFile, testing::ValuesIn(foreign),
                         [](const auto& row) { return row.param.name; });
TEST_P(ForeignFile, is_refused) {  // fault E10
    const TempDir dir;
    fs::create_directory(dir / "env");
    std::ofstream(dir / "env/data.mdb") << GetParam().bytes;
    EXPECT_EQ(Environment::open(options(dir / "env")).error().fault, Fault::corrupt);
}

TEST(Environment, is_refused_when_another_page_size_made_it) {  // fault E10
    const TempDir dir;
    make_filled(dir / "env");
    std::fstream file(dir / "env/data.mdb", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.write("\0\x20\0\0", 4);
    file.close();
    EXPECT_EQ(Environment::open(options(dir / "env")).error().fault, Fault::corrupt);
}

struct FileSystem {
    std::string name;
    std::uint64_t type;
    bool refused;
};
std::ostream& operator<<(std::ostream& out, const FileSystem& row) {
    return out << row.name;
}
const FileSystem file_systems[] = {
    // statfs(2)
    {"nfs", 0x6969, true},        {"cifs", 0xFF534D42, true},   {"fuse", 0x65735546, true},
    {"smb2", 0xFE534D42, true},   {"ext4", 0xEF53, false},      {"xfs", 0x58465342, false},
    {"btrfs", 0x9123683E, false}, {"tmpfs", 0x01021994, false}, {"overlay", 0x794C7630, false},
};
class FileSystems : public testing::TestWithParam<FileSystem> {};
INSTANTIATE_TEST_SUITE_P(Environment, FileSystems, testing::ValuesIn(file_systems),
                         [](const auto& row) { return row.param.name; });
TEST_P(FileSystems, are_local_or_refused) {  // fault E12
    EXPECT_EQ(refused_file_system(GetParam().type).has_value(), GetParam().refused);
}

TEST(Environment, tells_how_far_behind_its_slowest_reader_is) {  // fault E08
    const TempDir dir;
    const auto environment = Environment::open(options(dir / "env")).value();
    const auto write = [&] {
        auto txn = Txn::write(*environment).value();
        const auto table = txn.table("some", Txn::Missing::is_created).value();
        EXPECT_TRUE(txn.put(table, {"key", "value"}));
        EXPECT_TRUE(std::move(txn).commit());
    };
    write();
    EXPECT_EQ(environment->stats()->oldest_reader_lag, 0U);
    const auto forgotten = Txn::read(*environment).value();
    write();
    write();
    EXPECT_EQ(environment->stats()->oldest_reader_lag, 2U);
}

TEST(Environment, has_room_for_many_readers) {  // fault E07
    const TempDir dir;
    const auto environment = Environment::open(options(dir / "env")).value();
    std::vector<Txn> readers;
    for (int n = 0; n < 3000; ++n) readers.push_back(Txn::read(*environment).value());
    EXPECT_EQ(readers.size(), 3000U);
}

/// Opens the environment, tells so, and sits there; with or without a forgotten transaction.
void sit(const EnvironmentOptions& options, std::size_t readers, int pipe) {
    const auto environment = Environment::open(options).value();
    std::vector<Txn> forgotten;
    for (std::size_t n = 0; n < readers; ++n) forgotten.push_back(Txn::read(*environment).value());
    (void)!write(pipe, "x", 1);
    pause();
}

TEST(Environment, waits_for_no_reader_that_was_killed) {  // fault E07
    const TempDir dir;
    make_filled(dir / "env");
    // LMDB clears the reader table itself when nobody else has the environment open.
    Child other([&](int pipe) { sit(options(dir / "env", "console"), 0, pipe); });
    Child reader([&](int pipe) { sit(options(dir / "env", "enforcer"), 1, pipe); });
    ASSERT_EQ(other.acknowledged(1) + reader.acknowledged(1), 2U);
    EXPECT_TRUE(in_child([&] {
        make_filled(dir / "env");
        return true;
    }));
    reader.kill_it();
    (void)reader.wait();
    const auto environment = Environment::open(options(dir / "env")).value();
    EXPECT_EQ(environment->stats()->oldest_reader_lag, 0U);
}

TEST(Environment, frees_the_slots_of_readers_that_were_killed) {  // fault E07
    const TempDir dir;
    make_filled(dir / "env");
    Child other([&](int pipe) { sit(options(dir / "env", "console"), 0, pipe); });
    Child reader([&](int pipe) { sit(options(dir / "env", "enforcer"), readers_max, pipe); });
    ASSERT_EQ(other.acknowledged(1) + reader.acknowledged(1), 2U);
    const auto environment = Environment::open(options(dir / "env")).value();
    EXPECT_EQ(Txn::read(*environment).error().fault, Fault::unavailable);
    reader.kill_it();
    (void)reader.wait();
    EXPECT_TRUE(Txn::read(*environment));
}

TEST(Txn, refuses_keys_that_lmdb_cannot_hold) {  // fault E14
    const TempDir dir;
    const auto environment = Environment::open(options(dir / "env")).value();
    auto txn = Txn::write(*environment).value();
    const auto table = txn.table("some", Txn::Missing::is_created).value();
    EXPECT_EQ(txn.put(table, {"", "v"}).error().fault, Fault::invalid_input);
    EXPECT_EQ(txn.put(table, {std::string(512, 'k'), "v"}).error().fault, Fault::invalid_input);
    EXPECT_TRUE(txn.put(table, {std::string(511, 'k'), "v"}));
    EXPECT_EQ(txn.get(table, std::string(600, 'k')).value(), std::nullopt);
    EXPECT_TRUE(std::move(txn).commit());
}

}  // namespace
}  // namespace bailiff::lmdb
