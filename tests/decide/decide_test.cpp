// The policy as a table, and every combination of small weights against a slow reading of it.
#include "src/decide/decide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace bailiff {
namespace {

constexpr Policy policy{};  // rules 5/3, rspamd 7/4, the others 6/3; suspect 3, spam 6

Finding weight(FamilySet set, MilliPoints score) { return {set, "S", score, ""}; }

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
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

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
            {weight(Family::rules, 5000), weight(Family::rspamd, 4000)}, Level::confirmed},
        Row{"second_below_its_line",
            {weight(Family::rules, 5000), weight(Family::rspamd, 3999)}, Level::spam},
        Row{"behaviour_corroborates",
            {weight(Family::rules, 5000), weight(Family::behaviour, 3000)}, Level::confirmed},
        Row{"nobody_alone_but_heavy_together",
            {weight(Family::rules, 4999), weight(Family::rspamd, 6999)}, Level::spam},
        // A finding of two families lifts neither.
        Row{"mixed_meta",
            {weight(FamilySet(Family::rules) | Family::rspamd, 9000),
             weight(Family::behaviour, 3000)},
            Level::spam},
        // A trap hit corroborates and never carries.
        Row{"trap_alone", {weight(Family::reputation, 2'000'000'000)}, Level::spam},
        Row{"trap_and_rate",
            {weight(Family::reputation, 9000), weight(Family::behaviour, 3000)}, Level::spam},
        Row{"rules_and_trap",
            {weight(Family::rules, 5000), weight(Family::reputation, 3000)}, Level::confirmed},
        // Good marks count too.
        Row{"nice", {weight(Family::rules, 5000), weight(Family::rules, -2001)}, Level::pass},
        Row{"states_weigh_nothing", {state_finding("RSPAMD_UNAVAILABLE", "")}, Level::pass}),
    [](const auto& row) { return row.param.name; });

TEST_P(Verdicts, follow_the_table) {
    const auto verdict = decide(policy, of_service(false), GetParam().findings,
                                Timeliness::in_time);
    EXPECT_EQ(verdict.level, GetParam().level);
    EXPECT_THAT(verdict.reasons, testing::Not(testing::IsEmpty()));
}

/// The policy once more, as plainly as it can be said.
Level reference(MilliPoints rules, MilliPoints rspamd, MilliPoints behaviour,
                MilliPoints reputation) {
    const bool alone = rules >= 5000 || rspamd >= 7000 || behaviour >= 6000;
    const int agreeing = (rules >= 3000) + (rspamd >= 4000) + (behaviour >= 3000) +
                         (reputation >= 3000);
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
                   Timeliness::in_time);
        ASSERT_EQ(verdict.level, reference(w[0], w[1], w[2], w[3]))
            << w[0] << ' ' << w[1] << ' ' << w[2] << ' ' << w[3];
    }
}

TEST(Decide, gtube_confirms_only_a_test_service) {
    const Findings findings{{Family::rules, "GTUBE", 100'000, ""},
                            {Family::rspamd, "GTUBE", 100'000, ""}};
    const auto elsewhere = decide(policy, of_service(false), findings, Timeliness::in_time);
    EXPECT_EQ(elsewhere.level, Level::pass);
    EXPECT_EQ(elsewhere.score, 0);
    EXPECT_EQ(decide(policy, of_service(true), findings, Timeliness::in_time).level,
              Level::confirmed);
    auto claimed = of_service(true);
    claimed.strength = Strength::asserted;
    EXPECT_EQ(decide(policy, claimed, findings, Timeliness::in_time).level, Level::pass);
}

TEST(Decide, orders_findings_by_weight_with_states_last) {
    const auto verdict = decide(policy, of_service(false),
                                {state_finding("STATE", ""), weight(Family::rules, -1),
                                 weight(Family::rspamd, 7), weight(Family::behaviour, 9)},
                                Timeliness::in_time);
    std::vector<MilliPoints> scores;
    for (const auto& finding : verdict.findings) scores.push_back(finding.score);
    EXPECT_THAT(scores, testing::ElementsAre(9, 7, -1, 0));
}

TEST(Decide, marks_a_late_verdict) {
    EXPECT_TRUE(decide(policy, {}, {}, Timeliness::late).late);
    EXPECT_FALSE(decide(policy, {}, {}, Timeliness::in_time).late);
}

}  // namespace
}  // namespace bailiff
