// What the judge makes of a sender's past: strikes, probation, habits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/pipeline/judge.hpp"
#include "tests/pipeline/judge_world.hpp"

namespace bailiff::judging {
namespace {

using namespace std::chrono_literals;

const std::string shop = "shop@shop.example";
const Findings suspect{{Family::rules, "ODD", 3500, "looks odd"}};

Submission numbered(int number) {
    auto submission = by_login(shop, "Offer " + std::to_string(number));
    submission.envelope.queue_id = "4jQUEUE" + std::to_string(number);
    return submission;
}

void put_standing(World& world, const StandingRow& row) {
    ASSERT_TRUE(world.ledger.update(
        [&](LedgerTxn& txn) { return txn.put_standing(service("shop", "", "").ref(), row); }));
}

TEST(JudgePolicy, makes_a_case_of_so_many_suspect_messages_and_stops_none) {
    auto with = settings(Mode::enforce);
    with.policy.strikes = 3;
    World world(with, suspect, {});
    for (int i = 0; i < 6; ++i) {
        EXPECT_EQ(world.judge.judge(numbered(i)).kind, Reply::Kind::proceed) << i;
        EXPECT_EQ(world.cases().size(), i < 2 ? 0U : 1U) << i;
    }
    EXPECT_EQ(world.cases()[0].path, "review");
    EXPECT_EQ(world.cases()[0].messages, 2U);
    EXPECT_EQ(world.standing(service("shop", "", "")), Standing::active);
}

TEST(JudgePolicy, counts_a_retry_as_no_further_strike) {
    auto with = settings(Mode::enforce);
    with.policy.strikes = 2;
    World world(with, suspect, {});
    for (int i = 0; i < 4; ++i) (void)world.judge.judge(numbered(1));
    EXPECT_TRUE(world.cases().empty());
}

TEST(JudgePolicy, lets_no_strike_through_a_stopped_service) {
    auto with = settings(Mode::enforce);
    with.policy.strikes = 1;
    World world(with, suspect, {});
    put_standing(world, {Standing::held, *CaseId::parse("B0000000000000001"), world.clock.now()});
    EXPECT_EQ(world.judge.judge(numbered(1)).kind, Reply::Kind::reject);
}

TEST(JudgePolicy, holds_a_reinstated_service_to_lower_lines_until_its_probation_ends) {
    // 60 % of 5.0 and of 4.0 points.
    World world(settings(Mode::enforce), {{Family::rules, "R", 3000, ""}},
                {{Family::rspamd, "S", 2400, ""}});
    const auto level = [&](Instant probation_until) {
        put_standing(world, {Standing::active, {}, {}, probation_until});
        return world.judge.consider(numbered(1)).verdict.level;
    };
    const auto now = numbered(1).envelope.received;
    EXPECT_EQ(level({}), Level::suspect);
    EXPECT_EQ(level(now + 1ms), Level::confirmed);
    EXPECT_EQ(level(now), Level::suspect);
}

TEST(JudgePolicy, keeps_the_probation_of_a_service_that_is_held_again) {
    World world(settings(Mode::enforce), spam, more_spam);
    const auto until = numbered(1).envelope.received + 24h;
    put_standing(world, {Standing::active, {}, {}, until});
    (void)world.judge.judge(numbered(1));
    StandingRow row;
    ASSERT_TRUE(world.ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(row, view.standing(service("shop", "", "").ref()));
        return {};
    }));
    EXPECT_EQ(row.standing, Standing::held);
    EXPECT_EQ(row.probation_until, until);
}

TEST(JudgePolicy, takes_a_login_from_many_networks_for_a_stolen_one) {
    World world(settings(Mode::enforce), spam, more_spam);
    std::string path;
    for (int network = 1; network <= 6; ++network) {
        auto submission = numbered(network);
        submission.envelope.client_address = "192.0." + std::to_string(network) + ".9";
        path = world.judge.consider(submission).plan.path;
        // The service is of 2024, settled: three are enough.
        EXPECT_EQ(path, network < 3 ? "zero_tolerance" : "compromised") << network;
    }
}

TEST(JudgePolicy, knows_no_habits_of_who_did_not_log_in) {
    World world(settings(Mode::enforce), spam, more_spam);
    EXPECT_FALSE(world.judge.consider(by_uid(33002)).habits);
    EXPECT_TRUE(world.judge.consider(numbered(1)).habits);
}

TEST(JudgeBudget, is_not_spent_by_a_service_that_stands_held_already) {
    auto with = settings(Mode::enforce);
    with.milter.holds_per_hour = 0;  // the next hold opens the breaker
    World world(with, spam, more_spam);
    put_standing(world, {Standing::held, *CaseId::parse("B0000000000000001"), world.clock.now()});
    EXPECT_EQ(world.judge.judge(numbered(1)).kind, Reply::Kind::reject);
    EXPECT_FALSE(world.breaker().open);
    EXPECT_EQ(world.judge.judge(by_login("blog@blog.example")).kind, Reply::Kind::reject);
    EXPECT_TRUE(world.breaker().open);
}

}  // namespace
}  // namespace bailiff::judging
