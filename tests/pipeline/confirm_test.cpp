// A named person's word in place of the second witness, and what a person gives up.
#include "tests/pipeline/carry_out_world.hpp"

#include <bailiff/limits.hpp>

#include <gmock/gmock.h>

#include "src/enforce/states.hpp"

namespace bailiff {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using K = ActionKind;
using D = Decision;

const std::vector<PathSettings> paths{
    {"zero_tolerance", {K::service_terminate}},
    {"suspend", {K::service_suspend, {K::account_suspend, When::again}, K::notify_team}},
    {"watched", {K::service_suspend}, true}};

/// A case for review, whose service is free.
Case& for_review(World& world) {
    auto& record = world.open_case(1, "svc-a", {}, "review");
    world.ledger.shelves.services.clear();
    return record;
}

Result<CaseFile> confirm(World& world, const std::string& path) {
    LedgerDesk desk(world.ledger, world.clock, world.panel,
                    {.action_id = action_id, .paths = [] { return paths; }});
    return desk.decide(World::case_id(1), D::confirm, {"Ada", "phoned the bank", path});
}

TEST(Confirm, takes_a_case_for_review_to_the_path_that_a_person_names) {
    World world;
    for_review(world);
    world.options.paths = paths;
    const auto file = confirm(world, "suspend");
    ASSERT_TRUE(file.has_value()) << file.error().what;
    EXPECT_EQ(file->record.path, "suspend");
    EXPECT_EQ(file->record.state, CaseState::open);
    EXPECT_EQ(file->record.events.back().by, "Ada");
    EXPECT_EQ(file->record.events.back().what, "confirmed, path suspend");
    EXPECT_EQ(world.service_standing(), Standing::held);
    EXPECT_EQ(world.ledger.shelves.leaves.size(), 3U);  // the decision and two actions
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "suspend=verified team=done");
    EXPECT_EQ(world.service_standing(), Standing::suspended);
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.service_standing(), Standing::active);
}

TEST(Confirm, takes_the_steps_for_a_service_on_probation) {
    World world;
    for_review(world);
    const auto ref = world.directory.rows[0].ref();
    world.ledger.shelves.services[ref] = {Standing::active, {}, {}, world.clock.now() + 1h};
    ASSERT_TRUE(confirm(world, "suspend").has_value());
    EXPECT_EQ(world.states(1), "suspend=due suspend=due team=due");
    EXPECT_EQ(world.ledger.shelves.services[ref].probation_until, world.clock.now() + 1h);
}

TEST(Confirm, overrules_no_guard_of_the_enforcer) {
    World world;
    for_review(world);
    world.options.paths = paths;
    world.directory.rows[0].is_protected = true;
    ASSERT_TRUE(confirm(world, "zero_tolerance").has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=waiting");
    EXPECT_THAT(world.panel.done, IsEmpty());
}

TEST(Confirm, lightens_no_harsher_standing) {
    World world;
    for_review(world);
    const auto ref = world.directory.rows[0].ref();
    world.ledger.shelves.services[ref] = {Standing::terminated, World::case_id(9), {}};
    ASSERT_TRUE(confirm(world, "suspend").has_value());
    EXPECT_EQ(world.ledger.shelves.services[ref].standing, Standing::terminated);
}

struct Refused {
    const char* name;
    void (*make)(Case&);
    const char* path;
    const char* want;
    friend std::ostream& operator<<(std::ostream& out, const Refused& row) {
        return out << row.name;
    }
};
class RefusedConfirm : public testing::TestWithParam<Refused> {};
INSTANTIATE_TEST_SUITE_P(
    Desk, RefusedConfirm,
    testing::Values(
        Refused{"asserted", [](Case& c) { c.strength = Strength::asserted; }, "suspend",
                "is asserted, not proven"},
        Refused{"unknown", [](Case& c) { c.strength = Strength::unknown; }, "suspend",
                "is unknown, not proven"},
        Refused{"observed", [](Case& c) { c.mode = Mode::observe; }, "suspend", "mode observe"},
        Refused{"closed", [](Case& c) { c.state = CaseState::rejected; }, "suspend",
                "it is rejected, and must be open"},
        Refused{"on_a_path", [](Case& c) { c.path = "compromised"; }, "suspend",
                "it is on path compromised already"},
        Refused{"no_such_path", [](Case&) {}, "burn",
                "no path 'burn' that acts; expected one of zero_tolerance, suspend"},
        Refused{"path_that_observes", [](Case&) {}, "watched", "no path 'watched' that acts"}),
    [](const auto& row) { return std::string(row.param.name); });
TEST_P(RefusedConfirm, changes_nothing) {
    World world;
    GetParam().make(for_review(world));
    const auto file = confirm(world, GetParam().path);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().fault, Fault::invalid_input);
    EXPECT_THAT(file.error().what, HasSubstr(GetParam().want));
    EXPECT_THAT(world.ledger.shelves.actions, IsEmpty());
    EXPECT_THAT(world.ledger.shelves.leaves, IsEmpty());
    EXPECT_THAT(world.ledger.shelves.services, IsEmpty());
}

