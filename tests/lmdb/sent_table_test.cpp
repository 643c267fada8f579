#include "lmdb/sent_table.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

constexpr Instant now{std::chrono::hours(500'000)};

SentRow row(const std::string& service, Instant at = now) {
    return {{id<ServiceId>(service), Instant{std::chrono::hours(1)}}, at};
}

TEST(SentTable, tells_another_process_what_was_flushed) {
    const TempDir dir;
    const auto table = SentTable::open(dir / "counters").value();
    table->note("4AAAA", row("shop"));
    EXPECT_EQ(table->find("4AAAA").value(), std::nullopt);
    ASSERT_TRUE(table->flush(now));
    EXPECT_EQ(table->find("4AAAA").value(), row("shop"));
    EXPECT_EQ(table->find("4AAA").value(), std::nullopt);
    EXPECT_EQ(table->find("").value(), std::nullopt);
    EXPECT_EQ(table->find(std::string(1'000, 'x')).value(), std::nullopt);
}

TEST(SentTable, outlives_its_process) {
    const TempDir dir;
    {
        const auto table = SentTable::open(dir / "counters").value();
        table->note("4AAAA", row("shop"));
        ASSERT_TRUE(table->flush(now));
    }
    const SentReader reader(dir / "counters");
    EXPECT_EQ(reader.find("4AAAA").value(), row("shop"));
    EXPECT_EQ(reader.find("4BBBB").value(), std::nullopt);
}

TEST(SentTable, drops_what_is_older_than_any_mail) {
    const TempDir dir;
    const auto table = SentTable::open(dir / "counters").value();
    for (int i = 0; i < 100; ++i)
        table->note("4OLD" + std::to_string(i), row("shop", now - std::chrono::hours(24 * 7)));
    table->note("4NEW", row("shop", now - std::chrono::hours(24 * 5)));
    ASSERT_TRUE(table->flush(now - std::chrono::hours(24 * 7)));
    EXPECT_EQ(table->find("4OLD7").value()->service, row("shop").service);
    table->note("4NOW", row("shop"));
    ASSERT_TRUE(table->flush(now));
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(table->find("4OLD" + std::to_string(i)).value(), std::nullopt) << i;
    EXPECT_NE(table->find("4NEW").value(), std::nullopt);
    EXPECT_NE(table->find("4NOW").value(), std::nullopt);
}

TEST(SentTable, counts_what_finds_no_room) {
    const TempDir dir;
    const auto table = SentTable::open(dir / "counters").value();
    for (std::size_t i = 0; i < SentTable::notes_max + 3; ++i)
        table->note("4A" + std::to_string(i), row("shop"));
    EXPECT_EQ(table->lost(), 3U);
    ASSERT_TRUE(table->flush(now));
    table->note("4B", row("shop"));
    EXPECT_EQ(table->lost(), 3U);
}

TEST(SentTable, is_made_anew_when_broken) {
    const TempDir dir;
    { const auto table = SentTable::open(dir / "counters").value(); }
    {
        std::ofstream file(dir / "counters/data.mdb", std::ios::trunc);
        file << "no database";
    }
    const auto table = SentTable::open(dir / "counters");
    ASSERT_TRUE(table) << table.error().what;
    (*table)->note("4AAAA", row("shop"));
    ASSERT_TRUE((*table)->flush(now));
    EXPECT_NE((*table)->find("4AAAA").value(), std::nullopt);
}

TEST(SentReader, knows_nothing_where_there_is_no_table) {
    const TempDir dir;
    const SentReader reader(dir / "counters");
    EXPECT_EQ(reader.find("4AAAA").value(), std::nullopt);
}

}  // namespace
}  // namespace bailiff
