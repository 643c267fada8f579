// Every combination of what the plan depends on, against the policy read plainly.
#include "src/enforce/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace bailiff {
namespace {

const std::array paths{
    PathSettings{"zero_tolerance", {ActionKind::service_terminate, ActionKind::account_suspend}},
    PathSettings{"compromised", {ActionKind::credential_reset}}};

struct Situation {
    Level level;
    Strength strength;
    bool is_protected, late;
    Mode mode;
    Door door;
    bool fresh;
};

constexpr std::array levels{Level::pass, Level::suspect, Level::spam, Level::confirmed};
constexpr std::array strengths{Strength::unknown, Strength::asserted, Strength::proven};
constexpr std::array doors{Door::unknown, Door::submission, Door::local};

std::vector<Situation> all_situations() {
    std::vector<Situation> all;
    for (std::size_t i = 0; i < 4U * 3 * 3 * 16; ++i)
        all.push_back({levels[i % 4], strengths[i / 4 % 3], (i / 36 & 1) != 0, (i / 36 & 2) != 0,
                       (i / 36 & 4) != 0 ? Mode::enforce : Mode::observe, doors[i / 12 % 3],
                       (i / 36 & 8) != 0});
    return all;
}

std::ostream& operator<<(std::ostream& out, const Situation& s) {
    return out << to_text(s.level) << ' ' << to_text(s.strength) << ' ' << to_text(s.mode) << ' '
               << to_text(s.door) << (s.is_protected ? " protected" : "") << (s.late ? " late" : "")
               << (s.fresh ? "" : " stale");
}

Plan plan_for(const Situation& s) {
    Verdict verdict;
    verdict.level = s.level;
    verdict.late = s.late;
    Attribution attribution;
    attribution.strength = s.strength;
    if (s.strength != Strength::unknown) attribution.service.emplace().is_protected = s.is_protected;
    return plan(verdict, attribution,
                {.mode = s.mode, .door = s.door, .directory_fresh = s.fresh, .paths = paths});
}

/// The policy in one sentence: only a confirmed, proven, timely verdict on an unprotected service
/// of a fresh directory runs a path.
bool may_punish(const Situation& s) {
    return s.level == Level::confirmed && s.strength == Strength::proven && !s.late && s.fresh &&
           !s.is_protected;
}

std::string path_of(const Situation& s) {
    if (s.level < Level::spam) return "";
    if (!may_punish(s)) return "review";
    return s.door == Door::local ? "compromised" : "zero_tolerance";
}

TEST(Plan, takes_the_path_of_the_policy_in_every_situation) {
    for (const auto& s : all_situations()) EXPECT_EQ(plan_for(s).path, path_of(s)) << s;
}

TEST(Plan, does_nothing_outside_in_mode_observe) {
    for (auto s : all_situations()) {
        s.mode = Mode::observe;
        const auto planned = plan_for(s);
        EXPECT_EQ(planned.reply, Reply::Kind::proceed) << s;
        EXPECT_FALSE(planned.hold_service) << s;
        EXPECT_EQ(planned.actions_state, ActionState::observed) << s;
    }
}

TEST(Plan, plans_actions_only_where_it_may_punish) {
    for (const auto& s : all_situations()) {
        const auto planned = plan_for(s);
        EXPECT_EQ(!planned.actions.empty(), may_punish(s)) << s;
        EXPECT_EQ(planned.hold_service, may_punish(s) && s.mode == Mode::enforce) << s;
    }
}

TEST(Plan, never_bounces_local_mail_and_never_refuses_the_unnamed) {
    for (const auto& s : all_situations()) {
        const auto reply = plan_for(s).reply;
        const bool may_reject = s.door == Door::submission && s.strength == Strength::proven;
        EXPECT_TRUE(reply != Reply::Kind::reject || may_reject) << s;
        EXPECT_NE(reply, Reply::Kind::tempfail) << s;
    }
}

TEST(Plan, lets_everything_below_spam_go_on) {
    for (const auto& s : all_situations())
        EXPECT_TRUE(s.level >= Level::spam || plan_for(s).reply == Reply::Kind::proceed) << s;
}

TEST(Plan, says_why) {
    for (const auto& s : all_situations())
        EXPECT_EQ(plan_for(s).reasons.empty(), s.level < Level::spam) << s;
}

TEST(Plan, of_a_path_set_to_observe_does_nothing) {
    auto observed = paths;
    observed[0].observe = true;
    Verdict verdict;
    verdict.level = Level::confirmed;
    Attribution attribution;
    attribution.strength = Strength::proven;
    attribution.service.emplace();
    const auto planned = plan(verdict, attribution,
                              {.mode = Mode::enforce, .door = Door::submission, .paths = observed});
    EXPECT_EQ(planned.reply, Reply::Kind::proceed);
    EXPECT_EQ(planned.actions_state, ActionState::observed);
}

}  // namespace
}  // namespace bailiff
