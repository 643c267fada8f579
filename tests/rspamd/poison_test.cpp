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

TEST(Poison, knows_what_it_was_told_for_a_while) {
    Poison poison;
    EXPECT_TRUE(poison.empty());
    EXPECT_FALSE(poison.knows(digest(1), start));
    poison.remember(digest(1), start);
    EXPECT_TRUE(poison.knows(digest(1), start + Poison::kept_for - 1ms));
    EXPECT_FALSE(poison.knows(digest(2), start));
    EXPECT_FALSE(poison.knows(digest(1), start + Poison::kept_for));
    EXPECT_TRUE(poison.empty());
}

TEST(Poison, keeps_the_last_ones_when_it_is_full) {
    Poison poison;
    for (std::size_t i = 0; i <= Poison::rows_max; ++i)
        poison.remember(digest(i), start + std::chrono::milliseconds(i));
    const auto now = start + 1s;
    EXPECT_FALSE(poison.knows(digest(0), now));
    EXPECT_TRUE(poison.knows(digest(1), now));
    EXPECT_TRUE(poison.knows(digest(Poison::rows_max), now));
}

}  // namespace
}  // namespace bailiff
