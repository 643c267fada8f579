#include "src/memory/login_history.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

#include "src/memory/counters.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

// A whole day begins here.
constexpr std::int64_t day_ms = 24 * 3'600'000LL;
constexpr std::int64_t midnight = 20'000 * day_ms;

std::int64_t at(int day, int hour, int minute = 0) {
    return midnight + ((day * 24LL + hour) * 60 + minute) * 60'000;
}

TEST(LoginHistory, begins_with_one_message_of_one_new_network) {
    LoginHistory history;
    EXPECT_EQ(history.note(1, false, at(0, 9)),
              (Habits{.networks_hour = 1, .messages_hour = 1, .new_network = true}));
}

TEST(LoginHistory, counts_networks_of_the_last_hour) {
    LoginHistory history;
    for (std::uint64_t network = 1; network <= 5; ++network)
        EXPECT_EQ(history.note(network, false, at(0, 9, static_cast<int>(network))).networks_hour,
                  network);
    EXPECT_EQ(history.note(1, false, at(0, 10, 3)).networks_hour, 3U);  // 4, 5, and 1 again
    EXPECT_EQ(history.note(1, false, at(0, 12)).networks_hour, 1U);
}

TEST(LoginHistory, calls_a_network_new_for_an_hour) {
    LoginHistory history;
    (void)history.note(1, false, at(0, 9));
    EXPECT_FALSE(history.note(1, false, at(0, 10)).new_network);
    EXPECT_TRUE(history.note(2, false, at(4, 9)).new_network);
    EXPECT_TRUE(history.note(2, false, at(4, 9, 59)).new_network);
    EXPECT_FALSE(history.note(2, false, at(4, 10)).new_network);
    EXPECT_EQ(history.note(2, false, at(4, 10)).days_known, 4U);
}

TEST(LoginHistory, tells_the_busiest_hour_of_the_week_that_ended_yesterday) {
    LoginHistory history;
    for (int i = 0; i < 7; ++i) (void)history.note(1, false, at(0, 9, i));
    for (int i = 0; i < 4; ++i) (void)history.note(1, false, at(0, 10, i));
    EXPECT_EQ(history.note(1, false, at(0, 23)).usual_hour, 0U);  // today
    EXPECT_EQ(history.note(1, false, at(1, 9)).usual_hour, 0U);   // yesterday
    EXPECT_EQ(history.note(1, false, at(2, 9)).usual_hour, 7U);
    EXPECT_EQ(history.note(1, false, at(8, 9)).usual_hour, 7U);
    EXPECT_EQ(history.note(1, false, at(9, 9)).usual_hour, 1U);  // of days 1, 2 and 8
    EXPECT_EQ(history.note(1, false, at(60, 9)).usual_hour, 0U);
}

TEST(LoginHistory, is_not_measured_by_a_burst_that_passes_midnight) {
    LoginHistory history;
    (void)history.note(1, false, at(0, 9));
    for (int i = 0; i < 60; ++i) (void)history.note(1, false, at(5, 23, i));
    const auto habits = history.note(1, false, at(6, 0, 1));
    EXPECT_EQ(habits.usual_hour, 1U);
    EXPECT_GT(habits.messages_hour, 50U);
}

TEST(LoginHistory, counts_no_message_that_is_offered_again) {
    LoginHistory history;
    (void)history.note(1, false, at(0, 9));
    EXPECT_EQ(history.note(1, true, at(0, 9, 1)).messages_hour, 1U);
}

TEST(LoginHistory, forgets_the_network_that_was_silent_longest) {
    LoginHistory history;
    for (std::uint64_t network = 0; network < 64; ++network)
        (void)history.note(network, false, at(0, 9, static_cast<int>(network) / 2));
    (void)history.note(1, false, at(2, 9));
    (void)history.note(99, false, at(2, 9));  // instead of 0
    EXPECT_FALSE(history.note(1, false, at(2, 9, 1)).new_network);
    EXPECT_TRUE(history.note(0, false, at(2, 9, 1)).new_network);
}

