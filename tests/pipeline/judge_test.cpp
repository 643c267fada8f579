#include "src/pipeline/judge.hpp"

#include <bailiff/limits.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/pipeline/new_act.hpp"
#include "tests/pipeline/judge_world.hpp"

namespace bailiff::judging {
namespace {

const std::string shop = "shop@shop.example";
constexpr auto proceed = Reply::Kind::proceed;
constexpr auto reject = Reply::Kind::reject;
constexpr auto hold = Reply::Kind::hold;

TEST(Judge, lets_clean_mail_go_without_writing) {
    World world(settings(Mode::enforce), {}, {});
    world.ledger.broken = true;
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, proceed);
    EXPECT_EQ(world.judge.counts().verdicts[0], 1U);
}

TEST(Judge, refuses_confirmed_spam_and_records_case_actions_and_standing_first) {
    World world(settings(Mode::enforce), spam, more_spam);
    const auto reply = world.judge.judge(by_login(shop));
    EXPECT_EQ(reply.kind, reject);
    const auto cases = world.cases();
    ASSERT_EQ(cases.size(), 1U);
    EXPECT_EQ(cases[0].path, "zero_tolerance");
    EXPECT_THAT(reply.text, testing::HasSubstr(cases[0].id.text()));
    EXPECT_EQ(world.actions().size(), 2U);
    EXPECT_EQ(world.standing(service("shop", "", "")), Standing::held);
    EXPECT_EQ(world.woken, 1);
}

TEST(Judge, takes_confirmed_spam_of_the_local_door_as_a_compromise_and_holds_it) {
    World world(settings(Mode::enforce), spam, more_spam);
    EXPECT_EQ(world.judge.judge(by_uid(33002)).kind, hold);
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.cases()[0].path, "compromised");
    EXPECT_EQ(world.cases()[0].held.size(), 1U);
    ASSERT_EQ(world.actions().size(), 1U);
    EXPECT_EQ(world.actions()[0].kind, ActionKind::credential_reset);
}

