// What a named person may do, and what follows from it outside.
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
using K = ActionKind;
using D = Decision;

struct AllowedCase {
    CaseState state;
    D decision;
    const char* want;  ///< state afterwards, or a part of the refusal
    bool allowed;
    friend std::ostream& operator<<(std::ostream& out, const AllowedCase& row) {
        return out << to_text(row.decision) << " of " << to_text(row.state);
    }
};

class Allowed : public testing::TestWithParam<AllowedCase> {};

TEST_P(Allowed, by_the_state_of_the_case) {
    World world;
    world.open_case(1).state = GetParam().state;
    const auto before = world.ledger.shelves;
    const auto file = world.decide(1, GetParam().decision);
    EXPECT_EQ(file.has_value(), GetParam().allowed);
    EXPECT_THAT(file ? std::string(to_text(file->record.state)) : file.error().what,
                HasSubstr(GetParam().want));
    if (file) return;
    EXPECT_EQ(file.error().fault, Fault::invalid_input);
    EXPECT_EQ(world.ledger.shelves.actions, before.actions);
    EXPECT_EQ(world.ledger.shelves.leaves, before.leaves);
    EXPECT_EQ(world.ledger.shelves.cases[World::case_id(1)].events,
              before.cases.at(World::case_id(1)).events);
}

INSTANTIATE_TEST_SUITE_P(
    Desk, Allowed,
    testing::Values(
        AllowedCase{CaseState::open, D::release, "released", true},
        AllowedCase{CaseState::open, D::reject, "rejected", true},
        AllowedCase{CaseState::open, D::reinstate, "reinstated", true},
        AllowedCase{CaseState::rejected, D::reinstate, "reinstated", true},
        AllowedCase{CaseState::rejected, D::reject, "is already rejected; nothing was", false},
        AllowedCase{CaseState::rejected, D::release, "reinstate brings the service back", false},
        AllowedCase{CaseState::released, D::release, "is already released", false},
        AllowedCase{CaseState::released, D::reject, "cannot be rejected", false},
        AllowedCase{CaseState::released, D::reinstate, "cannot be reinstated", false},
        AllowedCase{CaseState::reinstated, D::reinstate, "is already reinstated", false},
        AllowedCase{CaseState::reinstated, D::release, "released", true},
        AllowedCase{CaseState::reinstated, D::reject, "release lets its held mail go", false}));

struct PersonCase {
    const char* name;
    DecidedBy by;
    const char* want;
    friend std::ostream& operator<<(std::ostream& out, const PersonCase& row) {
        return out << row.name;
    }
};

class Person : public testing::TestWithParam<PersonCase> {};

TEST_P(Person, must_have_a_name_and_a_reason) {
    World world;
    world.open_case(1);
    const auto file = world.decide(1, D::reject, GetParam().by);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().fault, Fault::invalid_input);
    EXPECT_THAT(file.error().what, HasSubstr(GetParam().want));
    EXPECT_THAT(world.ledger.shelves.leaves, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Desk, Person,
    testing::Values(PersonCase{"no_name", {"", "spam"}, "name of who decides is missing"},
                    PersonCase{"blank_name", {"   ", "spam"}, "name of who decides is missing"},
                    PersonCase{"no_reason", {"Ada", ""}, "the reason is missing"},
                    PersonCase{"two_lines", {"Ada", "a\nb"}, "one line"},
                    PersonCase{"escape", {"A\x1b[2Jda", "spam"}, "one line"},
                    PersonCase{"nul", {std::string("A\0a", 3), "spam"}, "one line"},
                    PersonCase{"long_name", {std::string(101, 'a'), "x"}, "longer than 100"},
                    PersonCase{"long_reason",
                               {"Ada", std::string(limits::reason_bytes_max + 1, 'a')},
                               "longer than 1000"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Desk, knows_no_case_that_is_not_there) {
    World world;
    const auto file = world.decide(7, D::reject);
    ASSERT_FALSE(file.has_value());
    EXPECT_EQ(file.error().fault, Fault::not_found);
}

TEST(Desk, shows_and_lists) {
    World world;
    world.open_case(1);
    world.open_case(2, "svc-c");
    const LedgerDesk desk(world.ledger, world.clock, world.panel, {.action_id = action_id});
    EXPECT_EQ(desk.list({})->size(), 2U);
    const auto file = desk.show(World::case_id(2));
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->actions.size(), 3U);
    EXPECT_EQ(file->service_standing.standing, Standing::held);
}

Case& with_mail(World& world, std::vector<K> kinds) {
    auto& record = world.open_case(1, "svc-a", std::move(kinds));
    record.held = {{"4AAAA1", world.clock.now(), true}, {"4AAAA2", world.clock.now(), true}};
    return record;
}

TEST(Release, undoes_and_lets_the_mail_go) {
    World world;
    with_mail(world, {K::service_terminate, K::notify_team});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::release).has_value());
    world.panel.done.clear();
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("undo service.terminate svc-a", "act queue.release 4AAAA1",
                            "act queue.release 4AAAA2"));
    EXPECT_EQ(world.service_standing(), Standing::active);
}