TEST(Drop, gives_up_one_action_and_lets_go_on_what_waited_for_it) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
    world.panel.moods.assign(1, Panel::Mood::refuses);
    world.run();
    ASSERT_EQ(world.states(1), "terminate=dead suspend=waiting");
    ASSERT_TRUE(
        world.decide(1, D::drop, {"Ada", "the panel has no such service", "service.terminate"}));
    EXPECT_EQ(world.states(1), "terminate=cancelled suspend=due");
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=cancelled suspend=verified");
}

TEST(Drop, takes_nothing_that_is_done_or_still_runs_by_itself) {
    for (const auto state :
         {ActionState::unknown, ActionState::due, ActionState::running, ActionState::verified,
          ActionState::done, ActionState::cancelled, ActionState::observed}) {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate});
        world.action(1, K::service_terminate).state = state;
        const auto file = world.decide(1, D::drop, {"Ada", "why", "service.terminate"});
        ASSERT_FALSE(file.has_value()) << to_text(state);
        EXPECT_THAT(file.error().what, HasSubstr("has no action 'service.terminate' that is dead"));
    }
}

TEST(Drop, of_what_may_have_happened_would_leave_it_standing) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();                                                         // the panel has done it,
    world.action(1, K::service_terminate).state = ActionState::unknown;  // and nobody heard
    world.panel.done.clear();
    const auto file = world.decide(1, D::drop, {"Ada", "why", "service.terminate"});
    ASSERT_FALSE(file.has_value());
    EXPECT_THAT(file.error().what, HasSubstr("it may have happened, and reinstate undoes it"));
    ASSERT_TRUE(world.decide(1, D::reinstate));
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done, ElementsAre("undo service.terminate svc-a"));
}

TEST(Drop, of_the_last_undo_frees_the_service_for_whom_a_person_has_lifted_it) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    ASSERT_TRUE(world.decide(1, D::reinstate));
    world.panel.moods.assign(1, Panel::Mood::refuses);
    world.run();
    ASSERT_EQ(world.states(1), "terminate=verified undo-terminate=dead");
    ASSERT_EQ(world.service_standing(), Standing::terminated);
    ASSERT_TRUE(world.decide(1, D::drop, {"Ada", "lifted at the panel", "service.terminate"}));
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=cancelled");
    EXPECT_EQ(world.service_standing(), Standing::active);
}

const DecidedBy to_suspend{"Ada", "the panel refuses to terminate",
                           "service.terminate to service.suspend"};

/// The panel refuses to terminate for good; what stands behind it waits.
void refuse_to_terminate(World& world) {
    world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
    world.panel.moods.assign(1, Panel::Mood::refuses);
    world.run();
    ASSERT_EQ(world.states(1), "terminate=dead suspend=waiting");
}

