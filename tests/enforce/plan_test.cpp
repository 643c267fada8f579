// Every combination of what the plan depends on, against the policy read plainly.
#include "src/enforce/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>

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
    if (s.strength != Strength::unknown)
        attribution.service.emplace().is_protected = s.is_protected;
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

const std::array all_paths{PathSettings{"zero_tolerance", {ActionKind::service_terminate}},
                           PathSettings{"compromised", {ActionKind::credential_reset}},
                           PathSettings{"suspend", {ActionKind::service_suspend}},
                           PathSettings{"prohibited_content", {ActionKind::service_suspend}}};

struct Choosing {
    std::string name;
    Door door;
    std::optional<Habits> habits;
    int age_days;
    std::string path_of_plan;
    std::string symbol;
    std::string path;
};
std::ostream& operator<<(std::ostream& out, const Choosing& row) {
    return out << row.name;
}

const Habits quiet{.networks_hour = 1, .messages_hour = 3, .usual_hour = 3, .days_known = 9};
Habits many_networks(std::uint32_t count) {
    auto habits = quiet;
    habits.networks_hour = count;
    return habits;
}
Habits from_a_new_network(std::uint32_t days_known) {
    auto habits = quiet;
    habits.new_network = true;
    habits.days_known = days_known;
    return habits;
}
Habits burst(std::uint32_t messages, std::uint32_t usual, std::uint32_t days_known = 9) {
    return {.networks_hour = 1,
            .messages_hour = messages,
            .usual_hour = usual,
            .days_known = days_known};
}

class Paths : public testing::TestWithParam<Choosing> {};
INSTANTIATE_TEST_SUITE_P(
    Plan, Paths,
    testing::Values(
        Choosing{"its_own_mail", Door::submission, quiet, 10, "", "S", "zero_tolerance"},
        Choosing{"no_login", Door::submission, std::nullopt, 10, "", "S", "zero_tolerance"},
        Choosing{"a_script", Door::local, std::nullopt, 10, "", "S", "compromised"},
        // Many networks: six, or three for a settled service.
        Choosing{"five", Door::submission, many_networks(5), 10, "", "S", "zero_tolerance"},
        Choosing{"six", Door::submission, many_networks(6), 10, "", "S", "compromised"},
        Choosing{"settled_two", Door::submission, many_networks(2), 180, "", "S", "zero_tolerance"},
        Choosing{"settled_three", Door::submission, many_networks(3), 180, "", "S", "compromised"},
        Choosing{"not_yet_settled", Door::submission, many_networks(3), 179, "", "S",
                 "zero_tolerance"},
        // A network it never came from; unless nobody knows where it used to come from.
        Choosing{"new_network", Door::submission, from_a_new_network(3), 10, "", "S",
                 "compromised"},
        Choosing{"watched_too_short", Door::submission, from_a_new_network(2), 10, "", "S",
                 "zero_tolerance"},
        // A sudden change: ten times the busiest hour, of five messages at least.
        Choosing{"change", Door::submission, burst(100, 10), 10, "", "S", "compromised"},
        Choosing{"less", Door::submission, burst(99, 10), 10, "", "S", "zero_tolerance"},
        Choosing{"of_a_silent_one", Door::submission, burst(49, 0), 10, "", "S", "zero_tolerance"},
        Choosing{"of_a_silent_one_fifty", Door::submission, burst(50, 0), 10, "", "S",
                 "compromised"},
        Choosing{"settled_half", Door::submission, burst(50, 10), 400, "", "S", "compromised"},
        Choosing{"change_unknown", Door::submission, burst(1000, 0, 2), 10, "", "S",
                 "zero_tolerance"},
        // Lines of a plan name the path; signs of a victim come before.
        Choosing{"of_the_plan", Door::submission, quiet, 10, "suspend", "S", "suspend"},
        Choosing{"victim_of_the_plan", Door::submission, many_networks(9), 10, "suspend", "S",
                 "compromised"},
        // Prohibited content.
        Choosing{"phishing", Door::submission, quiet, 10, "", "PHISHED_X", "prohibited_content"},
        Choosing{"of_a_victim", Door::submission, many_networks(9), 10, "", "PHISHED_X",
                 "compromised"},
        Choosing{"of_a_script", Door::local, std::nullopt, 10, "", "PHISHED_X", "compromised"},
        Choosing{"only_alike", Door::submission, quiet, 10, "", "PHISHE", "zero_tolerance"}),
    [](const auto& row) { return row.param.name; });

