#include "src/rspamd/breaker.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using Pass = Breaker::Pass;

const SteadyInstant start(1h);

Breaker opened(std::uint8_t jitter = 0) {
    Breaker breaker({3, 10s});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(breaker.admit(start), Pass::ask);
        EXPECT_EQ(breaker.failed(Pass::ask, start, jitter), i == 2);
    }
    return breaker;
}

TEST(Breaker, opens_after_failures_in_a_row) {
    auto breaker = opened();
    EXPECT_TRUE(breaker.is_open());
    EXPECT_EQ(breaker.admit(start + 9'999ms), Pass::skip);
}

TEST(Breaker, stays_closed_when_successes_lie_between) {
    Breaker breaker({3, 10s});
    for (int i = 0; i < 20; ++i) {
        static_cast<void>(breaker.failed(Pass::ask, start, 0));
        static_cast<void>(breaker.failed(Pass::ask, start, 0));
        breaker.answered();
    }
    EXPECT_EQ(breaker.admit(start), Pass::ask);
}

TEST(Breaker, lets_one_probe_through_after_the_pause) {
    auto breaker = opened();
    EXPECT_EQ(breaker.admit(start + 10s), Pass::probe);
    EXPECT_EQ(breaker.admit(start + 10s), Pass::skip);
    EXPECT_EQ(breaker.admit(start + 100s), Pass::skip);
}

TEST(Breaker, closes_when_the_probe_is_answered) {
    auto breaker = opened();
    ASSERT_EQ(breaker.admit(start + 10s), Pass::probe);
    breaker.answered();
    EXPECT_EQ(breaker.admit(start + 10s), Pass::ask);
    EXPECT_FALSE(breaker.failed(Pass::ask, start + 10s, 0));  // counts from one again
}

TEST(Breaker, opens_again_when_the_probe_fails) {
    auto breaker = opened();
    ASSERT_EQ(breaker.admit(start + 10s), Pass::probe);
    EXPECT_FALSE(breaker.failed(Pass::probe, start + 12s, 0));  // was open already
    EXPECT_EQ(breaker.admit(start + 21'999ms), Pass::skip);
    EXPECT_EQ(breaker.admit(start + 22s), Pass::probe);
}

TEST(Breaker, pauses_up_to_a_quarter_longer_by_jitter) {
    auto breaker = opened(255);
    EXPECT_EQ(breaker.admit(start + 12'499ms), Pass::skip);
    EXPECT_EQ(breaker.admit(start + 12'500ms), Pass::probe);
}

TEST(Breaker, takes_no_late_failure_for_the_probes) {
    auto breaker = opened();
    ASSERT_EQ(breaker.admit(start + 10s), Pass::probe);
    static_cast<void>(breaker.failed(Pass::ask, start + 11s, 0));  // asked before it opened
    EXPECT_EQ(breaker.admit(start + 11s), Pass::skip);             // the probe is still out
    breaker.answered();
    EXPECT_EQ(breaker.admit(start + 11s), Pass::ask);
}

TEST(Breaker, gives_an_abandoned_probe_to_the_next) {
    auto breaker = opened();
    ASSERT_EQ(breaker.admit(start + 10s), Pass::probe);
    breaker.abandoned(Pass::ask);
    EXPECT_EQ(breaker.admit(start + 10s), Pass::skip);
    breaker.abandoned(Pass::probe);
    EXPECT_EQ(breaker.admit(start + 10s), Pass::probe);
}

}  // namespace
}  // namespace bailiff
