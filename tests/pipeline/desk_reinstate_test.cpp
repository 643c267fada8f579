// Reinstating: what was done is undone, and nothing else.
#include <gmock/gmock.h>

#include "tests/pipeline/carry_out_world.hpp"

namespace bailiff {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using K = ActionKind;
using D = Decision;

TEST(Reinstate, brings_back_what_was_done_the_last_first) {
    World world;
    world.open_case(1);
    world.run_to_the_end();
    const auto file = world.decide(1, D::reinstate, {"Ada", "stolen password"});
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->record.events.back().by, "Ada");
    EXPECT_EQ(file->record.events.back().what, "reinstated");
    EXPECT_EQ(file->record.events.back().reason, "stolen password");
    EXPECT_EQ(file->service_standing.standing, Standing::terminated);
    EXPECT_EQ(world.ledger.shelves.leaves.back().kind, "decision");
    world.panel.done.clear();
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("undo account.suspend acc-1", "undo service.terminate svc-a"));
    EXPECT_EQ(world.service_standing(), Standing::active);
    EXPECT_EQ(world.account_standing(), Standing::active);
    EXPECT_EQ(world.states(1),
              "terminate=verified suspend=verified team=done "
              "undo-suspend=verified undo-terminate=verified");
}

TEST(Reinstate, before_anything_ran_frees_the_service_at_once) {
    World world;
    world.open_case(1);
    EXPECT_EQ(world.service_standing(), Standing::held);
    const auto file = world.decide(1, D::reinstate);
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->service_standing.standing, Standing::active);
    EXPECT_EQ(world.states(1), "terminate=cancelled suspend=cancelled team=cancelled");
    EXPECT_EQ(world.run(), 0U);
    EXPECT_THAT(world.panel.done, IsEmpty());
}

TEST(Reinstate, goes_back_to_the_state_that_was_before) {
    World world;
    world.panel.world["service.terminate svc-a"] = "suspended";  // by the panel, for another reason
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("service.terminate svc-a"), "suspended");
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=verified");
}

TEST(Reinstate, does_not_undo_what_was_so_before) {
    World world;
    world.panel.world["account.suspend acc-1"] = "suspended";
    world.open_case(1, "svc-a", {K::account_suspend});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("account.suspend acc-1"), "suspended");
    EXPECT_THAT(world.panel.done, IsEmpty());
}

TEST(Reinstate, leaves_sent_notices_and_new_passwords_as_they_are) {
    World world;
    world.open_case(1, "svc-a", {K::credential_reset, K::notify_team}, "compromised");
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "reset=verified team=done");
    EXPECT_EQ(world.service_standing(), Standing::held);
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    EXPECT_EQ(world.states(1), "reset=verified team=done");
    EXPECT_EQ(world.service_standing(), Standing::active);
}

struct StuckCase {
    ActionState state;
    const char* want;
    Standing standing;  ///< of the service, before the enforcer runs
    friend std::ostream& operator<<(std::ostream& out, const StuckCase& row) {
        return out << to_text(row.state);
    }
};

class Reinstated : public testing::TestWithParam<StuckCase> {};

TEST_P(Reinstated, by_the_state_of_the_act) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.action(1, K::service_terminate).state = GetParam().state;
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    EXPECT_EQ(world.states(1), GetParam().want);
    EXPECT_EQ(world.service_standing(), GetParam().standing);
    world.run_to_the_end();
    EXPECT_EQ(world.service_standing(), Standing::active);
    EXPECT_EQ(world.panel.at("service.terminate svc-a"), "active");
}

INSTANTIATE_TEST_SUITE_P(
    Desk, Reinstated,
    testing::Values(
        StuckCase{ActionState::due, "terminate=cancelled", Standing::active},
        StuckCase{ActionState::waiting, "terminate=cancelled", Standing::active},
        StuckCase{ActionState::dead, "terminate=cancelled", Standing::active},
        StuckCase{ActionState::observed, "terminate=observed", Standing::active},
        StuckCase{ActionState::unknown, "terminate=cancelled undo-terminate=due", Standing::held},
        StuckCase{ActionState::running, "terminate=running undo-terminate=due", Standing::held},
        StuckCase{ActionState::done, "terminate=done undo-terminate=due", Standing::held},
        StuckCase{ActionState::verified, "terminate=verified undo-terminate=due", Standing::held}));

