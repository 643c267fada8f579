// The enforcer reads the outbox as untrusted input. Each row shows the wrong thing happening
// without the guard, and nothing with it.
#include "tests/pipeline/carry_out_world.hpp"

#include <bailiff/limits.hpp>
#include <gmock/gmock.h>

namespace bailiff {
namespace {

using namespace test;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using K = ActionKind;

struct GuardCase {
    const char* name;
    const char* guard;
    std::function<void(World&)> arrange;
    const char* want;  ///< states with the guard; without it the action runs
    const char* detail;
    bool alarm = true;
    friend std::ostream& operator<<(std::ostream& out, const GuardCase& row) {
        return out << row.name;
    }
};

Case& the_case(World& world) {
    return world.open_case(1, "svc-a", {K::service_terminate});
}
Action& the_action(World& world) {
    return world.action(1, K::service_terminate);
}

class Guarded : public testing::TestWithParam<GuardCase> {};

TEST_P(Guarded, the_wrong_thing_happens_only_without_the_guard) {
    {
        World world;
        GetParam().arrange(world);
        setenv("BAILIFF_REMOVE_GUARD", GetParam().guard, 1);
        world.run();
        EXPECT_THAT(world.panel.done, Not(IsEmpty())) << "the guard guards nothing";
    }
    World world;
    GetParam().arrange(world);
    world.run();
    EXPECT_THAT(world.panel.done, IsEmpty());
    EXPECT_THAT(world.panel.orders, IsEmpty());
    EXPECT_EQ(world.states(1), GetParam().want);
    EXPECT_EQ(world.journal.alarms.empty(), !GetParam().alarm);
    EXPECT_THAT(world.ledger.shelves.actions.begin()->second.detail, HasSubstr(GetParam().detail));
    EXPECT_THAT(world.ledger.shelves.effects, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    CarryOut, Guarded,
    testing::Values(
        // Mode.
        GuardCase{"own_mode", "test_mode_is_checked_twice",
                  [](World& w) { the_case(w), w.options.mode = Mode::observe; },
                  "terminate=observed", "own mode", false},
        GuardCase{"mode_of_the_case", "test_mode_is_checked_twice",
                  [](World& w) { the_case(w).mode = Mode::observe; }, "terminate=observed",
                  "opened in mode observe", false},
        // The case.
        GuardCase{"no_case", "enforcer_checks_the_case",
                  [](World& w) { the_case(w), w.ledger.shelves.cases.clear(); }, "terminate=dead",
                  "does not exist"},
        GuardCase{"released", "enforcer_checks_the_case",
                  [](World& w) { the_case(w).state = CaseState::released; }, "terminate=dead",
                  "its case is released"},
        GuardCase{"reinstated", "enforcer_checks_the_case",
                  [](World& w) { the_case(w).state = CaseState::reinstated; }, "terminate=dead",
                  "its case is reinstated"},
        GuardCase{"asserted", "enforcer_checks_the_case",
                  [](World& w) { the_case(w).strength = Strength::asserted; }, "terminate=dead",
                  "is asserted"},
        GuardCase{"unknown", "enforcer_checks_the_case",
                  [](World& w) { the_case(w).strength = Strength::unknown; }, "terminate=dead",
                  "is unknown"},
        GuardCase{"another_service", "enforcer_checks_the_case",
                  [](World& w) {
                      the_case(w);
                      auto& action = the_action(w);
                      action.service.id = *ServiceId::parse("svc-b");
                      action.target = "svc-b";
                  },
                  "terminate=dead", "another service"},
        GuardCase{"another_target", "enforcer_checks_the_case",
                  [](World& w) { the_case(w), the_action(w).target = "svc-b"; }, "terminate=dead",
                  "target"},
        GuardCase{"F11_empty_target", "enforcer_checks_the_case",
                  [](World& w) { the_case(w), the_action(w).target = ""; }, "terminate=dead",
                  "target"},
        GuardCase{"F11_everything", "enforcer_checks_the_case",
                  [](World& w) { the_case(w), the_action(w).target = "*"; }, "terminate=dead",
                  "target"},
        GuardCase{"review", "enforcer_checks_the_case",
                  [](World& w) { the_case(w).path = "review"; }, "terminate=dead", "path review"},
        GuardCase{"compromised", "enforcer_checks_the_case",
                  [](World& w) { the_case(w).path = "compromised"; }, "terminate=dead",
                  "path compromised"},
        GuardCase{"kind_not_of_the_path", "enforcer_checks_the_case",
                  [](World& w) {
                      the_case(w);
                      w.options.paths = {{"zero_tolerance", {K::notify_team}}};
                  },
                  "terminate=dead", "path zero_tolerance has no such action"},
        GuardCase{"path_unknown", "enforcer_checks_the_case",
                  [](World& w) {
                      the_case(w);
                      w.options.paths = {{"other", {K::service_terminate}}};
                  },
                  "terminate=dead", "has no such action"},
        GuardCase{"undo_without_act", "enforcer_checks_the_case",
                  [](World& w) {
                      the_case(w);
                      the_action(w).direction = Direction::undo;
                      w.panel.world["service.terminate svc-a"] = "terminated";
                  },
                  "undo-terminate=dead", "no act"},
        GuardCase{"undo_of_an_open_case", "enforcer_checks_the_case",
                  [](World& w) {
                      auto& record = the_case(w);
                      the_action(w).state = ActionState::verified;
                      auto& undo = w.plan(record, K::service_terminate);
                      const auto id = action_id(record.id, Direction::undo, undo.kind, "svc-a", 0);
                      auto copy = undo;
                      copy.id = id;
                      copy.direction = Direction::undo;
                      w.ledger.shelves.actions.clear();
                      w.ledger.shelves.actions[id] = copy;
                      auto act = copy;
                      act.id = *ActionId::parse(std::string(64, 'f'));
                      act.direction = Direction::act;
                      act.state = ActionState::verified;
                      w.ledger.shelves.actions[act.id] = act;
                      w.panel.world["service.terminate svc-a"] = "terminated";
                  },
                  "undo-terminate=dead terminate=verified", "its case is open"},
        // The directory.
        GuardCase{"protected", "protected_is_checked_twice",
                  [](World& w) { the_case(w), w.directory.rows[0].is_protected = true; },
                  "terminate=waiting", "protected"},
        GuardCase{"G17_another_creation", "creation_time_counts",
                  [](World& w) { the_case(w), w.directory.rows[0].created += 1h; },
                  "terminate=waiting", "newer service"},
        GuardCase{"G16_stale", "directory_must_be_fresh",
                  [](World& w) {
                      the_case(w);
                      *w.directory.imported -= limits::directory_age_max + 1ms;
                  },
                  "terminate=waiting", "was imported at"},
        // The budget.
        GuardCase{"budget_none", "budget_is_checked_twice",
                  [](World& w) { the_case(w), w.options.budgets.actions_per_hour = 0; },
                  "terminate=waiting", "0 actions within an hour, of 0"},
        GuardCase{"budget_negative", "budget_is_checked_twice",
                  [](World& w) { the_case(w), w.options.budgets.actions_per_hour = -1; },
                  "terminate=waiting", "of -1"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Guarded, a_case_of_somebody_else_does_not_lend_itself) {
    World world;
    world.open_case(1, "svc-a", {K::service_terminate});
    auto& action = the_action(world);
    action.service = {*ServiceId::parse("svc-c"), created};
    action.account = *AccountId::parse("acc-2");
    action.target = "svc-c";
    world.run();
    EXPECT_THAT(world.panel.done, IsEmpty());
    EXPECT_EQ(world.states(1), "terminate=dead");
}

TEST(Guarded, a_second_action_of_a_kind_is_refused) {
    World world;
    the_case(world);
    world.run();
    world.panel.world.clear();  // so that the state outside would not stop it
    auto copy = the_action(world);
    copy.id = *ActionId::parse(std::string(64, 'f'));
    copy.generation = 7;
    copy.state = ActionState::due;
    copy.attempts = 0;
    world.ledger.shelves.actions[copy.id] = copy;
    world.run();
    EXPECT_EQ(world.ledger.shelves.actions[copy.id].state, ActionState::dead);
    EXPECT_EQ(world.panel.most_effects(), 1);
}

struct DirectoryCase {
    const char* name;
    std::function<void(World&)> arrange;
    const char* want;
    friend std::ostream& operator<<(std::ostream& out, const DirectoryCase& row) {
        return out << row.name;
    }
};

class DirectoryLook : public testing::TestWithParam<DirectoryCase> {};

TEST_P(DirectoryLook, keeps_the_hook_from_running) {
    World world;
    world.open_case(1, "svc-a", {K::account_suspend});
    GetParam().arrange(world);
    world.run();
    EXPECT_THAT(world.panel.orders, IsEmpty());
    EXPECT_EQ(world.states(1), GetParam().want);
    EXPECT_THAT(world.journal.alarms, Not(IsEmpty()));
}

INSTANTIATE_TEST_SUITE_P(
    CarryOut, DirectoryLook,
    testing::Values(
        DirectoryCase{"gone", [](World& w) { w.directory.rows.clear(); }, "suspend=waiting"},
        DirectoryCase{"moved",
                      [](World& w) { w.directory.rows[0].account = *AccountId::parse("acc-9"); },
                      "suspend=waiting"},
        DirectoryCase{"never_imported", [](World& w) { w.directory.imported.reset(); },
                      "suspend=waiting"},
        DirectoryCase{"unreadable_now", [](World& w) { w.directory.unreadable = true; },
                      "suspend=due"},
        // Suspending an account reaches all its services.
        DirectoryCase{"F16_sister_is_protected",
                      [](World& w) { w.directory.rows[1].is_protected = true; },
                      "suspend=waiting"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Budget, F10_stops_a_runaway_with_one_alarm) {
    World world;
    world.options.budgets.actions_per_hour = 3;
    world.directory.rows.clear();
    for (int i = 1; i <= 9; ++i) {
        const auto name = std::to_string(i);
        world.directory.rows.push_back(service("svc-" + name, "acc-" + name));
        world.open_case(i, "svc-" + name, {K::service_terminate, K::notify_team});
    }
    world.run_to_the_end();
    EXPECT_EQ(world.panel.effects.size(), 3U + 9U);
    EXPECT_EQ(std::ranges::count(world.journal.alarms, "breaker_opened"), 1);
}

TEST(Budget, spent_needs_a_person_who_closes_the_breaker_however_long_it_takes) {
    World world;
    world.options.budgets.actions_per_hour = 1;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.open_case(2, "svc-c", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(1) + " " + world.states(2), "terminate=verified terminate=waiting");
    world.clock.pass(30min);
    ASSERT_TRUE(world.decide(2, Decision::reject).has_value());
    world.run();
    EXPECT_EQ(world.states(2), "terminate=due");
    world.clock.pass(2h);
    world.directory.imported = world.clock.now();
    world.run();
    EXPECT_EQ(world.states(2), "terminate=due") << "the breaker is sticky";
    world.reset_breaker();
    world.clock.pass(2min);
    world.run();
    EXPECT_EQ(world.states(2), "terminate=verified");
}

TEST(Budget, counts_anew_once_the_breaker_was_closed) {
    World world;
    world.options.budgets.actions_per_hour = 1;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.open_case(2, "svc-c", {K::service_terminate});
    world.run();
    ASSERT_TRUE(world.ledger.shelves.breaker.open);
    EXPECT_EQ(world.ledger.shelves.breaker.cause, "enforcer.actions_per_hour");
    world.clock.pass(1min);
    world.reset_breaker();
    world.clock.pass(1min);
    world.open_case(3, "svc-b", {K::service_terminate});
    world.run();
    EXPECT_EQ(world.states(2) + " " + world.states(3), "terminate=waiting terminate=verified")
        << "what waits needs its own decision; what is new has the whole budget";
}

TEST(Budget, stopped_lets_go_of_the_service_that_it_held) {
    World world;
    world.options.budgets.actions_per_hour = 0;
    world.open_case(1);
    EXPECT_EQ(world.service_standing(), Standing::held);
    world.run();
    EXPECT_EQ(world.states(1), "terminate=waiting suspend=waiting team=done");
    EXPECT_EQ(world.service_standing(), Standing::active);
}

TEST(Budget, of_a_young_rule_is_half) {
    World world;
    world.options.budgets.actions_per_rule = 2;
    world.options.rules_are_young = 24h;
    const auto now = world.clock.now();
    world.ledger.shelves.rule_ages["OLD"] = {Digest{}, now - 25h};
    world.ledger.shelves.rule_ages["YOUNG"] = {Digest{}, now - 23h};
    const auto found = [](const char* rule) { return Findings{{Family::rules, rule, 5000, ""}}; };
    world.open_case(1, "svc-a", {K::service_terminate}).verdict.findings = found("OLD");
    world.open_case(2, "svc-b", {K::service_terminate}).verdict.findings = found("OLD");
    world.run();
    EXPECT_FALSE(world.ledger.shelves.breaker.open);
    world.open_case(3, "svc-c", {K::service_terminate}).verdict.findings = found("YOUNG");
    world.run();
    EXPECT_FALSE(world.ledger.shelves.breaker.open);
    world.open_case(4, "svc-c", {K::credential_reset}).verdict.findings = found("YOUNG");
    world.run();
    EXPECT_EQ(world.ledger.shelves.breaker.cause, "enforcer.actions_per_rule");
    EXPECT_EQ(world.panel.done.size(), 3U);
}

TEST(Budget, is_not_spent_again_by_a_retry) {
    World world;
    world.options.budgets.actions_per_hour = 1;
    world.panel.moods = {Panel::Mood::retries, Panel::Mood::retries};
    world.open_case(1, "svc-a", {K::service_terminate});
    world.run_to_the_end();
    EXPECT_EQ(world.states(1), "terminate=verified");
    EXPECT_EQ(world.ledger.shelves.effects.size(), 1U);
}

TEST(Budget, is_not_believed_from_the_outbox) {
    World world;
    world.options.budgets.actions_per_hour = 1;
    world.open_case(1, "svc-a", {K::service_terminate});
    world.open_case(2, "svc-c", {K::service_terminate});
    for (auto& [id, action] : world.ledger.shelves.actions) action.attempts = 1;
    world.run();
    EXPECT_EQ(world.panel.done.size(), 1U);
}

TEST(Exempt, notices_and_mail_need_neither_directory_nor_budget) {
    World world;
    world.options.budgets.actions_per_hour = 0;
    auto& record = world.open_case(1, "svc-a", {K::notify_team});
    record.held = {{"4XyZ12", world.clock.now(), true}};
    record.state = CaseState::released;
    world.plan(record, K::queue_release, "4XyZ12");
    world.directory.rows.clear();
    world.directory.imported.reset();
    world.run();
    EXPECT_EQ(world.states(1), "team=done release=verified");
}

struct QueueCase {
    const char* name;
    K kind;
    CaseState state;
    std::string queue_id;
    bool runs;
    friend std::ostream& operator<<(std::ostream& out, const QueueCase& row) {
        return out << row.name;
    }
};

class Queue : public testing::TestWithParam<QueueCase> {};

TEST_P(Queue, is_touched_only_for_mail_of_the_case) {
    World world;
    auto& record = world.open_case(1, "svc-a", {});
    record.held = {{"4XyZ12", world.clock.now(), true}, {"-r ALL", world.clock.now(), true}};
    record.state = GetParam().state;
    world.plan(record, GetParam().kind, GetParam().queue_id);
    world.run();
    EXPECT_EQ(!world.panel.done.empty(), GetParam().runs) << world.states(1);
}

INSTANTIATE_TEST_SUITE_P(
    CarryOut, Queue,
    testing::Values(
        QueueCase{"release", K::queue_release, CaseState::released, "4XyZ12", true},
        QueueCase{"delete", K::queue_delete, CaseState::rejected, "4XyZ12", true},
        QueueCase{"release_open", K::queue_release, CaseState::open, "4XyZ12", false},
        QueueCase{"release_rejected", K::queue_release, CaseState::rejected, "4XyZ12", false},
        QueueCase{"delete_open", K::queue_delete, CaseState::open, "4XyZ12", false},
        QueueCase{"delete_released", K::queue_delete, CaseState::released, "4XyZ12", false},
        QueueCase{"other_mail", K::queue_delete, CaseState::rejected, "4AAAA1", false},
        QueueCase{"all_mail", K::queue_delete, CaseState::rejected, "ALL", false},
        QueueCase{"option", K::queue_delete, CaseState::rejected, "-r ALL", false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(ForgedOrder, behind_one_of_the_far_future_runs_no_sooner) {
    World world;
    world.open_case(1);
    world.action(1, K::service_terminate).due += 24h;
    EXPECT_EQ(world.run(), 2U);
    EXPECT_THAT(world.panel.orders, IsEmpty());
    EXPECT_EQ(world.action(1, K::account_suspend).due, world.clock.now() + 24h);
    EXPECT_EQ(world.run(), 0U);
}

}  // namespace
}  // namespace bailiff