const Instant now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};

Plan chosen(const Choosing& row, std::span<const PathSettings> of = all_paths) {
    Policy policy;
    policy.prohibited = {"PHISHED_*"};
    if (!row.path_of_plan.empty()) policy.rows = {{.plan = "vps", .path = row.path_of_plan}};
    Verdict verdict;
    verdict.level = Level::confirmed;
    verdict.findings = {{Family::rules, row.symbol, 5000, ""}};
    Attribution attribution;
    attribution.strength = Strength::proven;
    attribution.service.emplace();
    attribution.service->plan = "vps";
    attribution.service->created = now - std::chrono::days(row.age_days);
    return plan(verdict, attribution,
                {.mode = Mode::enforce,
                 .door = row.door,
                 .at = now,
                 .habits = row.habits,
                 .paths = of,
                 .policy = policy});
}

TEST_P(Paths, are_chosen_by_signs_plan_and_content) {
    const auto planned = chosen(GetParam());
    EXPECT_EQ(planned.path, GetParam().path);
    EXPECT_EQ(planned.actions_state, ActionState::due);
    ASSERT_GE(planned.reasons.size(), 2U);  // why this one, and why not the other
    for (const auto& reason : planned.reasons) {
        EXPECT_THAT(reason.en, testing::EndsWith("."));
        EXPECT_THAT(reason.fr, testing::EndsWith("."));
    }
}

TEST(Plan, ends_prohibited_content_like_spam_where_it_has_no_path_of_its_own) {
    const Choosing phishing{"", Door::submission, quiet, 10, "", "PHISHED_X", ""};
    EXPECT_EQ(chosen(phishing, paths).path, "zero_tolerance");
}

struct Step {
    When when;
    IdentityKind kind;
    Strength strength;
    bool on_probation;
    bool taken;
};
TEST(Plan, takes_a_step_of_a_path_on_its_condition) {
    using K = IdentityKind;
    const Step steps[] = {
        {When::always, K::uid, Strength::proven, false, true},
        {When::again, K::login, Strength::proven, false, false},
        {When::again, K::login, Strength::proven, true, true},
        {When::login, K::login, Strength::proven, false, true},
        {When::login, K::login, Strength::asserted, true, false},
        {When::login, K::uid, Strength::proven, true, false},
        {When::script, K::script, Strength::asserted, false, true},
        {When::script, K::uid, Strength::proven, true, false},
    };
    for (const auto& step : steps) {
        Attribution attribution;
        attribution.proofs = {{step.kind, "x", "", step.strength, {}}};
        EXPECT_EQ(is_met(step.when, attribution, step.on_probation), step.taken)
            << to_text(step.when) << ' ' << to_text(step.kind);
    }
}

TEST(Plan, opens_a_case_for_review_at_every_so_many_strikes_and_lets_the_mail_go) {
    Policy policy;
    policy.strikes = 3;
    Verdict verdict;
    verdict.level = Level::suspect;
    const auto path_at = [&](std::uint32_t strikes) {
        const auto planned =
            plan(verdict, {},
                 {.mode = Mode::enforce, .strikes = strikes, .paths = paths, .policy = policy});
        EXPECT_EQ(planned.reply, Reply::Kind::proceed);
        EXPECT_FALSE(planned.hold_service);
        return planned.path;
    };
    EXPECT_EQ(path_at(0), "");
    EXPECT_EQ(path_at(2), "");
    EXPECT_EQ(path_at(3), "review");
    EXPECT_EQ(path_at(4), "");
    EXPECT_EQ(path_at(6), "review");
    policy.strikes = 0;
    EXPECT_EQ(path_at(3), "");
    policy.strikes = 3;
    verdict.level = Level::pass;
    EXPECT_EQ(path_at(3), "");
}

}  // namespace
}  // namespace bailiff