TEST(Judge, refuses_at_mail_what_stands_held_and_nobody_else) {
    World world(settings(Mode::enforce), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    EXPECT_EQ(world.judge.admit(by_login(shop).envelope).kind, reject);
    EXPECT_EQ(world.judge.admit(by_login("blog@blog.example").envelope).kind, proceed);
    EXPECT_EQ(world.judge.admit(by_login("").envelope).kind, proceed);
}

TEST(Judge, holds_clean_local_mail_of_a_held_service_and_notes_it_in_the_case) {
    World world(settings(Mode::enforce), {spam[0], more_spam[0]}, {});
    (void)world.judge.judge(by_uid(33002));
    world.snapshots.replace(std::make_shared<const Snapshot>(
        Snapshot{settings(Mode::enforce), std::make_shared<FixedRules>(Findings{}), "d", {}}));
    auto clean = by_uid(33002, "An honest order");
    clean.envelope.queue_id = "4jQUEUEID2";
    EXPECT_EQ(world.judge.judge(clean).kind, hold);
    EXPECT_EQ(world.cases()[0].held.size(), 2U);
}

struct WayBack {
    ActionState state;
    std::uint32_t attempts;
    Reply::Kind want;
};

TEST(Judge, holds_no_mail_of_a_service_that_is_about_to_be_free) {
    for (const auto& back : {WayBack{ActionState::due, 0, Reply::Kind::tempfail},
                             WayBack{ActionState::running, 1, Reply::Kind::tempfail},
                             WayBack{ActionState::due, 2, Reply::Kind::hold},
                             WayBack{ActionState::dead, 1, Reply::Kind::hold}}) {
        World world(settings(Mode::enforce), {spam[0], more_spam[0]}, {});
        (void)world.judge.judge(by_uid(33002));
        world.snapshots.replace(std::make_shared<const Snapshot>(
            Snapshot{settings(Mode::enforce), std::make_shared<FixedRules>(Findings{}), "d", {}}));
        auto record = world.cases()[0];
        record.state = CaseState::released;
        ASSERT_TRUE(world.ledger.update([record, back](LedgerTxn& txn) -> Result<void> {
            auto undo = new_act(record, ActionKind::credential_reset);
            undo.id = action_id(record.id, Direction::undo, undo.kind, undo.target, 0);
            undo.direction = Direction::undo;
            undo.state = back.state;
            undo.attempts = back.attempts;
            BAILIFF_CHECK(txn.put_action(undo));
            return txn.put_case(record);
        }));
        auto clean = by_uid(33002, "An honest order");
        clean.envelope.queue_id = "4jQUEUEID3";
        EXPECT_EQ(world.judge.judge(clean).kind, back.want) << to_text(back.state);
        EXPECT_EQ(world.cases()[0].held.size(), back.want == Reply::Kind::hold ? 2U : 1U);
    }
}

TEST(Judge, stops_a_held_service_whatever_sender_or_address_it_shows) {
    World world(settings(Mode::enforce), {spam[0], more_spam[0]}, {});
    (void)world.judge.judge(by_login(shop));
    auto bounce = by_login(shop, "A bounce").envelope;
    bounce.mail_from.clear();
    EXPECT_EQ(world.judge.admit(bounce).kind, reject);
    auto form = by_uid(33001, "A form");
    form.envelope.mail_from.clear();
    EXPECT_EQ(world.judge.judge(form).kind, hold);
}

/// A reload in the middle of judging: from here on another snapshot is in force.
class ReloadingRules final : public Inspector {
public:
    explicit ReloadingRules(Snapshots& snapshots) : snapshots_(snapshots) {}
    [[nodiscard]] Findings inspect(const Submission&, const Message&) const override {
        snapshots_.replace(std::make_shared<const Snapshot>(
            Snapshot{settings(Mode::observe), std::make_shared<FixedRules>(Findings{}), "d", {}}));
        return {};
    }

private:
    Snapshots& snapshots_;
};

TEST(Judge, goes_by_one_snapshot_for_the_whole_message) {  // C06
    World world(settings(Mode::enforce), {spam[0], more_spam[0]}, {});
    (void)world.judge.judge(by_uid(33002));
    world.snapshots.replace(std::make_shared<const Snapshot>(Snapshot{
        settings(Mode::enforce), std::make_shared<ReloadingRules>(world.snapshots), "d", {}}));
    EXPECT_EQ(world.judge.judge(by_uid(33002, "An honest order")).kind, hold);
    EXPECT_EQ(world.judge.judge(by_uid(33002, "Another one")).kind, proceed);  // mode observe
}

TEST(Judge, joins_a_retry_to_its_case_and_starts_nothing_new) {
    World world(settings(Mode::enforce), spam, {});
    for (int i = 0; i < 10; ++i) (void)world.judge.judge(by_login(shop));
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.cases()[0].messages, 1U);
    EXPECT_EQ(world.cases()[0].events.size(), 10U);
    EXPECT_EQ(world.cases()[0].path, "review");
}

TEST(Judge, seals_files_for_a_case_of_its_own_only) {
    World world(settings(Mode::enforce), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    const int of_one_case = world.sealed;
    EXPECT_EQ(of_one_case, 3);  // message, recipients, parts
    for (int more = 0; more < 5; ++more) (void)world.judge.judge(by_login(shop));
    EXPECT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.sealed, of_one_case) << "what joins is kept by nobody";
}

/// The case that it was to join is ended while its change is queued.
TEST(Judge, seals_files_after_all_where_there_is_nothing_to_join_any_more) {
    World world(settings(Mode::enforce), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    const auto first = world.cases().at(0).id;
    world.ledger.before_change = [&] {
        world.ledger.before_change = nullptr;
        world.set_case_state(first, CaseState::reinstated);
    };
    const auto reply = world.judge.judge(by_login(shop));
    EXPECT_EQ(reply.kind, Reply::Kind::reject);
    ASSERT_EQ(world.cases().size(), 2U);
    EXPECT_EQ(world.sealed, 6);  // message, recipients, parts: of each
    for (const auto& record : world.cases())
        EXPECT_TRUE(world.ledger.read([&](const LedgerView& view) -> Result<void> {
            EXPECT_EQ(sha256(view.message(record.id).value()), record.message_digest);
            EXPECT_EQ(view.exhibits(record.id, 0)->size(), 5U);
            return {};
        }));
}

TEST(Judge, opens_a_harsher_case_beside_an_open_review) {
    World world(settings(Mode::enforce), spam, {});
    (void)world.judge.judge(by_login(shop));
    world.snapshots.replace(std::make_shared<const Snapshot>(
        Snapshot{settings(Mode::enforce),
                 std::make_shared<FixedRules>(Findings{spam[0], more_spam[0]}),
                 "d",
                 {}}));
    (void)world.judge.judge(by_login(shop));
    EXPECT_EQ(world.cases().size(), 2U);
    EXPECT_EQ(world.actions().size(), 2U);
}

TEST(Judge, lets_a_mail_go_that_a_person_has_released) {
    World world(settings(Mode::enforce), spam, {});
    (void)world.judge.judge(by_login(shop));
    world.set_case_state(world.cases()[0].id, CaseState::released);
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, proceed);
    EXPECT_EQ(world.judge.judge(by_login(shop, "Other spam")).kind, reject);
}

