#include "src/rspamd/breaker.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;

const SteadyInstant start(1h);

Breaker opened(std::uint8_t jitter = 0) {
    Breaker breaker({3, 10s});
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(breaker.is_open());
        EXPECT_EQ(breaker.failed(start, jitter), i == 2);
    }
    return breaker;
}

TEST(Breaker, opens_after_failures_in_a_row) {
    auto breaker = opened();
    EXPECT_TRUE(breaker.is_open());
    EXPECT_FALSE(breaker.begin_probe(start + 9'999ms));
    EXPECT_TRUE(breaker.is_open());  // and no time alone closes it
}

TEST(Breaker, stays_closed_when_successes_lie_between) {
    Breaker breaker({3, 10s});
    for (int i = 0; i < 20; ++i) {
        static_cast<void>(breaker.failed(start, 0));
        static_cast<void>(breaker.failed(start, 0));
        breaker.answered(start);
    }
    EXPECT_FALSE(breaker.is_open());
    EXPECT_FALSE(breaker.begin_probe(start + 1h));
}

TEST(Breaker, lets_one_probe_at_a_time_through_after_the_pause) {
    auto breaker = opened();
    EXPECT_TRUE(breaker.begin_probe(start + 10s));
    EXPECT_FALSE(breaker.begin_probe(start + 10s));
    EXPECT_FALSE(breaker.begin_probe(start + 100s));
}

TEST(Breaker, closes_when_the_probe_is_answered) {
    auto breaker = opened();
    ASSERT_TRUE(breaker.begin_probe(start + 10s));
    EXPECT_TRUE(breaker.probed(true, start + 10s, 0));
    EXPECT_FALSE(breaker.is_open());
    breaker.answered(start + 10s);
    EXPECT_FALSE(breaker.failed(start + 10s, 0));  // counts from one again
}

TEST(Breaker, stays_open_when_the_probe_fails) {
    auto breaker = opened();
    ASSERT_TRUE(breaker.begin_probe(start + 10s));
    EXPECT_FALSE(breaker.probed(false, start + 12s, 0));
    EXPECT_FALSE(breaker.begin_probe(start + 21'999ms));
    EXPECT_TRUE(breaker.begin_probe(start + 22s));
}

TEST(Breaker, pauses_up_to_a_quarter_longer_by_jitter) {
    auto breaker = opened(255);
    EXPECT_FALSE(breaker.begin_probe(start + 12'499ms));
    EXPECT_TRUE(breaker.begin_probe(start + 12'500ms));
}

TEST(Breaker, takes_no_late_failure_for_the_probes) {
    auto breaker = opened();
    ASSERT_TRUE(breaker.begin_probe(start + 10s));
    EXPECT_FALSE(breaker.failed(start + 11s, 0));       // asked before it opened
    EXPECT_FALSE(breaker.begin_probe(start + 11s));     // the probe is still out
    EXPECT_TRUE(breaker.probed(true, start + 11s, 0));  // and closes it
}

TEST(Breaker, is_closed_by_a_straggler_too) {
    auto breaker = opened();
    ASSERT_TRUE(breaker.begin_probe(start + 10s));
    breaker.answered(start + 10s);
    EXPECT_FALSE(breaker.is_open());
    EXPECT_FALSE(breaker.probed(false, start + 11s, 0));
    EXPECT_FALSE(breaker.is_open());
}

TEST(Breaker, opens_at_the_first_failure_after_a_probe) {
    auto breaker = opened();
    ASSERT_TRUE(breaker.begin_probe(start + 10s));
    ASSERT_TRUE(breaker.probed(true, start + 10s, 0));
    EXPECT_TRUE(breaker.failed(start + 11s, 0));
}

/// Answered probes until it closes, then one failure after `pause`.
int probes_until_closed(Breaker& breaker, SteadyInstant& now) {
    for (int probes = 1;; ++probes) {
        now += 10s;
        EXPECT_TRUE(breaker.begin_probe(now));
        if (breaker.probed(true, now, 0)) return probes;
        if (probes > 10) return probes;
    }
}

TEST(Breaker, wants_more_of_a_witness_that_restarts_in_a_loop) {
    auto breaker = opened();
    auto now = start;
    for (const int wanted : {1, 2, 3, 4, 4, 4}) {
        EXPECT_EQ(probes_until_closed(breaker, now), wanted);
        now += 59s;
        EXPECT_TRUE(breaker.failed(now, 0));
    }
    EXPECT_EQ(probes_until_closed(breaker, now), 4);
    now += Breaker::steady_for;
    EXPECT_TRUE(breaker.failed(now, 0));
    EXPECT_EQ(probes_until_closed(breaker, now), 1);  // it was steady for a while
}

TEST(Breaker, counts_probes_in_a_row) {
    auto breaker = opened();
    auto now = start;
    ASSERT_EQ(probes_until_closed(breaker, now), 1);
    ASSERT_TRUE(breaker.failed(now, 0));
    for (const bool well : {true, false, true}) {
        now += 10s;
        ASSERT_TRUE(breaker.begin_probe(now));
        EXPECT_FALSE(breaker.probed(well, now, 0));
    }
    now += 10s;
    ASSERT_TRUE(breaker.begin_probe(now));
    EXPECT_TRUE(breaker.probed(true, now, 0));
}

}  // namespace
}  // namespace bailiff
