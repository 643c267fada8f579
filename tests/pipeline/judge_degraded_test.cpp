// The ledger slow, silent or away; the clock wrong; the same mail again and again.
#include <bailiff/limits.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipeline/judge_world.hpp"

namespace bailiff::judging {
namespace {

using namespace std::chrono_literals;

const std::string shop = "shop@shop.example";
const auto shop_service = service("shop", "", "");
constexpr auto proceed = Reply::Kind::proceed;
constexpr auto reject = Reply::Kind::reject;
constexpr auto tempfail = Reply::Kind::tempfail;
constexpr auto hold = Reply::Kind::hold;

void say(World& world, Findings findings) {
    world.snapshots.replace(std::make_shared<const Snapshot>(Snapshot{
        settings(Mode::enforce), std::make_shared<FixedRules>(std::move(findings)), "d", {}}));
}

TEST(ReplyUnknown, is_marked_and_nothing_is_enforced_by_it_alone) {  // fault A08
    World world(settings(Mode::enforce), spam, more_spam);
    world.ledger.gives_up = true;
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, tempfail);
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_TRUE(is_reply_unknown(world.cases()[0]));
    EXPECT_EQ(world.cases()[0].path, "zero_tolerance");
    EXPECT_TRUE(world.actions().empty()) << "they wait";
    EXPECT_EQ(world.standing(shop_service), Standing::active);
    EXPECT_EQ(world.woken, 0);
}

TEST(ReplyUnknown, ends_when_the_retry_is_answered) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.ledger.gives_up = true;
    (void)world.judge.judge(by_login(shop));
    world.ledger.gives_up = false;
    const auto reply = world.judge.judge(by_login(shop));
    EXPECT_EQ(reply.kind, reject);
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_THAT(reply.text, testing::HasSubstr(world.cases()[0].id.text()));
    EXPECT_FALSE(is_reply_unknown(world.cases()[0]));
    EXPECT_EQ(world.actions().size(), 2U);
    EXPECT_EQ(world.standing(shop_service), Standing::held);
    EXPECT_EQ(world.woken, 1);
    (void)world.judge.judge(by_login(shop));
    EXPECT_EQ(world.actions().size(), 2U) << "once";
    EXPECT_EQ(world.woken, 1);
}

TEST(ReplyUnknown, is_not_ended_by_mail_that_confirms_nothing) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.ledger.gives_up = true;
    (void)world.judge.judge(by_login(shop));
    world.ledger.gives_up = false;
    say(world, {});
    world.rspamd.delay = limits::judge_wait_max + 1ms;  // late: review only, and joins
    say(world, spam);
    (void)world.judge.judge(by_login(shop));
    EXPECT_TRUE(world.actions().empty());
    EXPECT_EQ(world.standing(shop_service), Standing::active);
}

TEST(Late, counts_the_time_until_the_writer_comes_to_it) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.rspamd.delay = limits::judge_wait_max - 1s;
    world.ledger.before_change = [&] { world.clock.pass(2s); };
    EXPECT_EQ(world.judge.judge(by_login(shop)).kind, reject);
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_TRUE(world.cases()[0].verdict.late);
    EXPECT_EQ(world.cases()[0].path, "review");
    EXPECT_TRUE(world.actions().empty());
    EXPECT_EQ(world.standing(shop_service), Standing::active);
}

TEST(Late, is_not_said_of_what_was_in_time) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.rspamd.delay = limits::judge_wait_max - 3s;
    world.ledger.before_change = [&] { world.clock.pass(2s); };
    (void)world.judge.judge(by_login(shop));
    EXPECT_FALSE(world.cases()[0].verdict.late);
    EXPECT_EQ(world.cases()[0].path, "zero_tolerance");
}

