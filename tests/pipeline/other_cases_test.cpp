// Several cases of one service: what one lets go of, another may still want.
#include "tests/pipeline/carry_out_world.hpp"

#include <gmock/gmock.h>

namespace bailiff {
namespace {

using namespace test;
using K = ActionKind;

/// How svc-a stands after case 1 has suspended it, case 2 has ended it, and `back` is reinstated.
StandingRow after(World& world, int back) {
    world.open_case(1, "svc-a", {K::service_suspend}, "suspend");
    world.run_to_the_end();
    world.open_case(2, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    EXPECT_EQ(world.service_standing(), Standing::terminated);
    EXPECT_TRUE(world.decide(back, Decision::reinstate));
    world.run_to_the_end();
    return world.ledger.shelves.services[{*ServiceId::parse("svc-a"), created}];
}

TEST(OtherCases, keep_what_they_have_done) {
    World harsher_goes;
    auto row = after(harsher_goes, 2);
    EXPECT_EQ(row.standing, Standing::suspended);
    EXPECT_EQ(row.case_id, World::case_id(1));
    World milder_goes;
    row = after(milder_goes, 1);
    EXPECT_EQ(row.standing, Standing::terminated);
    EXPECT_EQ(row.case_id, World::case_id(2));
}

TEST(OtherCases, are_not_content_with_less_than_they_want) {
    World world;
    world.open_case(1, "svc-a", {K::service_suspend}, "suspend");
    world.run_to_the_end();
    world.open_case(2, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    world.panel.world["service.terminate svc-a"] = "active";  // somebody has lifted all of it
    ASSERT_TRUE(world.decide(2, Decision::reinstate));
    world.run_to_the_end();
    EXPECT_EQ(world.panel.at("service.terminate svc-a"), "suspended");
}

/// How svc-a stands once the open breaker has stopped case 1, beside the stolen login of case 2.
StandingRow once_a_budget_stops_one(World& world, bool other_is_stopped_too) {
    world.open_case(1);
    world.open_case(2, "svc-a", {K::credential_reset}, "compromised");
    world.action(2, K::credential_reset).state =
        other_is_stopped_too ? ActionState::waiting : ActionState::verified;
    world.ledger.shelves.breaker.open = true;
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=waiting suspend=waiting team=done");
    return world.ledger.shelves.services[{*ServiceId::parse("svc-a"), created}];
}

TEST(OtherCases, hold_a_service_that_a_budget_sets_free) {
    World at_work;
    const auto row = once_a_budget_stops_one(at_work, false);
    EXPECT_EQ(row.standing, Standing::held);
    EXPECT_EQ(row.case_id, World::case_id(2));
    World stopped_too;
    EXPECT_EQ(once_a_budget_stops_one(stopped_too, true).standing, Standing::active);
}

TEST(OtherCases, lose_it_without_the_guard) {
    World world;
    setenv("BAILIFF_REMOVE_GUARD", "other_cases_keep_theirs", 1);
    EXPECT_NE(after(world, 2).standing, Standing::suspended);
}

TEST(OtherCases, let_go_once_each_of_them_is_reinstated) {
    World world;
    (void)after(world, 2);
    ASSERT_TRUE(world.decide(1, Decision::reinstate));
    world.run_to_the_end();
    EXPECT_EQ(world.service_standing(), Standing::active);
}

}  // namespace
}  // namespace bailiff
