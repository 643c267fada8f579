// The ledger away, or the clock set: no hook in vain, no action lost, no budget emptied.
#include <bailiff/limits.hpp>
#include <gmock/gmock.h>

#include "tests/pipeline/carry_out_world.hpp"

namespace bailiff {
namespace {

using namespace test;
using testing::IsEmpty;
using K = ActionKind;

TEST(CarryOutDegraded, asks_no_hook_again_and_again_while_nothing_can_be_written) {  // fault E04
    World world;
    world.open_case(1);
    world.ledger.failure = Fault::exhausted;
    for (int poll = 0; poll < 240; ++poll) {  // a minute
        world.ledger.fail_update = 1;
        world.run();
        world.clock.pass(250ms);
    }
    EXPECT_LE(world.journal.lines.size(), 20U);
    EXPECT_THAT(world.panel.done, IsEmpty());
    world.ledger.fail_update = 0;
    world.clock.pass(CarryOut::pause_ceiling);
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified suspend=verified team=done");
    EXPECT_EQ(world.panel.most_effects(), 1);
}

TEST(CarryOutDegraded, does_not_wait_for_a_time_that_a_wrong_clock_has_written) {  // fault E15
    World world;
    world.clock.pass(24h * 365);
    world.directory.imported = world.clock.now();
    world.panel.moods = {Panel::Mood::retries};
    world.open_case(1);
    world.run();
    world.clock.pass(-24h * 365);
    world.restart();
    world.directory.imported = world.clock.now();
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified suspend=verified team=done");
    EXPECT_EQ(world.panel.most_effects(), 1);
}

class BudgetAcross : public testing::TestWithParam<std::chrono::hours> {};
INSTANTIATE_TEST_SUITE_P(Jump, BudgetAcross, testing::Values(2h, -2h, 24h * 365, -24h * 365),
                         [](const auto& by) {
                             return (by.param < 0h ? "back_" : "forward_") +
                                    std::to_string(std::abs(by.param.count())) + "h";
                         });

/// What the steady clock says is not moved by it.
struct SetClock final : Clock {
    explicit SetClock(const TestClock& of) : clock(of) {}
    const TestClock& clock;
    std::chrono::hours by{0};
    [[nodiscard]] Instant now() const override { return clock.now() + by; }
    [[nodiscard]] SteadyInstant steady() const override { return clock.steady(); }
};

/// An enforcer that goes by `clock`, and has ended two services.
void terminate_two(World& world, const SetClock& clock) {
    world.enforcer = std::make_unique<CarryOut>(world.ledger, world.directory, world.panel, clock,
                                                world.journal, world.entropy, world.options);
    world.open_case(1, "svc-a", {K::service_terminate});
    world.open_case(2, "svc-b", {K::service_terminate});
    world.run();
    ASSERT_EQ(world.panel.done.size(), 2U);
}

TEST_P(BudgetAcross, a_jump_is_neither_emptied_nor_spent_for_ever) {
    World world;
    world.options.budgets.actions_per_hour = 2;
    SetClock clock(world.clock);
    terminate_two(world, clock);
    clock.by = GetParam();
    world.directory.imported = clock.now();
    world.open_case(3, "svc-c", {K::service_terminate});
    world.action(3, K::service_terminate).due = clock.now();
    world.action(3, K::service_terminate).changed = clock.now();
    world.run();
    EXPECT_EQ(world.states(3), "terminate=waiting") << "the hour has not passed";
    world.clock.pass(4h);
    world.ledger.shelves.breaker = {};  // as if it had never been open: the hour alone counts
    world.directory.imported = clock.now();
    auto& action = world.action(3, K::service_terminate);
    action.state = ActionState::due;
    action.due = action.changed = clock.now();
    world.run();
    EXPECT_EQ(world.states(3), "terminate=verified") << "and now it has";
}

TEST(BudgetOfTheDay, is_not_given_twice_by_a_clock_that_is_set_back) {
    World world;
    world.options.budgets.terminations_per_day = 2;
    SetClock clock(world.clock);
    terminate_two(world, clock);
    world.clock.pass(2h);  // the hour is over, the day is not
    clock.by = -10h;
    world.directory.imported = clock.now();
    world.open_case(3, "svc-c", {K::service_terminate});
    auto& action = world.action(3, K::service_terminate);
    action.due = action.changed = clock.now();
    world.run();
    EXPECT_EQ(world.states(3), "terminate=waiting");
    EXPECT_EQ(world.ledger.shelves.breaker.cause, "enforcer.terminations_per_day");
}

TEST(ResetBreaker, made_by_a_clock_ahead_of_ours_forgets_nothing) {
    World world;
    world.options.budgets.actions_per_hour = 1;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    world.restart();
    world.ledger.shelves.breaker = {.open = false,
                                    .since = world.clock.now() + 1h,
                                    .cause = "c",
                                    .detail = "d",
                                    .by = "b",
                                    .reason = "r"};
    world.open_case(2, "svc-c", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(2), "terminate=waiting");
}

}  // namespace
}  // namespace bailiff
