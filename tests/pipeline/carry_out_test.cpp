// One action, one way: what each answer of the panel comes to.
#include "tests/pipeline/carry_out_world.hpp"

#include <bailiff/limits.hpp>
#include <gmock/gmock.h>

namespace bailiff {
namespace {

using namespace test;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Mood = Panel::Mood;
using K = ActionKind;

TEST(CarryOut, walks_a_path_in_order_and_reads_each_step_back) {
    World world;
    world.open_case(1);
    EXPECT_EQ(world.run(), 3U);
    EXPECT_EQ(world.states(1), "terminate=verified suspend=verified team=done");
    EXPECT_THAT(world.panel.done,
                ElementsAre("act service.terminate svc-a", "act account.suspend acc-1",
                            "act notify.team svc-a"));
    EXPECT_EQ(world.service_standing(), Standing::terminated);
    EXPECT_EQ(world.account_standing(), Standing::suspended);
    EXPECT_EQ(world.service_standing("svc-b"), Standing::active);
    EXPECT_EQ(world.run(), 0U);
    EXPECT_EQ(world.panel.most_effects(), 1);
    EXPECT_EQ(world.panel.calls_inside_update, 0);
}

TEST(CarryOut, tells_the_hook_what_the_contract_says) {
    World world;
    world.panel.world["service.terminate svc-a"] = "suspended";
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    const auto& action = world.action(1, K::service_terminate);
    ASSERT_EQ(world.panel.orders.size(), 1U);
    const auto& order = world.panel.orders.front();
    EXPECT_EQ(order.action_id, action.id);
    EXPECT_EQ(order.case_id, World::case_id(1));
    EXPECT_EQ(order.service.text(), "svc-a");
    EXPECT_EQ(order.account.text(), "acc-1");
    EXPECT_EQ(order.target, "svc-a");
    EXPECT_EQ(order.state_before, "suspended");
    EXPECT_EQ(order.reason, "case B0000000000000001, path zero_tolerance");
    EXPECT_EQ(order.mode, Mode::enforce);
    EXPECT_EQ(action.state_before, "suspended");
}

TEST(CarryOut, writes_history_and_a_leaf_for_each_outcome) {
    World world;
    world.open_case(1);
    world.run();
    const auto& record = world.ledger.shelves.cases[World::case_id(1)];
    ASSERT_EQ(record.events.size(), 3U);
    EXPECT_EQ(record.events[0].by, "enforcer");
    EXPECT_EQ(record.events[0].what, "action service.terminate: verified");
    EXPECT_THAT(record.events[0].reason, HasSubstr("state is terminated"));
    ASSERT_EQ(world.ledger.shelves.leaves.size(), 3U);
    EXPECT_EQ(world.ledger.shelves.leaves[0].kind, "action");
    EXPECT_EQ(world.ledger.shelves.leaves[0].subject,
              world.action(1, K::service_terminate).id.text());
    EXPECT_NE(world.ledger.shelves.leaves[0].digest, world.ledger.shelves.leaves[1].digest);
}

TEST(CarryOut, does_nothing_to_what_is_already_as_wanted) {
    World world;
    world.panel.world["service.terminate svc-a"] = "terminated";
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_THAT(world.panel.done, IsEmpty());
    EXPECT_EQ(world.action(1, K::service_terminate).attempts, 0U);
    EXPECT_EQ(world.service_standing(), Standing::terminated);
}

TEST(CarryOut, waits_for_the_due_time) {
    World world;
    world.open_case(1);
    for (auto& [id, action] : world.ledger.shelves.actions) action.due += 1h;
    EXPECT_EQ(world.run(), 0U);
    world.clock.pass(1h);
    EXPECT_EQ(world.run(), 3U);
}

TEST(CarryOut, stops_early_when_told) {
    World world;
    world.options.stopping = [&] { return !world.panel.done.empty(); };
    world.open_case(1);
    EXPECT_EQ(world.run(), 1U);
    EXPECT_EQ(world.states(1), "terminate=verified suspend=due team=due");
}

struct MoodCase {
    const char* name;
    bool has_state;
    std::vector<Mood> moods;
    const char* at_once;  ///< states after one run
    const char* in_the_end;
    int effects;  ///< on the service
    const char* detail = "";
    friend std::ostream& operator<<(std::ostream& out, const MoodCase& row) {
        return out << row.name;
    }
};

class Answer : public testing::TestWithParam<MoodCase> {};

TEST_P(Answer, leads_to_a_state) {
    World world;
    world.panel.has_state = GetParam().has_state;
    world.panel.moods = GetParam().moods;
    world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
    world.run();
    EXPECT_EQ(world.states(1), GetParam().at_once);
    EXPECT_THAT(world.action(1, K::service_terminate).detail, HasSubstr(GetParam().detail));
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), GetParam().in_the_end);
    EXPECT_EQ(world.panel.effects["B0000000000000001 act service.terminate svc-a"],
              GetParam().effects);
    const bool stuck = std::string(GetParam().in_the_end).find("verified") == std::string::npos &&
                       std::string(GetParam().in_the_end).find("done") == std::string::npos;
    EXPECT_EQ(world.journal.alarms.empty(), !stuck);
}