TEST(Judge, opens_a_new_case_for_the_same_spam_after_reinstatement) {
    World world(settings(Mode::enforce), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    world.set_case_state(world.cases()[0].id, CaseState::reinstated);
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, reject);
    EXPECT_EQ(world.cases().size(), 2U);
}

TEST(Judge, records_and_does_nothing_in_mode_observe) {
    World world(settings(Mode::observe), spam, more_spam);
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, proceed);
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.cases()[0].mode, Mode::observe);
    EXPECT_TRUE(world.actions().empty());
    EXPECT_EQ(world.standing(service("shop", "", "")), Standing::active);
}

TEST(Judge, does_not_join_a_case_of_the_days_of_observing) {
    World world(settings(Mode::observe), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    world.snapshots.replace(std::make_shared<const Snapshot>(
        Snapshot{settings(Mode::enforce), std::make_shared<FixedRules>(spam), "d", {}}));
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, reject);
    EXPECT_EQ(world.actions().size(), 2U);
}

TEST(Judge, holds_spam_of_the_unnamed_for_review) {
    World world(settings(Mode::enforce), spam, more_spam);
    EXPECT_EQ(world.judge.judge(by_login("")).kind, hold);
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_TRUE(world.cases()[0].service.id.empty());
    EXPECT_EQ(world.cases()[0].path, "review");
    EXPECT_TRUE(world.actions().empty());
}

TEST(Judge, falls_back_to_4xx_or_hold_when_nothing_can_be_recorded) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.ledger.broken = true;
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, Reply::Kind::tempfail);
    EXPECT_EQ(world.judge.judge(by_uid(33002)).kind, hold);
    EXPECT_EQ(world.judge.counts().unrecorded, 2U);
    EXPECT_THAT(world.journal.alarms, testing::Contains("not_recorded"));
    world.ledger.broken = false;
    EXPECT_TRUE(world.cases().empty());
}

TEST(Judge, puts_no_more_services_to_held_than_its_budget_allows) {
    std::vector<Service> many;
    for (int i = 0; i < 30; ++i)
        many.push_back(service(("s" + std::to_string(i)).c_str(),
                               ("u" + std::to_string(i) + "@x.example").c_str(),
                               std::to_string(40000 + i).c_str()));
    World world(settings(Mode::enforce), spam, more_spam, many);
    for (int i = 0; i < 30; ++i)
        (void)world.judge.judge(by_login("u" + std::to_string(i) + "@x.example"));
    std::size_t held = 0;
    for (const auto& one : many) held += world.standing(one) == Standing::held ? 1 : 0;
    EXPECT_EQ(held, 20U);
    EXPECT_EQ(world.cases().size(), 30U);
    EXPECT_EQ(world.actions().size(), 40U);
    EXPECT_EQ(std::ranges::count(world.journal.alarms, "breaker_opened"), 1);
    const auto breaker = world.breaker();
    EXPECT_TRUE(breaker.open);
    EXPECT_EQ(breaker.cause, "milter.holds_per_hour");
}

TEST(Judge, marks_a_slow_verdict_late_and_punishes_nobody) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.rspamd.delay = limits::judge_wait_max + std::chrono::milliseconds(1);
    (void)world.judge.judge(by_login(shop));
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_TRUE(world.cases()[0].verdict.late);
    EXPECT_EQ(world.cases()[0].path, "review");
    EXPECT_TRUE(world.actions().empty());
}

}  // namespace
}  // namespace bailiff::judging