TEST(Reinstate, that_cannot_be_carried_out_stays_visible) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.panel.moods = {Panel::Mood::refuses};
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=dead");
    EXPECT_EQ(world.service_standing(), Standing::terminated);
    EXPECT_THAT(world.journal.alarms, testing::Contains("action"));
}

TEST(Reinstate, frees_the_service_only_when_all_is_undone) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.panel.moods = {Panel::Mood::refuses};
    world.run_to_the_end();
    EXPECT_THAT(world.states(1), HasSubstr("undo-suspend=dead undo-terminate=verified"));
    EXPECT_EQ(world.service_standing(), Standing::terminated);
    EXPECT_EQ(world.account_standing(), Standing::suspended);
}

TEST(Reinstate, works_when_the_panel_lists_the_service_no_more) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    world.directory.rows.erase(world.directory.rows.begin());
    world.directory.imported.reset();
    world.options.budgets.actions_per_hour = 0;
    world.restart();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=verified");
}

TEST(Reinstate, does_not_touch_a_new_customer_with_the_old_id) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    world.directory.rows[0].created += 24h;
    world.panel.done.clear();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=waiting");
    EXPECT_THAT(world.panel.done, IsEmpty());
}

TEST(Reinstate, in_mode_observe_waits_and_is_not_forgotten) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.panel.done.clear();
    world.options.mode = Mode::observe;
    world.restart();
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=due");
    EXPECT_THAT(world.panel.done, IsEmpty());
    world.options.mode = Mode::enforce;
    world.restart();
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=verified");
}

// Two services of one account sent spam; only one of the two decisions was wrong.
TEST(Reinstate, of_one_case_leaves_what_another_still_wants) {
    World world;
    world.open_case(1, "svc-a");
    world.open_case(2, "svc-b");
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("service.terminate svc-a"), "active");
    EXPECT_EQ(world.panel.at("service.terminate svc-b"), "terminated");
    EXPECT_EQ(world.panel.at("account.suspend acc-1"), "suspended");
    EXPECT_EQ(world.account_standing(), Standing::suspended);
    EXPECT_EQ(world.service_standing("svc-a"), Standing::active);
    EXPECT_THAT(world.states(1), HasSubstr("undo-suspend=cancelled undo-terminate=verified"));

    ASSERT_TRUE(world.decide(2, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("account.suspend acc-1"), "active");
    EXPECT_EQ(world.account_standing(), Standing::active);
    EXPECT_EQ(world.service_standing("svc-b"), Standing::active);
}

TEST(Reinstate, in_the_other_order_ends_alike) {
    World world;
    world.open_case(1, "svc-a");
    world.open_case(2, "svc-b");
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(2, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("account.suspend acc-1"), "suspended");
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("account.suspend acc-1"), "active");
    EXPECT_EQ(world.account_standing(), Standing::active);
    EXPECT_EQ(world.service_standing("svc-a"), Standing::active);
    EXPECT_EQ(world.service_standing("svc-b"), Standing::active);
}

TEST(Reinstate, lifts_no_standing_of_another_case) {
    World world;
    world.open_case(1, "svc-a", {K::account_suspend});
    world.run_to_the_end();
    const StandingRow foreign{Standing::suspended, World::case_id(9), world.clock.now()};
    world.ledger.shelves.services[{*ServiceId::parse("svc-a"), created}] = foreign;
    world.ledger.shelves.accounts[*AccountId::parse("acc-1")] = foreign;
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "suspend=verified undo-suspend=verified");
    EXPECT_EQ(world.service_standing(), Standing::suspended);
    EXPECT_EQ(world.account_standing(), Standing::suspended);
}

TEST(Reinstate, leaves_the_service_held_while_another_case_holds_it) {
    World world;
    world.open_case(1, "svc-a");
    world.open_case(2, "svc-a", {K::credential_reset}, "compromised");
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    EXPECT_EQ(world.service_standing(), Standing::held);
    ASSERT_TRUE(world.decide(2, D::reinstate).has_value());
    EXPECT_EQ(world.service_standing(), Standing::active);
}

}  // namespace
}  // namespace bailiff