TEST(Edit, puts_a_milder_act_in_the_very_place_of_one_that_is_dead) {
    World world;
    refuse_to_terminate(world);
    const auto file = world.decide(1, D::edit, to_suspend);
    ASSERT_TRUE(file) << file.error().what;
    EXPECT_EQ(file->record.events.back().what, "edited service.terminate to service.suspend");
    EXPECT_EQ(file->record.events.back().by, "Ada");
    EXPECT_EQ(world.action(1, K::service_suspend).sequence,
              world.action(1, K::service_terminate).sequence);
    world.panel.done.clear();
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("act service.suspend svc-a", "act account.suspend acc-1"));
    EXPECT_EQ(world.service_standing(), Standing::suspended);
    ASSERT_TRUE(world.decide(1, D::reinstate));
    world.run_to_the_end();
    EXPECT_EQ(world.service_standing(), Standing::active);
    EXPECT_EQ(world.panel.at("service.suspend svc-a"), "active");
}

TEST(Edit, is_done_again_with_what_does_not_go_on_either) {
    World world;
    refuse_to_terminate(world);
    ASSERT_TRUE(world.decide(1, D::edit, to_suspend));
    world.panel.moods.assign(1, Panel::Mood::refuses);
    world.run();
    ASSERT_TRUE(world.decide(1, D::edit,
                             {"Ada", "only the password", "service.suspend to credential.reset"}));
    world.run_to_the_end();
    EXPECT_EQ(world.action(1, K::credential_reset).state, ActionState::verified);
    EXPECT_EQ(world.service_standing(), Standing::held);
}

/// The enforcer finds a suspension in the outbox that no path has; the history has this line.
ActionState suspended_by(const char* line) {
    World world;
    auto& record = world.open_case(1, "svc-a", {K::service_suspend});
    if (*line != '\0') record.events.push_back({{}, "Ada", line, "why"});
    world.options.paths = {{.name = "zero_tolerance", .actions = {{K::service_terminate}}}};
    world.run_to_the_end();
    return world.action(1, K::service_suspend).state;
}

TEST(Edit, is_not_in_the_outbox_alone) {
    EXPECT_EQ(suspended_by("edited service.terminate to service.suspend"), ActionState::verified);
    for (const auto* other :
         {"", "edited service.terminate to script.block", "edited service.suspend to script.block",
          "edited service.suspend to service.suspend", "edited ", "edited service.suspend",
          "dropped service.terminate", "service.terminate to service.suspend",
          "edited service.terminate to service.suspend, or so"})
        EXPECT_EQ(suspended_by(other), ActionState::dead) << other;
}

TEST(Edit, bears_nothing_harsher_and_nothing_in_a_case_for_review) {
    const auto state = [](K kind, const char* path, const char* line) {
        World world;
        auto& record = world.open_case(1, "svc-a", {kind}, path);
        record.events.push_back({{}, "Ada", line, "why"});
        world.options.paths = {{.name = "compromised", .actions = {{K::credential_reset}}}};
        world.run_to_the_end();
        return world.action(1, kind).state;
    };
    EXPECT_EQ(
        state(K::service_terminate, "compromised", "edited credential.reset to service.terminate"),
        ActionState::dead);
    EXPECT_EQ(state(K::service_purge, "compromised", "edited service.suspend to service.purge"),
              ActionState::dead);
    EXPECT_EQ(state(K::script_block, "review", "edited service.suspend to script.block"),
              ActionState::dead);
    EXPECT_EQ(state(K::script_block, "compromised", "edited service.suspend to script.block"),
              ActionState::verified);
}

TEST(Edit, overrules_no_guard_of_the_enforcer) {
    World world;
    refuse_to_terminate(world);
    ASSERT_TRUE(world.decide(1, D::edit, to_suspend));
    world.directory.rows[0].is_protected = true;
    world.panel.done.clear();
    world.run();
    EXPECT_EQ(world.action(1, K::service_suspend).state, ActionState::waiting);
    EXPECT_THAT(world.panel.done, IsEmpty());
}