TEST(MemoryCounters, knows_logins_apart_and_forgets_the_stalest) {
    MemoryCounters counters({.logins_max = 2});
    const Instant noon{std::chrono::milliseconds(at(0, 12))};
    EXPECT_EQ(counters.note_login("a", "192.0.2.0/24", false, noon).messages_hour, 1U);
    EXPECT_EQ(counters.note_login("b", "192.0.2.0/24", false, noon).messages_hour, 1U);
    EXPECT_EQ(counters.note_login("a", "198.51.100.0/24", false, noon).networks_hour, 2U);
    EXPECT_EQ(counters.note_login("c", "192.0.2.0/24", false, noon).messages_hour, 1U);
    EXPECT_EQ(counters.note_login("a", "192.0.2.0/24", false, noon).messages_hour, 3U);
    EXPECT_EQ(counters.note_login("b", "192.0.2.0/24", false, noon).messages_hour, 1U);
}

TEST(MemoryCounters, counts_strikes_of_a_day_by_service) {
    MemoryCounters counters;
    const ServiceRef one{ServiceId::parse("web-1").value(), Instant{}};
    const ServiceRef two{ServiceId::parse("web-2").value(), Instant{}};
    const Instant noon{std::chrono::milliseconds(at(0, 12))};
    EXPECT_EQ(counters.strike(one, noon), 1U);
    EXPECT_EQ(counters.strike(one, noon + 23h), 2U);
    EXPECT_EQ(counters.strike(two, noon + 23h), 1U);
    EXPECT_EQ(counters.strike(one, noon + 24h), 2U);
}

// Whatever a login does: with a stop in the middle its habits are those of one that was never stopped.
TEST(LoginHistory, goes_on_after_a_restart_as_if_there_had_been_none) {
    std::minstd_rand chance(7);
    MemoryCounters through, stopped;
    auto* second = &stopped;
    MemoryCounters started;
    std::int64_t ms = midnight;
    std::uint32_t days_known = 0;
    for (int i = 0; i < 20'000; ++i) {
        ms += chance() % 200'000;
        if (i == 10'000) {
            const auto logins = stopped.logins();
            ASSERT_EQ(started.read_logins(logins).value(), 5U);
            second = &started;
        }
        const auto login = "user" + std::to_string(chance() % 5) + "@shop.example";
        const auto network = "192.0.2." + std::to_string(chance() % 100);
        const bool again = chance() % 4 == 0;
        const Instant now{std::chrono::milliseconds(ms)};
        const auto want = through.note_login(login, network, again, now);
        ASSERT_EQ(second->note_login(login, network, again, now), want) << i;
        days_known = want.days_known;
    }
    EXPECT_GT(days_known, 10U);
}

TEST(LoginHistory, takes_only_whole_bytes_of_its_own) {
    MemoryCounters counters;
    (void)counters.note_login("a", "n", false, Instant(std::chrono::milliseconds(midnight)));
    (void)counters.note_login("b", "n", false, Instant(std::chrono::milliseconds(midnight)));
    const auto whole = counters.logins();
    EXPECT_EQ(MemoryCounters().read_logins(whole).value_or(0), 2U);
    constexpr std::size_t nobody = 4 + 8 + 8;  // the head alone
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto read = MemoryCounters().read_logins(whole.substr(0, size));
        const bool between = size == nobody || size == nobody + (whole.size() - nobody) / 2;
        EXPECT_EQ(read.has_value(), between) << size;
    }
    auto of_another = whole;
    of_another[4] ^= 1;
    EXPECT_FALSE(MemoryCounters().read_logins(of_another));
}

TEST(LoginHistory, that_was_read_stands_a_clock_set_back) {
    MemoryCounters counters, later;
    (void)counters.note_login("a", "n", false, Instant(std::chrono::milliseconds(at(5, 0))));
    ASSERT_TRUE(later.read_logins(counters.logins()));
    const auto habits =
        later.note_login("a", "n", false, Instant(std::chrono::milliseconds(at(1, 0))));
    EXPECT_EQ(habits.messages_hour, 2U);
    EXPECT_EQ(habits.days_known, 0U);
}

}  // namespace
}  // namespace bailiff
