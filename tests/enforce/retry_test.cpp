#include "src/enforce/retry.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
constexpr Backoff backoff{.first = 30s, .ceiling = 1h};
constexpr double nearly_one = 0.999999;

struct RetryCase {
    std::uint32_t attempts;
    double jitter;
    std::chrono::seconds at_least, at_most;
};

class Retry : public testing::TestWithParam<RetryCase> {};

TEST_P(Retry, waits_below_a_bound_that_doubles) {
    const auto wait = next_due(GetParam().attempts, backoff, GetParam().jitter);
    ASSERT_TRUE(wait.has_value());
    EXPECT_GE(*wait, GetParam().at_least);
    EXPECT_LE(*wait, GetParam().at_most);
}
INSTANTIATE_TEST_SUITE_P(
    Backoff, Retry,
    testing::Values(RetryCase{1, nearly_one, 29s, 30s}, RetryCase{2, nearly_one, 59s, 60s},
                    RetryCase{3, nearly_one, 119s, 120s}, RetryCase{7, nearly_one, 1919s, 1920s},
                    RetryCase{8, nearly_one, 3599s, 3600s}, RetryCase{11, nearly_one, 3599s, 3600s},
                    RetryCase{1, 0.5, 15s, 15s}, RetryCase{1, 0.0, 0s, 1s},
                    RetryCase{0, 0.5, 15s, 15s},
                    // Nobody's entropy should say so; nothing breaks if it does.
                    RetryCase{1, 7.0, 29s, 30s}, RetryCase{1, -1.0, 0s, 1s},
                    RetryCase{1, std::nan(""), 0s, 1s}));

TEST(Retry, ends_with_the_last_attempt) {
    EXPECT_TRUE(next_due(limits::action_attempts_max - 1, backoff, 0.5).has_value());
    EXPECT_FALSE(next_due(limits::action_attempts_max, backoff, 0.5).has_value());
    EXPECT_FALSE(next_due(limits::action_attempts_max + 1, backoff, 0.5).has_value());
    EXPECT_FALSE(next_due(4'000'000'000U, backoff, 0.5).has_value());
}

TEST(Retry, never_passes_its_ceiling_and_never_spins) {
    std::mt19937_64 random(20261123);
    std::uniform_real_distribution<double> jitter(0.0, 1.0);
    std::uniform_int_distribution<std::int64_t> length(-10, 100'000'000'000);
    std::uniform_int_distribution<std::uint32_t> attempt(0, limits::action_attempts_max - 1);
    for (int i = 0; i < 100'000; ++i) {
        const Backoff any{std::chrono::milliseconds(length(random)),
                          std::chrono::milliseconds(length(random))};
        const auto wait = next_due(attempt(random), any, jitter(random));
        ASSERT_TRUE(wait.has_value());
        ASSERT_GE(*wait, 1ms);
        ASSERT_LE(*wait, std::max(any.ceiling, std::chrono::milliseconds(1)));
    }
}

TEST(Retry, takes_the_ends_of_the_type) {
    const auto longest = std::chrono::milliseconds::max();
    EXPECT_GE(next_due(11, {longest, longest}, nearly_one).value_or(0ms), 1ms);
    EXPECT_GE(next_due(11, {longest, longest}, 1.0).value_or(0ms), 1ms);
    EXPECT_EQ(next_due(3, {0ms, 0ms}, nearly_one), 1ms);
}

}  // namespace
}  // namespace bailiff