TEST(Edit, is_logged_with_both_actions_and_what_waited) {
    World world;
    refuse_to_terminate(world);
    world.ledger.shelves.leaves.clear();
    ASSERT_TRUE(world.decide(1, D::edit, to_suspend));
    std::string kinds;
    for (const auto& leaf : world.ledger.shelves.leaves) kinds += leaf.kind + " ";
    EXPECT_EQ(kinds, "action action action decision ");
    EXPECT_THAT(world.action(1, K::service_terminate).detail,
                HasSubstr("service.suspend stands in for it, by Ada; was dead: "));
}

TEST(Edit, of_nothing_that_may_have_happened_nor_goes_on_by_itself) {
    for (const auto state :
         {ActionState::unknown, ActionState::due, ActionState::running, ActionState::verified,
          ActionState::done, ActionState::cancelled, ActionState::observed}) {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate});
        world.action(1, K::service_terminate).state = state;
        const auto file = world.decide(1, D::edit, to_suspend);
        ASSERT_FALSE(file) << to_text(state);
        EXPECT_EQ(file.error().fault, Fault::invalid_input);
        const bool doubtful = may_have_happened(state);
        EXPECT_THAT(file.error().what,
                    StartsWith("case B0000000000000001 cannot be edited: it has no action "
                               "'service.terminate' that is dead or waiting; it is " +
                               std::string(to_text(state)) + (doubtful ? ": it may" : ";")));
        EXPECT_EQ(world.ledger.shelves.leaves.size(), 0U);
        EXPECT_EQ(world.actions(World::case_id(1)).size(), 1U);
    }
}

TEST(Edit, of_no_undo) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    auto& action = world.action(1, K::service_terminate);
    action.direction = Direction::undo;
    action.state = ActionState::dead;
    const auto file = world.decide(1, D::edit, to_suspend);
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().what, HasSubstr("it has none at all"));
}

TEST(Edit, is_refused_where_the_history_cannot_bear_it) {
    World world;
    refuse_to_terminate(world);
    auto& events = world.ledger.shelves.cases[World::case_id(1)].events;
    events.resize(limits::events_per_case_max - 1);
    ASSERT_TRUE(world.decide(1, D::edit, to_suspend));
    world.action(1, K::service_suspend).state = ActionState::dead;
    const auto file =
        world.decide(1, D::edit, {"Ada", "why", "service.suspend to credential.reset"});
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().what, HasSubstr("its history is full"));
    EXPECT_EQ(world.action(1, K::service_suspend).state, ActionState::dead);
}

TEST(Edit, says_why_not) {
    const auto refusal = [](const std::string& what, auto prepare) {
        World world;
        refuse_to_terminate(world);
        prepare(world, world.ledger.shelves.cases[World::case_id(1)]);
        const auto file = world.decide(1, D::edit, {"Ada", "why", what});
        return file ? "allowed" : file.error().what;
    };
    const auto as_is = [](World&, Case&) {};
    for (const auto* harsher :
         {"service.suspend to service.terminate", "service.terminate to service.purge",
          "service.terminate to account.suspend", "service.terminate to service.terminate",
          "service.terminate", "", "service.terminate to nothing"})
        EXPECT_THAT(refusal(harsher, as_is), HasSubstr("expected one of service.terminate to"));
    const std::string good = to_suspend.what;
    EXPECT_THAT(refusal(good, [](World&, Case& record) { record.state = CaseState::released; }),
                HasSubstr("it is released, and must be open or rejected"));
    EXPECT_THAT(refusal(good, [](World&, Case& record) { record.mode = Mode::observe; }),
                HasSubstr("mode observe"));
    EXPECT_THAT(refusal(good,
                        [](World& world, Case& record) {
                            world.plan(record, K::service_suspend).state = ActionState::verified;
                        }),
                HasSubstr("it has an action 'service.suspend' already, which is verified"));
    EXPECT_EQ(refusal(good, as_is), "allowed");
}

}  // namespace
}  // namespace bailiff
