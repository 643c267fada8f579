// Twice and everywhere: the machine dies at every call in turn, is started again, and the end is
// looked at (faults F01, F02, F07; promise 4).
#include "tests/pipeline/carry_out_world.hpp"

#include <gmock/gmock.h>

namespace bailiff {
namespace {

using namespace test;
using K = ActionKind;
using Mood = Panel::Mood;

constexpr int steps_max = 200;  // more than one run of three actions takes

std::string end_of(World& world) {
    return world.states(1) + ", outside " + world.panel.at("service.terminate svc-a") + " " +
           world.panel.at("account.suspend acc-1") + ", standing " +
           std::string(to_text(world.service_standing())) + " " +
           std::string(to_text(world.account_standing()));
}

struct CrashCase {
    const char* name;
    std::vector<Mood> moods;
    friend std::ostream& operator<<(std::ostream& out, const CrashCase& row) {
        return out << row.name;
    }
};

class Crash : public testing::TestWithParam<CrashCase> {};

TEST_P(Crash, at_any_step_ends_like_no_crash) {
    int crashes = 0;
    for (int step = 1; step <= steps_max; ++step) {
        World world;
        world.panel.moods = GetParam().moods;
        world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
        world.machine.die_at(step);
        world.run_to_the_end();
        crashes += world.machine.dead() ? 1 : 0;
        world.restart();
        world.run_to_the_end();
        EXPECT_EQ(end_of(world),
                  "terminate=verified suspend=verified, outside terminated suspended, standing "
                  "terminated suspended")
            << "died at step " << step;
        EXPECT_EQ(world.panel.most_effects(), 1) << "died at step " << step;
    }
    EXPECT_GT(crashes, 15);
}

INSTANTIATE_TEST_SUITE_P(CarryOut, Crash,
                         testing::Values(CrashCase{"works", {}},
                                         CrashCase{"retries", {Mood::retries}},
                                         CrashCase{"late_but_done", {Mood::fails_late}},
                                         CrashCase{"lies", {Mood::lies, Mood::lies}}),
                         [](const auto& row) { return std::string(row.param.name); });

// A crash at step i, then one more at step j of what follows.
TEST(TwoCrashes, end_like_none) {
    int both = 0;
    for (int pair = 0; pair < 40 * 40; ++pair) {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
        world.machine.die_at(1 + pair / 40);
        world.run();
        world.restart();
        world.machine.die_at(1 + pair % 40);
        world.run();
        both += world.machine.dead() ? 1 : 0;
        world.restart();
        world.run_to_the_end();
        ASSERT_EQ(end_of(world),
                  "terminate=verified suspend=verified, outside terminated suspended, standing "
                  "terminated suspended")
            << "died at steps " << 1 + pair / 40 << " and " << 1 + pair % 40;
        ASSERT_EQ(world.panel.most_effects(), 1);
    }
    EXPECT_GT(both, 100);
}

TEST(BlindCrash, never_does_it_twice_and_never_calls_it_done) {
    int unsure = 0;
    for (int step = 1; step <= steps_max; ++step) {
        World world;
        world.panel.has_state = false;
        world.open_case(1, "svc-a", {K::service_terminate});
        world.machine.die_at(step);
        world.run();
        world.restart();
        world.run_to_the_end();
        const auto state = world.action(1, K::service_terminate).state;
        const bool happened = world.panel.most_effects() == 1;
        EXPECT_LE(world.panel.most_effects(), 1) << "died at step " << step;
        EXPECT_TRUE(state == ActionState::unknown || (state == ActionState::done && happened))
            << "died at step " << step << ": " << to_text(state);
        unsure += state == ActionState::unknown ? 1 : 0;
    }
    EXPECT_GT(unsure, 2);
}

TEST(UndoCrash, at_any_step_ends_like_no_crash) {
    int crashes = 0;
    for (int step = 1; step <= steps_max; ++step) {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
        world.run_to_the_end();
        ASSERT_TRUE(world.decide(1, Decision::reinstate).has_value());
        world.machine.die_at(step);
        world.run_to_the_end();
        crashes += world.machine.dead() ? 1 : 0;
        world.restart();
        world.run_to_the_end();
        EXPECT_EQ(end_of(world),
                  "terminate=verified suspend=verified undo-suspend=verified "
                  "undo-terminate=verified, outside active active, standing active active")
            << "died at step " << step;
        EXPECT_EQ(world.panel.most_effects(), 1) << "died at step " << step;
    }
    EXPECT_GT(crashes, 15);
}

// The milter had not yet followed a clock that was set back (fault E15): its due time is ahead of
// the enforcer's.
TEST(Interrupted, is_asked_at_once_though_it_came_from_ahead) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    auto& action = world.action(1, K::service_terminate);
    action.due = action.changed = world.clock.now() + std::chrono::hours(2);
    world.panel.meanwhile = [&] { world.machine.die_at(1); };
    world.run();
    ASSERT_TRUE(world.machine.dead());
    world.panel.meanwhile = {};
    world.restart();
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_EQ(world.panel.most_effects(), 1);
}

// The ledger says no at the i-th change, and goes on working afterwards.
class LedgerFault : public testing::TestWithParam<Fault> {};

TEST_P(LedgerFault, at_any_change_ends_like_none) {
    for (int change = 1; change <= 12; ++change) {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
        world.ledger.failure = GetParam();
        world.ledger.fail_update = change;
        world.run_to_the_end();
        EXPECT_EQ(end_of(world),
                  "terminate=verified suspend=verified, outside terminated suspended, standing "
                  "terminated suspended")
            << "failed at change " << change;
        EXPECT_EQ(world.panel.most_effects(), 1);
    }
}

INSTANTIATE_TEST_SUITE_P(CarryOut, LedgerFault,
                         testing::Values(Fault::unavailable, Fault::exhausted, Fault::internal),
                         [](const auto& row) { return std::string(to_text(row.param)); });

TEST(EveryAction, run_twice_is_done_once) {
    for (const auto kind : {K::service_terminate, K::account_suspend}) {
        World world;
        world.open_case(1, "svc-a", {kind});
        world.run_to_the_end();
        world.action(1, kind).state =
            ActionState::running;  // as if the outcome had never been written
        world.restart();
        world.run_to_the_end();
        EXPECT_EQ(world.action(1, kind).state, ActionState::verified);
        EXPECT_EQ(world.panel.most_effects(), 1) << to_text(kind);
    }
}

// The desk and the enforcer at the same time: a decision falls while the hook runs (fault F15).
TEST(Meanwhile, a_person_reinstates_while_the_hook_runs) {
    World world;
    world.open_case(1);
    bool first = true;
    world.panel.meanwhile = [&] {
        const bool now = std::exchange(first, false);
        EXPECT_TRUE(!now || world.decide(1, Decision::reinstate).has_value());
    };
    world.run_to_the_end();
    EXPECT_EQ(world.states(1),
              "terminate=verified suspend=cancelled team=cancelled "
              "undo-terminate=verified");
    EXPECT_EQ(world.panel.at("service.terminate svc-a"), "active");
    EXPECT_EQ(world.service_standing(), Standing::active);
}

// Between the look at the ledger and the intent lies the question for the state.
class WhileLooking : public testing::TestWithParam<ActionState> {};

TEST_P(WhileLooking, a_person_reinstates_and_nothing_is_done) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.action(1, K::service_terminate).state = GetParam();
    bool first = true;
    world.panel.while_looking = [&] {
        const bool now = std::exchange(first, false);
        EXPECT_TRUE(!now || world.decide(1, Decision::reinstate).has_value());
    };
    world.run_to_the_end();
    EXPECT_TRUE(world.panel.done.empty());
    EXPECT_EQ(world.action(1, K::service_terminate).state, ActionState::cancelled);
    EXPECT_EQ(world.service_standing(), Standing::active);
}

