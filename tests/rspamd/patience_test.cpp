#include "src/rspamd/patience.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t mib = 1U << 20U;

Patience used_to(Patience::Time took) {
    Patience patience({1s, 3s});
    for (int i = 0; i < 100; ++i) patience.answered(took, 0);
    return patience;
}

TEST(Patience, is_the_least_before_the_first_answer_and_while_answers_are_quick) {
    EXPECT_EQ(Patience({1s, 3s}).with(0), 1s);
    EXPECT_EQ(used_to(5ms).with(0), 1s);
    EXPECT_EQ(used_to(200ms).with(0), 1s);
}

TEST(Patience, grows_with_slow_answers_up_to_the_most) {
    auto patience = used_to(5ms);
    for (int i = 0; i < 8; ++i) patience.answered(900ms, 0);
    EXPECT_GT(patience.with(0), 1'500ms);
    EXPECT_GE(used_to(2'900ms).with(0), 2'900ms);
    for (int i = 0; i < 8; ++i) patience.answered(i % 2 == 0 ? 2'900ms : 5ms, 0);
    EXPECT_EQ(patience.with(0), 3s);
}

TEST(Patience, shrinks_when_answers_are_quick_again) {
    auto patience = used_to(900ms);
    for (int i = 0; i < 40; ++i) patience.answered(5ms, 0);
    EXPECT_EQ(patience.with(0), 1s);
}

TEST(Patience, is_not_changed_by_one_slow_answer) {
    auto patience = used_to(5ms);
    patience.answered(800ms, 0);
    EXPECT_EQ(patience.with(0), 1s);
}

TEST(Patience, has_a_second_more_for_each_mib) {
    const Patience patience({1s, 3s});
    EXPECT_EQ(patience.with(mib / 2), 1'500ms);
    EXPECT_EQ(patience.with(mib), 2s);
    EXPECT_EQ(patience.with(64 * mib), 3s);
    EXPECT_EQ(patience.with(SIZE_MAX), 3s);
}

TEST(Patience, takes_large_messages_for_no_sign_of_slowness) {
    Patience patience({1s, 3s});
    for (int i = 0; i < 100; ++i) patience.answered(2s, 2 * mib);
    EXPECT_EQ(patience.with(0), 1s);
}

// An outage must not make it more patient; slowness must.
TEST(Patience, counts_a_late_one_only_when_another_is_answered) {
    auto patience = used_to(5ms);
    for (int i = 0; i < 3; ++i) patience.late(1s, 0);
    EXPECT_EQ(patience.with(0), 1s);
    patience.answered(5ms, 0);
    EXPECT_GT(patience.with(0), 1'200ms);
}

TEST(Patience, bounds_how_many_late_ones_count) {
    auto few = used_to(5ms), many = used_to(5ms);
    for (int i = 0; i < 4; ++i) few.late(1s, 0);
    for (int i = 0; i < 1'000; ++i) many.late(1s, 0);
    few.answered(5ms, 0);
    many.answered(5ms, 0);
    EXPECT_EQ(few.with(0), many.with(0));
}

TEST(Patience, begins_anew_after_an_outage) {
    auto patience = used_to(5ms);
    for (int i = 0; i < 3; ++i) patience.late(1s, 0);
    patience.begin_anew(1'000ms);  // back, and slow
    EXPECT_EQ(patience.with(0), 3s);
    patience.begin_anew(10ms);
    EXPECT_EQ(patience.with(0), 1s);
}

}  // namespace
}  // namespace bailiff