const std::vector<Mood> always(Mood mood) {
    return std::vector<Mood>(100, mood);
}

INSTANTIATE_TEST_SUITE_P(
    CarryOut, Answer,
    testing::Values(
        // The hook tells the state.
        MoodCase{"works",
                 true,
                 {},
                 "terminate=verified suspend=verified",
                 "terminate=verified suspend=verified",
                 1},
        MoodCase{"retries_once",
                 true,
                 {Mood::retries},
                 "terminate=due suspend=due",
                 "terminate=verified suspend=verified",
                 1,
                 "exit 75"},
        MoodCase{"retries_for_ever", true, always(Mood::retries), "terminate=due suspend=due",
                 "terminate=dead suspend=waiting", 0, "exit 75"},
        MoodCase{"refuses",
                 true,
                 {Mood::refuses},
                 "terminate=dead suspend=waiting",
                 "terminate=dead suspend=waiting",
                 0,
                 "exit 65"},
        MoodCase{"F07_late_but_done",
                 true,
                 {Mood::fails_late},
                 "terminate=verified suspend=verified",
                 "terminate=verified suspend=verified",
                 1,
                 "deadline passed; state is terminated"},
        MoodCase{"fails_and_did_nothing",
                 true,
                 {Mood::fails_early},
                 "terminate=due suspend=due",
                 "terminate=verified suspend=verified",
                 1,
                 "but state is active"},
        MoodCase{"lies_once",
                 true,
                 {Mood::lies},
                 "terminate=due suspend=due",
                 "terminate=verified suspend=verified",
                 1,
                 "contradicted: exit 0"},
        MoodCase{"lies_for_ever", true, always(Mood::lies), "terminate=due suspend=due",
                 "terminate=dead suspend=waiting", 0, "contradicted"},
        // It does not: what may have happened never happens twice.
        MoodCase{"blind_works",
                 false,
                 {},
                 "terminate=done suspend=done",
                 "terminate=done suspend=done",
                 1},
        MoodCase{"blind_retries_once",
                 false,
                 {Mood::retries},
                 "terminate=due suspend=due",
                 "terminate=done suspend=done",
                 1},
        MoodCase{"blind_refuses",
                 false,
                 {Mood::refuses},
                 "terminate=dead suspend=waiting",
                 "terminate=dead suspend=waiting",
                 0},
        MoodCase{"blind_late_but_done",
                 false,
                 {Mood::fails_late},
                 "terminate=unknown suspend=waiting",
                 "terminate=unknown suspend=waiting",
                 1},
        MoodCase{"blind_fails",
                 false,
                 {Mood::fails_early},
                 "terminate=unknown suspend=waiting",
                 "terminate=unknown suspend=waiting",
                 0}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(CarryOut, waits_longer_after_each_attempt_and_gives_up) {
    World world;
    world.panel.moods = always(Mood::retries);
    world.open_case(1, "svc-a", {K::service_terminate});
    const auto action = [&] { return world.action(1, K::service_terminate); };
    world.run();
    EXPECT_EQ(action().due - world.clock.now(), 500ms);
    world.clock.pass(500ms);
    world.run();
    EXPECT_EQ(action().due - world.clock.now(), 1s);
    world.run_to_the_end();
    EXPECT_EQ(action().attempts, limits::action_attempts_max);
    EXPECT_EQ(world.panel.orders.size(), limits::action_attempts_max);
    EXPECT_THAT(action().detail, HasSubstr("attempts spent"));
}

TEST(CarryOut, does_not_act_while_the_state_cannot_be_read) {
    World world;
    world.panel.state_failures = 3;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(1), "terminate=due");
    EXPECT_THAT(world.panel.orders, IsEmpty());
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_EQ(world.panel.most_effects(), 1);
}

TEST(CarryOut, asks_again_when_the_state_cannot_be_read_afterwards) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.panel.meanwhile = [&] { world.panel.state_failures = 2; };
    world.panel.moods = {Mood::fails_late};
    world.run();
    EXPECT_EQ(world.states(1), "terminate=running");
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_EQ(world.panel.most_effects(), 1);
}