TEST(SilentLedger, sets_free_nothing_that_it_has_stopped) {
    World world(settings(Mode::enforce), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    say(world, {});
    world.ledger.silent = world.ledger.broken = true;
    EXPECT_EQ(world.judge.admit(by_login(shop).envelope).kind, tempfail);
    EXPECT_EQ(world.judge.judge(by_uid(33001, "An honest form")).kind, hold);
    EXPECT_EQ(world.judge.judge(by_login("blog@blog.example", "Spam to rspamd")).kind, tempfail);
}

TEST(SilentLedger, lets_clean_mail_of_everybody_else_go) {
    World world(settings(Mode::enforce), spam, {});
    (void)world.judge.judge(by_login(shop));
    say(world, {});
    world.ledger.silent = world.ledger.broken = true;
    EXPECT_EQ(world.judge.judge(by_login("blog@blog.example", "Honest")).kind, proceed);
    EXPECT_EQ(world.judge.admit(by_login("blog@blog.example").envelope).kind, proceed);
    EXPECT_EQ(world.judge.counts().unread, 2U);
    EXPECT_EQ(std::ranges::count(world.journal.alarms, "standing_unreadable"), 1);
}

TEST(SilentLedger, forgets_what_a_person_has_lifted) {
    World world(settings(Mode::enforce), spam, more_spam);
    (void)world.judge.judge(by_login(shop));
    world.set_case_state(world.cases()[0].id, CaseState::reinstated);
    EXPECT_EQ(world.judge.admit(by_login(shop).envelope).kind, proceed);
    world.ledger.silent = true;
    EXPECT_EQ(world.judge.admit(by_login(shop).envelope).kind, proceed);
}

TEST(FullLedger, alarms_once_until_something_is_recorded_again) {
    World world(settings(Mode::enforce), spam, {});
    world.ledger.broken = true;
    for (int n = 0; n < 5; ++n) (void)world.judge.judge(by_login(shop));
    EXPECT_EQ(std::ranges::count(world.journal.alarms, "not_recorded"), 1);
    world.ledger.broken = false;
    (void)world.judge.judge(by_login(shop));
    world.ledger.broken = true;
    (void)world.judge.judge(by_login(shop));
    EXPECT_EQ(std::ranges::count(world.journal.alarms, "not_recorded"), 2);
}

/// Ten tries of one mail, each under a queue id of its own, as the local door makes them.
void offer_ten_times(World& world, const std::string& text) {
    for (int n = 0; n < 10; ++n) {
        auto mail = by_uid(33002, text);
        mail.envelope.queue_id = "4jQ" + std::to_string(n) + text.substr(4);
        mail.raw = "Message-ID: <1." + mail.envelope.queue_id + "@node>\r\n" + mail.raw;
        (void)world.judge.judge(mail);
        world.clock.pass(60s);
    }
}

TEST(Retry, of_one_mail_ten_times_counts_once_in_the_rates) {  // fault A09
    auto with = settings(Mode::enforce);
    with.behaviour.messages_per_hour = 1;
    with.behaviour.score = 7000;
    World world(with, {}, {});
    offer_ten_times(world, "An order");
    EXPECT_EQ(world.judge.counts().verdicts[0], 10U);
    (void)world.judge.judge(by_uid(33002, "Another"));
    EXPECT_EQ(world.judge.counts().verdicts[0], 10U) << "the second message is above the line";
}

TEST(Retry, of_one_mail_ten_times_counts_once_in_its_case) {
    World world(settings(Mode::enforce), spam, {});
    offer_ten_times(world, "Buy now");
    offer_ten_times(world, "Buy later");
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.cases()[0].messages, 2U);
    EXPECT_EQ(world.cases()[0].held.size(), 20U) << "what stands in the queue is listed";
    EXPECT_EQ(world.cases()[0].path, "review");
}

TEST(Retry, of_a_tempfailed_mail_counts_once_when_it_can_be_recorded) {
    World world(settings(Mode::enforce), spam, more_spam);
    world.ledger.broken = true;
    offer_ten_times(world, "Buy now");
    world.ledger.broken = false;
    offer_ten_times(world, "Buy now");
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.cases()[0].messages, 1U);
    EXPECT_EQ(world.actions().size(), 1U);
}

TEST(Clock, that_is_behind_the_directory_punishes_nobody) {  // fault E15
    World world(settings(Mode::enforce), spam, more_spam);
    world.clock.instant -= 24h * 365;
    (void)world.judge.judge(by_login(shop));
    ASSERT_EQ(world.cases().size(), 1U);
    EXPECT_EQ(world.cases()[0].path, "review");
    EXPECT_TRUE(world.actions().empty());
}

}  // namespace
}  // namespace bailiff::judging
