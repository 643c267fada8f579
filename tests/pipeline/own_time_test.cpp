#include "src/pipeline/own_time.hpp"

#include <bailiff/limits.hpp>
#include <gtest/gtest.h>

#include "src/pipeline/directory_state.hpp"
#include "tests/pipeline/judge_world.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using judging::StillClock;

TEST(OwnTime, follows_a_clock_that_goes_and_is_corrected_a_little) {
    StillClock machine;
    const OwnTime time(machine);
    machine.pass(3h);
    EXPECT_EQ(time.now(), machine.instant);
    for (const auto step : {1000ms, -1000ms, 59'000ms, -59'000ms}) {
        machine.instant += step;
        EXPECT_EQ(time.now(), machine.instant);
        EXPECT_FALSE(time.jump());
    }
}

class Jump : public testing::TestWithParam<std::chrono::hours> {};
INSTANTIATE_TEST_SUITE_P(Each, Jump,
                         testing::Values(1h, -1h, 24h * 365, -24h * 365, -24h * 365 * 56),
                         [](const auto& by) {
                             return (by.param < 0h ? "back_" : "forward_") +
                                    std::to_string(std::abs(by.param.count())) + "h";
                         });

TEST_P(Jump, is_not_followed_for_an_hour) {  // fault E15
    StillClock machine;
    const OwnTime time(machine);
    const auto before = time.now();
    machine.instant += GetParam();
    EXPECT_EQ(time.now(), before);
    EXPECT_EQ(time.jump(), std::chrono::milliseconds(GetParam()));
    EXPECT_EQ(time.told(), machine.instant);
    machine.pass(59min);
    EXPECT_EQ(time.now(), before + 59min);
    machine.pass(1min);
    EXPECT_EQ(time.now(), machine.instant);
    EXPECT_FALSE(time.jump());
}

TEST_P(Jump, that_is_taken_back_leaves_nothing_behind) {
    StillClock machine;
    const OwnTime time(machine);
    const auto before = time.now();
    machine.instant += GetParam();
    machine.pass(50min);
    EXPECT_EQ(time.now(), before + 50min);
    machine.instant -= GetParam();
    EXPECT_EQ(time.now(), before + 50min);
    EXPECT_FALSE(time.jump());
}

TEST(OwnTime, begins_its_hour_again_when_the_clock_jumps_once_more) {
    StillClock machine;
    const OwnTime time(machine);
    const auto before = time.now();
    machine.instant += 5h;
    (void)time.now();
    machine.pass(40min);
    machine.instant += 5h;
    (void)time.now();
    machine.pass(40min);
    EXPECT_EQ(time.now(), before + 80min);
    machine.pass(20min);
    EXPECT_EQ(time.now(), machine.instant);
}

DirectoryState state(Instant imported, const Clock& clock) {
    return directory_state(DirectoryInfo{imported, 1, 1, 1}, clock);
}

TEST(DirectoryState, is_told_by_age_and_never_flips_with_the_clock) {
    StillClock machine;
    const OwnTime time(machine);
    const auto now = machine.instant;
    EXPECT_EQ(state(now - 24h, time), DirectoryState::ok);
    EXPECT_EQ(state(now - 24h - 1ms, time), DirectoryState::old);
    EXPECT_EQ(state(now + 11min, time), DirectoryState::ahead);
    EXPECT_EQ(directory_state(fail(Fault::not_found, ""), time), DirectoryState::absent);
    EXPECT_EQ(directory_state(fail(Fault::corrupt, ""), time), DirectoryState::unreadable);
    for (const auto jump : {24h * 365, -24h * 365}) {
        machine.instant = now + jump;
        EXPECT_EQ(state(now - 1h, time), DirectoryState::ok) << "imported before the jump";
        EXPECT_EQ(state(now + jump, time), DirectoryState::ok) << "imported after it";
        EXPECT_NE(state(now - 48h, time), DirectoryState::ok);
    }
}

}  // namespace
}  // namespace bailiff
