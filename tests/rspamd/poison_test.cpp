#include "src/rspamd/poison.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;

const SteadyInstant start(1h);

Digest digest(std::size_t number) {
    Digest made;
    made.bytes[0] = static_cast<std::uint8_t>(number);
    made.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
    return made;
}

TEST(Poison, is_left_out_for_less_than_a_minute_at_first) {
    Poison poison;
    EXPECT_TRUE(poison.empty());
    EXPECT_FALSE(poison.knows(digest(1), start));
    poison.remember(digest(1), start, 7);
    EXPECT_TRUE(poison.knows(digest(1), start + Poison::first - 1ms));
    EXPECT_FALSE(poison.knows(digest(2), start));
    EXPECT_FALSE(poison.knows(digest(1), start + Poison::first));
    EXPECT_LT(Poison::first, 60s);
}

TEST(Poison, is_left_out_for_longer_when_it_happens_again_and_others_were_answered) {
    Poison poison;
    poison.remember(digest(1), start, 7);
    const auto again = start + 5min;
    poison.remember(digest(1), again, 8);
    EXPECT_TRUE(poison.knows(digest(1), again + Poison::then - 1ms));
    EXPECT_FALSE(poison.knows(digest(1), again + Poison::then));
    EXPECT_TRUE(poison.empty());
}

TEST(Poison, is_no_message_of_an_outage_however_often_it_comes) {
    Poison poison;
    auto now = start;
    for (int i = 0; i < 10; ++i, now += Poison::first) {
        EXPECT_FALSE(poison.knows(digest(1), now));
        poison.remember(digest(1), now, 7);
        EXPECT_TRUE(poison.knows(digest(1), now));
    }
}

TEST(Poison, is_forgotten_after_a_while) {
    Poison poison;
    poison.remember(digest(1), start, 7);
    EXPECT_FALSE(poison.knows(digest(1), start + Poison::then));
    poison.remember(digest(1), start + Poison::then, 8);
    EXPECT_FALSE(poison.knows(digest(1), start + Poison::then + Poison::first));
}

TEST(Poison, stays_after_an_outage_only_if_it_was_seen_twice) {
    Poison poison;
    poison.remember(digest(1), start, 7);
    poison.remember(digest(2), start, 7);
    poison.remember(digest(2), start, 8);
    poison.outage_is_over();
    EXPECT_FALSE(poison.knows(digest(1), start));
    EXPECT_TRUE(poison.knows(digest(2), start));
}

TEST(Poison, keeps_the_last_ones_when_it_is_full) {
    Poison poison;
    for (std::size_t i = 0; i <= Poison::rows_max; ++i)
        poison.remember(digest(i), start + std::chrono::milliseconds(i), 7);
    const auto now = start + 1s;
    EXPECT_FALSE(poison.knows(digest(0), now));
    EXPECT_TRUE(poison.knows(digest(1), now));
    EXPECT_TRUE(poison.knows(digest(Poison::rows_max), now));
}

}  // namespace
}  // namespace bailiff