TEST(Release, after_a_reinstatement_lets_the_mail_go_and_does_nothing_else) {
    World world;
    with_mail(world, {K::service_terminate, K::notify_team});
    world.run_to_the_end();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    ASSERT_EQ(world.action(1, K::service_terminate, Direction::undo).state, ActionState::due);
    const auto file = world.decide(1, D::release);
    ASSERT_TRUE(file) << file.error().what;
    EXPECT_EQ(file->record.held.size(), 2U);
    world.panel.done.clear();
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("undo service.terminate svc-a", "act queue.release 4AAAA1",
                            "act queue.release 4AAAA2"));
    EXPECT_EQ(world.service_standing(), Standing::active);
    EXPECT_THAT(world.ledger.shelves.cases[World::case_id(1)].held, IsEmpty());
}

TEST(Release, is_said_again_of_mail_that_came_before_the_service_was_free) {
    World world;
    with_mail(world, {K::notify_team});
    ASSERT_TRUE(world.decide(1, D::release));
    auto& record = world.ledger.shelves.cases[World::case_id(1)];
    record.held.push_back({"4AAAA3", world.clock.now(), false});
    ASSERT_TRUE(world.decide(1, D::release));
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("act queue.release 4AAAA1", "act queue.release 4AAAA2",
                            "act queue.release 4AAAA3"));
    EXPECT_FALSE(world.decide(1, D::release)) << "nothing is held any more";
}

TEST(Release, without_a_hook_names_the_mail_for_a_person) {
    World world;
    with_mail(world, {}).held_uncounted = 3;
    world.panel.unknown_kinds = {K::queue_release};
    const auto file = world.decide(1, D::release);
    ASSERT_TRUE(file.has_value());
    EXPECT_THAT(file->actions, IsEmpty());
    EXPECT_EQ(file->record.events.back().what, "held mail to be released by hand");
    EXPECT_EQ(file->record.events.back().reason, "4AAAA1 4AAAA2 and 3 more");
    EXPECT_EQ(file->service_standing.standing, Standing::active);
}

TEST(Reject, keeps_the_service_stopped_and_deletes_the_mail) {
    World world;
    with_mail(world, {K::service_terminate});
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    EXPECT_EQ(world.service_standing(), Standing::held);
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("act service.terminate svc-a", "act queue.delete 4AAAA1",
                            "act queue.delete 4AAAA2"));
    EXPECT_EQ(world.service_standing(), Standing::terminated);
}

TEST(Reject, deletes_no_mail_that_was_only_held_with_its_service) {
    World world;
    auto& record = with_mail(world, {});
    record.held[1].judged = false;
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done, ElementsAre("act queue.delete 4AAAA1"));
    const auto& last = world.ledger.shelves.cases.at(World::case_id(1)).events;
    const auto told = std::ranges::find(last, "held mail that nobody has judged stays in the queue",
                                        &CaseEvent::what);
    ASSERT_NE(told, last.end());
    EXPECT_EQ(told->reason, "4AAAA2");
}

TEST(Release, frees_mail_that_was_only_held_with_its_service_too) {
    World world;
    with_mail(world, {}).held[1].judged = false;
    ASSERT_TRUE(world.decide(1, D::release).has_value());
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done,
                ElementsAre("act queue.release 4AAAA1", "act queue.release 4AAAA2"));
}

