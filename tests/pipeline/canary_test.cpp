// Rules that are only tried change nothing, and what they would change is told.
#include "src/pipeline/canary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/pipeline/judge_world.hpp"

namespace bailiff {
namespace {

using namespace judging;

/// Takes its time, or fails.
class Troublesome final : public Inspector {
public:
    Troublesome(StillClock& clock, std::chrono::milliseconds takes, bool fails = false)
        : clock_(clock), takes_(takes), fails_(fails) {}
    [[nodiscard]] Findings inspect(const Submission&, const Message&) const override {
        if (fails_) throw std::runtime_error("a rule set of ill will");
        clock_.steady_instant += takes_;
        return {};
    }

private:
    StillClock& clock_;
    std::chrono::milliseconds takes_;
    bool fails_;
};

struct Tried {
    World world;
    Canary canary{world.clock};
    Judge judge;

    Tried(Findings rules, Findings remote, Mode mode = Mode::enforce)
        : world(settings(mode), std::move(rules), std::move(remote)),
          judge({.snapshots = world.snapshots,
                 .directory = world.directory,
                 .ledger = world.ledger,
                 .counters = world.counters,
                 .rspamd = &world.rspamd,
                 .clock = world.clock,
                 .journal = world.journal,
                 .makers = {[this] { return new_case_id(world.entropy); }, action_id},
                 .wake_enforcer = {},
                 .canary = &canary}) {}

    void shadow(Findings findings) {
        canary.start(std::make_shared<FixedRules>(std::move(findings)), {});
    }
    Reply send(const std::string& login = "shop@shop.example") {
        return judge.judge(by_login(login, "letter " + std::to_string(++sent)));
    }
    int sent = 0;
};

std::size_t at(Level level) {
    return static_cast<std::size_t>(level);
}

TEST(Canary, a_rule_that_matches_everything_touches_nobody_and_names_whom_it_would_stop) {
    Tried tried({}, more_spam);  // rspamd alone: spam, and a case for review
    tried.shadow(spam);
    EXPECT_EQ(tried.send().kind, Reply::Kind::reject);
    const auto report = tried.canary.report();
    EXPECT_EQ(report.levels[at(Level::spam)][at(Level::confirmed)], 1U);
    EXPECT_EQ(report.holds_gained, 1U);
    EXPECT_EQ(report.hits.at("SPAMMY"), 1U);
    ASSERT_EQ(report.services.size(), 1U);
    EXPECT_EQ(report.services.begin()->first.id.text(), "shop");
    EXPECT_EQ(report.services.begin()->second.account.text(), "acct-shop");
    EXPECT_THAT(report.services.begin()->second.symbols, testing::ElementsAre("SPAMMY"));
    ASSERT_EQ(tried.world.cases().size(), 1U);
    EXPECT_EQ(tried.world.cases()[0].path, "review");
    EXPECT_EQ(tried.world.standing(service("shop", "", "")), Standing::active);
}

TEST(Canary, without_its_guard_it_holds_services) {
    setenv("BAILIFF_REMOVE_GUARD", "canary_has_no_effect", 1);
    Tried tried({}, more_spam);
    tried.shadow(spam);
    (void)tried.send();
    unsetenv("BAILIFF_REMOVE_GUARD");
    ASSERT_EQ(tried.world.cases().size(), 1U);
    EXPECT_EQ(tried.world.cases()[0].path, "zero_tolerance");
    EXPECT_EQ(tried.world.standing(service("shop", "", "")), Standing::held);
}

TEST(Canary, rules_that_find_less_are_told_as_lost_also_in_mode_observe) {
    Tried tried(spam, more_spam, Mode::observe);
    tried.shadow({});
    (void)tried.send();
    const auto report = tried.canary.report();
    EXPECT_EQ(report.holds_lost, 1U);
    EXPECT_EQ(report.stops_lost, 0U);  // rspamd alone still has it refused
    EXPECT_EQ(report.levels[at(Level::confirmed)][at(Level::spam)], 1U);
}

TEST(Canary, the_same_rules_change_nothing) {
    Tried tried(spam, more_spam);
    tried.shadow(spam);
    (void)tried.send("blog@blog.example");
    const auto report = tried.canary.report();
    EXPECT_EQ(report.messages, 1U);
    EXPECT_EQ(report.changed, 0U);
    EXPECT_TRUE(report.services.empty());
}

TEST(Canary, one_that_fails_is_counted_and_mail_goes_on) {
    Tried tried({}, {});
    tried.canary.start(
        std::make_shared<Troublesome>(tried.world.clock, std::chrono::milliseconds(0), true), {});
    EXPECT_EQ(tried.send().kind, Reply::Kind::proceed);
    EXPECT_EQ(tried.canary.report().errors, 1U);
    EXPECT_EQ(tried.canary.report().messages, 0U);
}

TEST(Canary, one_slow_message_switches_it_off) {
    Tried tried({}, {});
    const auto one = Canary::one_message_max;
    tried.canary.start(std::make_shared<Troublesome>(tried.world.clock, one), {});
    (void)tried.send();
    EXPECT_TRUE(tried.canary.runs());
    tried.canary.start(
        std::make_shared<Troublesome>(tried.world.clock, one + std::chrono::milliseconds(1)), {});
    (void)tried.send();
    EXPECT_FALSE(tried.canary.runs());
    EXPECT_EQ(tried.canary.too_slow(), "one message took 1001 ms");
    EXPECT_EQ(tried.canary.report().us_max, 1'001'000U);
    (void)tried.send();
    EXPECT_EQ(tried.canary.report().messages, 1U);
}

TEST(Canary, a_hundred_slowish_messages_switch_it_off) {
    Tried tried({}, {});
    tried.canary.start(std::make_shared<Troublesome>(
                           tried.world.clock, Canary::mean_max + std::chrono::milliseconds(1)),
                       {});
    for (std::size_t i = 0; i + 1 < Canary::mean_of; ++i) (void)tried.send();
    EXPECT_TRUE(tried.canary.runs());
    (void)tried.send();
    EXPECT_EQ(tried.canary.too_slow(), "the last 100 messages took 21 ms each");
}

TEST(Canary, the_list_of_services_is_bounded_and_keeps_the_newest) {
    CanaryReport full;
    const auto now = *parse_rfc3339("2026-05-01T00:00:00Z");
    for (std::size_t i = 0; i < CanaryReport::services_max; ++i)
        full.services[{*ServiceId::parse("s" + std::to_string(i)), now}].last =
            now + std::chrono::seconds(i);
    Tried tried({}, more_spam);
    tried.canary.start(std::make_shared<FixedRules>(spam), std::move(full));
    (void)tried.send();
    const auto report = tried.canary.report();
    EXPECT_EQ(report.services.size(), CanaryReport::services_max);
    EXPECT_EQ(report.unlisted, 1U);
    EXPECT_FALSE(report.services.contains({*ServiceId::parse("s0"), now}));
}

}  // namespace
}  // namespace bailiff