INSTANTIATE_TEST_SUITE_P(CarryOut, WhileLooking,
                         testing::Values(ActionState::due, ActionState::running),
                         [](const auto& row) { return std::string(to_text(row.param)); });

TEST(Meanwhile, an_action_that_somebody_has_changed_is_not_started) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.panel.while_looking = [&] {
        world.action(1, K::service_terminate).state = ActionState::cancelled;
    };
    EXPECT_EQ(world.run(), 0U);
    EXPECT_TRUE(world.panel.done.empty());
    EXPECT_EQ(world.states(1), "terminate=cancelled");
}

TEST(Meanwhile, a_crash_before_the_hook_and_a_reinstatement_end_without_an_effect) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.action(1, K::service_terminate).state = ActionState::running;
    ASSERT_TRUE(world.decide(1, Decision::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=cancelled undo-terminate=verified");
    EXPECT_TRUE(world.panel.done.empty());
    EXPECT_EQ(world.service_standing(), Standing::active);
}

TEST(Meanwhile, a_crash_and_mode_observe_act_no_more) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.action(1, K::service_terminate).state = ActionState::running;
    world.options.mode = Mode::observe;
    world.run();
    EXPECT_EQ(world.states(1), "terminate=observed");
    EXPECT_TRUE(world.panel.done.empty());
}

}  // namespace
}  // namespace bailiff
