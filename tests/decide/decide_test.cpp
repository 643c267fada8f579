// The policy as a table, and every combination of small weights against a slow reading of it.
#include "src/decide/decide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace bailiff {
namespace {

const Policy policy{};  // rules 5/3, rspamd 7/4, the others 6/3; suspect 3, spam 6

Finding weight(FamilySet set, MilliPoints score) {
    return {set, "S", score, ""};
}

Attribution of_service(bool test) {
    Attribution attribution;
    attribution.strength = Strength::proven;
    attribution.service.emplace();
    attribution.service->test = test;
    return attribution;
}

struct Row {
    std::string name;
    Findings findings;
    Level level;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}

class Verdicts : public testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(
    Decide, Verdicts,
    testing::Values(
        Row{"nothing", {}, Level::pass},
        Row{"below_suspect", {weight(Family::rules, 2999)}, Level::pass},
        Row{"suspect", {weight(Family::rules, 3000)}, Level::suspect},
        Row{"rules_alone", {weight(Family::rules, 5000)}, Level::spam},
        Row{"rules_alone_however_heavy", {weight(Family::rules, 2'000'000'000)}, Level::spam},
        Row{"rspamd_alone_however_heavy", {weight(Family::rspamd, 2'000'000'000)}, Level::spam},
        // Two witnesses, each above its own line.
        Row{"rules_and_rspamd",
            {weight(Family::rules, 5000), weight(Family::rspamd, 4000)},
            Level::confirmed},
        Row{"second_below_its_line",
            {weight(Family::rules, 5000), weight(Family::rspamd, 3999)},
            Level::spam},
        Row{"behaviour_corroborates",
            {weight(Family::rules, 5000), weight(Family::behaviour, 3000)},
            Level::confirmed},
        Row{"nobody_alone_but_heavy_together",
            {weight(Family::rules, 4999), weight(Family::rspamd, 6999)},
            Level::spam},
        // A finding of two families lifts neither.
        Row{"mixed_meta",
            {weight(FamilySet(Family::rules) | Family::rspamd, 9000),
             weight(Family::behaviour, 3000)},
            Level::spam},
        // A trap hit corroborates and never carries.
        Row{"trap_alone", {weight(Family::reputation, 2'000'000'000)}, Level::spam},
        Row{"trap_and_rate",
            {weight(Family::reputation, 9000), weight(Family::behaviour, 3000)},
            Level::spam},
        Row{"rules_and_trap",
            {weight(Family::rules, 5000), weight(Family::reputation, 3000)},
            Level::confirmed},
        // Good marks count too.
        Row{"nice", {weight(Family::rules, 5000), weight(Family::rules, -2001)}, Level::pass},
        Row{"states_weigh_nothing", {state_finding("RSPAMD_UNAVAILABLE", "")}, Level::pass}),
    [](const auto& row) { return row.param.name; });

TEST_P(Verdicts, follow_the_table) {
    const auto verdict = decide(policy, of_service(false), GetParam().findings, {});
    EXPECT_EQ(verdict.level, GetParam().level);
    EXPECT_THAT(verdict.reasons, testing::Not(testing::IsEmpty()));
}

/// The policy once more, as plainly as it can be said.
Level reference(MilliPoints rules, MilliPoints rspamd, MilliPoints behaviour,
                MilliPoints reputation) {
    const bool alone = rules >= 5000 || rspamd >= 7000 || behaviour >= 6000;
    const int agreeing =
        (rules >= 3000) + (rspamd >= 4000) + (behaviour >= 3000) + (reputation >= 3000);
    if (alone && agreeing >= 2) return Level::confirmed;
    if (alone || rules + rspamd + behaviour + reputation >= 6000) return Level::spam;
    return rules + rspamd + behaviour + reputation >= 3000 ? Level::suspect : Level::pass;
}

TEST(Decide, agrees_with_the_plain_reading_for_every_combination_around_the_lines) {
    const std::array weights{-1000, 0, 2999, 3000, 3999, 4000, 4999, 5000, 5999, 6000, 6999, 7000};
    const auto n = weights.size();
    for (std::size_t i = 0; i < n * n * n * n; ++i) {
        const std::array w{weights[i % n], weights[i / n % n], weights[i / n / n % n],
                           weights[i / n / n / n]};
        const auto verdict =
            decide(policy, of_service(false),
                   {weight(Family::rules, w[0]), weight(Family::rspamd, w[1]),
                    weight(Family::behaviour, w[2]), weight(Family::reputation, w[3])},
                   {});
        ASSERT_EQ(verdict.level, reference(w[0], w[1], w[2], w[3]))
            << w[0] << ' ' << w[1] << ' ' << w[2] << ' ' << w[3];
    }
}

TEST(Decide, gtube_confirms_only_a_test_service) {
    const Findings findings{{Family::rules, "GTUBE", 100'000, ""},
                            {Family::rspamd, "GTUBE", 100'000, ""}};
    const auto elsewhere = decide(policy, of_service(false), findings, {});
    EXPECT_EQ(elsewhere.level, Level::pass);
    EXPECT_EQ(elsewhere.score, 0);
    EXPECT_EQ(decide(policy, of_service(true), findings, {}).level, Level::confirmed);
    auto claimed = of_service(true);
    claimed.strength = Strength::asserted;
    EXPECT_EQ(decide(policy, claimed, findings, {}).level, Level::pass);
}

TEST(Decide, orders_findings_by_weight_with_states_last) {
    const auto verdict = decide(policy, of_service(false),
                                {state_finding("STATE", ""), weight(Family::rules, -1),
                                 weight(Family::rspamd, 7), weight(Family::behaviour, 9)},
                                {});
    std::vector<MilliPoints> scores;
    for (const auto& finding : verdict.findings) scores.push_back(finding.score);
    EXPECT_THAT(scores, testing::ElementsAre(9, 7, -1, 0));
}

TEST(Decide, marks_a_late_verdict) {
    EXPECT_TRUE(decide(policy, {}, {}, {.timeliness = Timeliness::late}).late);
    EXPECT_FALSE(decide(policy, {}, {}, {}).late);
}

TEST(Decide, gives_each_reason_in_both_languages) {
    for (const auto& row :
         {Findings{}, Findings{weight(Family::rules, 3000)}, Findings{weight(Family::rules, 5000)},
          Findings{weight(Family::rules, 5000), weight(Family::rspamd, 4000)}})
        for (const auto& reason : decide(policy, of_service(false), row, {}).reasons) {
            EXPECT_FALSE(reason.en.empty());
            EXPECT_FALSE(reason.fr.empty());
            EXPECT_NE(reason.en, reason.fr);
        }
}

TEST(Decide, names_the_second_witness_that_came_nearest) {
    const auto verdict = decide(policy, of_service(false),
                                {weight(Family::rules, 5000), weight(Family::rspamd, 3999)}, {});
    EXPECT_THAT(verdict.reasons.back().en, testing::HasSubstr("rspamd weighs 4.0 (line 4.0)"));
    EXPECT_THAT(verdict.reasons.back().fr, testing::HasSubstr("rspamd : poids 4,0 (seuil 4,0)"));
}

/// A proven sender of plan "free" in account "acc-1".
Attribution of_plan(std::string plan, Strength strength = Strength::proven) {
    auto attribution = of_service(false);
    attribution.strength = strength;
    attribution.service->id = ServiceId::parse("svc-1").value();
    attribution.service->account = AccountId::parse("acc-1").value();
    attribution.service->plan = std::move(plan);
    return attribution;
}

struct LineCase {
    std::string name;
    LineRow row;
    std::string plan;
    Door door;
    Strength strength;
    Level level;  ///< of 5.5 points of rules
};
std::ostream& operator<<(std::ostream& out, const LineCase& row) {
    return out << row.name;
}

LineRow row_of(std::string plan, std::string door, MilliPoints rules_alone) {
    LineRow row{.plan = std::move(plan), .door = std::move(door)};
    row.lines.of(Family::rules).alone = rules_alone;
    return row;
}

class OtherLines : public testing::TestWithParam<LineCase> {};
INSTANTIATE_TEST_SUITE_P(
    Decide, OtherLines,
    testing::Values(LineCase{"none", {}, "free", Door::submission, Strength::proven, Level::spam},
                    LineCase{"of_the_plan", row_of("free", "", 6000), "free", Door::submission,
                             Strength::proven, Level::suspect},
                    LineCase{"of_another_plan", row_of("pro", "", 6000), "free", Door::submission,
                             Strength::proven, Level::spam},
                    LineCase{"plan_of_a_claim", row_of("free", "", 6000), "free", Door::submission,
                             Strength::asserted, Level::spam},
                    LineCase{"of_the_door", row_of("", "local", 6000), "free", Door::local,
                             Strength::unknown, Level::suspect},
                    LineCase{"of_another_door", row_of("", "local", 6000), "free", Door::submission,
                             Strength::proven, Level::spam},
                    LineCase{"of_both", row_of("free", "submission", 6000), "free",
                             Door::submission, Strength::proven, Level::suspect},
                    LineCase{"of_both_but_one", row_of("free", "local", 6000), "free",
                             Door::submission, Strength::proven, Level::spam}),
    [](const auto& row) { return row.param.name; });
TEST_P(OtherLines, count_where_they_apply) {
    auto changed = policy;
    changed.rows = {GetParam().row};
    const auto verdict = decide(changed, of_plan(GetParam().plan, GetParam().strength),
                                {weight(Family::rules, 5500)}, {.door = GetParam().door});
    EXPECT_EQ(verdict.level, GetParam().level);
}

TEST(Decide, lets_a_later_row_win_and_keeps_what_it_leaves_out) {
    auto changed = policy;
    changed.rows = {row_of("free", "", 9000), row_of("", "submission", 5000)};
    changed.rows[0].lines.spam = 4000;
    const Footing footing{.door = Door::submission};
    EXPECT_EQ(decide(changed, of_plan("free"), {weight(Family::rules, 5000)}, footing).level,
              Level::spam);
    EXPECT_EQ(decide(changed, of_plan("free"), {weight(Family::rspamd, 4000)}, footing).level,
              Level::spam);
}

TEST(Decide, lowers_every_line_on_probation_and_only_of_a_proven_sender) {
    const Findings both{weight(Family::rules, 3000), weight(Family::rspamd, 2400)};  // 60 %
    const Footing again{.on_probation = true};
    EXPECT_EQ(decide(policy, of_plan("free"), both, {}).level, Level::suspect);
    EXPECT_EQ(decide(policy, of_plan("free"), both, again).level, Level::confirmed);
    EXPECT_EQ(decide(policy, of_plan("free", Strength::asserted), both, again).level,
              Level::suspect);
}

const Instant noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) +
                   std::chrono::hours(12)};

Policy allowing(AllowRow row) {
    auto changed = policy;
    changed.allow = {std::move(row)};
    return changed;
}

TEST(Decide, takes_the_weight_of_what_is_allowed_until_it_expires) {
    const Findings rate{{Family::behaviour, "RATE", 6500, "many"}, weight(Family::rules, 3000)};
    const AllowRow row{
        .service = "svc-1", .symbols = {"RATE"}, .until = noon, .reason = "newsletter"};
    const auto at = [](Instant when) { return Footing{.at = when}; };
    const auto before = noon - std::chrono::milliseconds(1);
    const auto allowed = decide(allowing(row), of_plan("free"), rate, at(before));
    EXPECT_EQ(allowed.level, Level::suspect);
    EXPECT_THAT(allowed.findings.back().reason, testing::HasSubstr("newsletter"));
    EXPECT_TRUE(allowed.findings.back().families.empty());
    EXPECT_EQ(decide(allowing(row), of_plan("free"), rate, at(noon)).level, Level::confirmed);
    EXPECT_THAT(decide(allowing(row), of_plan("free"), rate, at(noon)).reasons.back().en,
                testing::HasSubstr("it is over"));
    EXPECT_EQ(decide(allowing(row), of_plan("free", Strength::asserted), rate, at(before)).level,
              Level::confirmed);
    auto of_another = row;
    of_another.service = "svc-2";
    EXPECT_EQ(decide(allowing(of_another), of_plan("free"), rate, at(before)).level,
              Level::confirmed);
    auto of_account = row;
    of_account.service.clear();
    of_account.account = "acc-1";
    EXPECT_EQ(decide(allowing(of_account), of_plan("free"), rate, at(before)).level,
              Level::suspect);
}

TEST(Decide, spares_a_whole_service_one_level) {
    const AllowRow row{.service = "svc-1", .until = noon, .reason = "seen by the team"};
    const Footing before{.at = noon - std::chrono::days(1)};
    const auto level = [&](Findings findings) {
        return decide(allowing(row), of_plan("free"), std::move(findings), before).level;
    };
    EXPECT_EQ(level({weight(Family::rules, 5000)}), Level::suspect);
    EXPECT_EQ(level({weight(Family::rules, 5000), weight(Family::rspamd, 4000)}), Level::spam);
    EXPECT_EQ(level({weight(Family::rules, 3000)}), Level::suspect);
    EXPECT_EQ(level({}), Level::pass);
}

TEST(Decide, shows_what_a_rule_that_is_only_observed_would_weigh) {
    auto changed = policy;
    changed.observed = {"NEW_RULE"};
    const auto verdict =
        decide(changed, of_service(false), {{Family::rules, "NEW_RULE", 9000, "why"}}, {});
    EXPECT_EQ(verdict.level, Level::pass);
    EXPECT_EQ(verdict.score, 0);
    ASSERT_EQ(verdict.findings.size(), 1U);
    EXPECT_EQ(verdict.findings[0].reason, "only observed, would weigh 9.0: why");
}

}  // namespace
}  // namespace bailiff