TEST(CarryOut, asks_for_hours_what_only_the_state_can_tell_and_alarms_once) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate, K::notify_team});
    world.panel.meanwhile = [&] { world.panel.state_failures = 1000; };
    world.panel.moods = {Mood::fails_late};
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=running team=due");
    EXPECT_EQ(world.journal.alarms, std::vector<std::string>{"action"});
    world.panel.meanwhile = {};
    world.panel.state_failures = 0;
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified team=done");
    EXPECT_EQ(world.panel.most_effects(), 1);
}

TEST(CarryOut, has_an_attempt_left_after_hours_of_asking) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.panel.meanwhile = [&] { world.panel.state_failures = 1000; };
    world.panel.moods = {Mood::fails_early};
    world.run_to_the_end();
    world.panel.meanwhile = {};
    world.panel.state_failures = 0;
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_EQ(world.action(1, K::service_terminate).attempts, limits::action_attempts_max);
}

TEST(CarryOut, asks_no_more_when_it_did_not_happen_and_attempts_are_spent) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    auto& action = world.action(1, K::service_terminate);
    action.state = ActionState::running;
    action.attempts = limits::action_attempts_max;
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=dead");
    EXPECT_THAT(world.panel.orders, IsEmpty());
}

TEST(CarryOut, tries_later_when_no_hook_is_configured) {
    World world;
    world.panel.unknown_kinds = {K::service_terminate};
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(1), "terminate=due");
    EXPECT_THAT(world.action(1, K::service_terminate).detail, HasSubstr("no hook"));
    world.panel.unknown_kinds.clear();
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified");
}

TEST(CarryOut, tells_the_team_although_the_rest_stands_still) {
    World world;
    world.panel.moods = {Mood::refuses};
    world.open_case(1);
    world.run();
    EXPECT_EQ(world.states(1), "terminate=dead suspend=waiting team=done");
    EXPECT_THAT(world.journal.alarms, Contains("action"));
}

TEST(CarryOut, puts_off_with_an_action_what_stands_behind_it) {
    World world;
    world.panel.moods = {Mood::retries};
    world.open_case(1);
    EXPECT_EQ(world.run(), 1U);
    EXPECT_EQ(world.action(1, K::notify_team).due, world.action(1, K::service_terminate).due);
    EXPECT_EQ(world.run(), 0U);
    world.clock.pass(1s);
    EXPECT_EQ(world.run(), 3U);
}

TEST(CarryOut, one_case_that_stands_still_keeps_no_other_waiting) {
    World world;
    world.panel.moods = {Mood::refuses};
    world.open_case(1, "svc-a");
    world.open_case(2, "svc-c");
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=dead suspend=waiting team=done");
    EXPECT_EQ(world.states(2), "terminate=verified suspend=verified team=done");
}

TEST(CarryOut, one_action_that_throws_ends_neither_the_loop_nor_the_others) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.open_case(2, "svc-c", {K::service_terminate});
    bool first = true;
    world.panel.meanwhile = [&] {
        if (std::exchange(first, false)) throw std::runtime_error("escaped");
    };
    world.run();
    EXPECT_THAT(world.journal.alarms, Contains("action_escaped"));
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_EQ(world.states(2), "terminate=verified");
}

}  // namespace
}  // namespace bailiff