TEST(BrokenBreaker, counts_as_open_until_a_person_closes_it) {
    World world;
    world.ledger.shelves.breaker_is_corrupt = true;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(1), "terminate=waiting");
    const LedgerDesk desk(world.ledger, world.clock, world.panel, {.action_id = action_id});
    ASSERT_TRUE(desk.breaker().has_value());
    EXPECT_TRUE(desk.breaker()->open);
    world.reset_breaker();
    EXPECT_FALSE(desk.breaker()->open);
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified");
}

TEST(Reinstate, puts_its_service_on_probation_and_release_does_not) {
    for (const auto decision : {D::reinstate, D::release}) {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate});
        world.run();
        LedgerDesk desk(world.ledger, world.clock, world.panel,
                        {.action_id = action_id, .probation = std::chrono::hours(48)});
        const auto now = world.clock.now();
        ASSERT_TRUE(desk.decide(World::case_id(1), decision, {"Ada", "seen"}).has_value());
        world.run_to_the_end();
        const auto row = desk.show(World::case_id(1))->service_standing;
        EXPECT_EQ(row.standing, Standing::active);
        const bool probation = decision == D::reinstate;
        EXPECT_EQ(row.probation_until, probation ? now + std::chrono::hours(48) : Instant{});
    }
}

TEST(Reject, lets_run_what_waited_for_a_person) {
    World world;
    world.options.budgets.actions_per_hour = 0;
    world.open_case(1);
    world.run();
    EXPECT_EQ(world.states(1), "terminate=waiting suspend=waiting team=done");
    world.options.budgets.actions_per_hour = 10;
    world.reset_breaker();
    world.restart();
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified suspend=verified team=done");
}

TEST(Retry, brings_back_whom_an_outage_of_the_panel_has_left_stopped) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.panel.moods.assign(100, Panel::Mood::retries);
    world.run_to_the_end();
    ASSERT_EQ(world.states(1), "terminate=verified undo-terminate=dead");
    EXPECT_EQ(world.service_standing(), Standing::terminated);
    world.panel.moods.clear();
    world.run_to_the_end();
    ASSERT_EQ(world.states(1), "terminate=verified undo-terminate=dead") << "not by itself";
    ASSERT_TRUE(world.decide(1, D::retry).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified undo-terminate=verified");
    EXPECT_EQ(world.service_standing(), Standing::active);
}

TEST(Retry, needs_something_dead_and_overrules_no_guard) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate}).strength = Strength::asserted;
    EXPECT_THAT(world.decide(1, D::retry).error().what, HasSubstr("has no dead action"));
    world.run();
    ASSERT_EQ(world.states(1), "terminate=dead");
    ASSERT_TRUE(world.decide(1, D::retry).has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=dead");
    EXPECT_THAT(world.panel.done, IsEmpty());
}

// A terminated service, upheld by a person.
void end_service(World& world) {
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    ASSERT_EQ(world.states(1), "terminate=verified");
}

TEST(Purge, waits_until_the_claim_window_has_closed) {
    World world;
    end_service(world);
    ASSERT_TRUE(world.decide(1, D::purge).has_value());
    world.clock.pass(24h * 7 - 1min);
    world.directory.imported = world.clock.now();
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified purge=due");
    world.clock.pass(1min);
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified purge=verified");
    EXPECT_EQ(world.service_standing(), Standing::purged);
}

TEST(Purge, is_put_off_by_the_enforcer_too_whatever_the_outbox_says) {
    World world;
    end_service(world);
    ASSERT_TRUE(world.decide(1, D::purge).has_value());
    world.action(1, K::service_purge).due = world.clock.now();
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified purge=due");
    EXPECT_EQ(world.action(1, K::service_purge).due,
              world.action(1, K::service_terminate).changed + 24h * 7);
}

TEST(Purge, spares_a_service_that_somebody_has_brought_back_in_the_panel) {
    World world;
    end_service(world);
    ASSERT_TRUE(world.decide(1, D::purge).has_value());
    for (auto& [name, state] : world.panel.world) state = "active";
    world.clock.pass(24h * 8);
    world.directory.imported = world.clock.now();
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified purge=waiting");
    EXPECT_THAT(world.panel.done, Not(Contains(HasSubstr("purge"))));
}

TEST(Purge, is_refused_of_a_service_that_somebody_else_has_ended) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    world.action(1, K::service_terminate).state_before = "terminated";
    EXPECT_THAT(world.decide(1, D::purge).error().what, HasSubstr("has not terminated"));
}

TEST(Retry, wakes_what_waits_in_a_case_that_was_upheld) {
    World world;
    world.directory.rows[0].is_protected = true;
    world.open_case(1, "svc-a", {K::service_terminate});
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    world.run();
    ASSERT_EQ(world.states(1), "terminate=waiting");
    world.directory.rows[0].is_protected = false;
    ASSERT_TRUE(world.decide(1, D::retry).has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified");
}

TEST(Purge, needs_a_person) {
    World world;
    end_service(world);
    auto& record = world.ledger.shelves.cases.at(World::case_id(1));
    world.plan(record, K::service_purge, "svc-a");
    world.clock.pass(24h * 8);
    world.directory.imported = world.clock.now();
    world.run();
    EXPECT_EQ(world.states(1), "terminate=verified purge=dead");
}

TEST(Purge, is_refused_unless_the_case_has_ended_the_service_and_was_upheld) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    EXPECT_THAT(world.decide(1, D::purge).error().what, HasSubstr("must be rejected first"));
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    EXPECT_THAT(world.decide(1, D::purge).error().what, HasSubstr("has not terminated"));
    world.run();
    ASSERT_TRUE(world.decide(1, D::purge).has_value());
    EXPECT_THAT(world.decide(1, D::purge).error().what, HasSubstr("ordered already"));
}

TEST(Purge, ordered_can_be_taken_back_but_not_done) {
    World world;
    end_service(world);
    ASSERT_TRUE(world.decide(1, D::purge).has_value());
    ASSERT_TRUE(world.decide(1, D::reinstate).has_value());
    world.clock.pass(24h * 8);
    world.directory.imported = world.clock.now();
    world.run_to_the_end();
    EXPECT_THAT(world.panel.done, Not(Contains(HasSubstr("purge"))));
    EXPECT_EQ(world.service_standing(), Standing::active);

    World other;
    end_service(other);
    ASSERT_TRUE(other.decide(1, D::purge).has_value());
    other.clock.pass(24h * 8);
    other.directory.imported = other.clock.now();
    other.run();
    EXPECT_THAT(other.decide(1, D::reinstate).error().what, HasSubstr("destroyed"));
}

TEST(Reject, does_not_overrule_protection) {
    World world;
    world.directory.rows[0].is_protected = true;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run();
    ASSERT_TRUE(world.decide(1, D::reject).has_value());
    world.run();
    EXPECT_EQ(world.states(1), "terminate=waiting");
    EXPECT_THAT(world.panel.done, IsEmpty());
}

TEST(Decision, of_a_case_without_a_service_touches_no_standing) {
    World world;
    auto& record = with_mail(world, {});
    record.service = {};
    record.account = {};
    record.path = "review";
    record.strength = Strength::unknown;
    world.ledger.shelves.services.clear();
    ASSERT_TRUE(world.decide(1, D::release).has_value());
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "release=verified release=verified");
    EXPECT_THAT(world.ledger.shelves.services, IsEmpty());
}

TEST(Decision, is_whole_or_not_at_all) {
    World world;
    world.open_case(1);
    const auto before = world.ledger.shelves;
    world.ledger.fail_update = 1;
    EXPECT_FALSE(world.decide(1, D::reinstate).has_value());
    EXPECT_EQ(world.ledger.shelves.actions, before.actions);
    EXPECT_EQ(world.ledger.shelves.cases[World::case_id(1)].state, CaseState::open);
    EXPECT_EQ(world.service_standing(), Standing::held);
}

TEST(History, keeps_room_for_persons_and_counts_the_rest) {
    World world;
    auto& record = world.open_case(1);
    record.events.resize(limits::events_per_case_max - 8,
                         {world.clock.now(), "milter", "joined", ""});
    world.run_to_the_end();
    const auto file = world.decide(1, D::reinstate, {"Ada", "enough"});
    ASSERT_TRUE(file.has_value());
    world.run_to_the_end();
    const auto& events = world.ledger.shelves.cases[World::case_id(1)].events;
    EXPECT_LE(events.size(), limits::events_per_case_max);
    EXPECT_THAT(events, testing::Contains(testing::Field(&CaseEvent::by, "Ada")));
    EXPECT_EQ(std::ranges::find(events, "further events", &CaseEvent::what)->reason, "5");
}

}  // namespace
}  // namespace bailiff
