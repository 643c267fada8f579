#include "src/inspect/behaviour.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

struct Row {
    std::string name;
    Tally tally;
    std::vector<std::string> symbols;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class Rates : public testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(
    Behaviour, Rates,
    testing::Values(Row{"quiet", {1, 1, 1}, {}},
                    // A line is passed only above it.
                    Row{"on_the_line", {10, 100, 200}, {}},
                    Row{"minute", {11, 11, 11}, {"RATE_MESSAGES_MINUTE"}},
                    Row{"hour", {1, 101, 101}, {"RATE_MESSAGES_HOUR"}},
                    Row{"recipients", {1, 1, 201}, {"RATE_RECIPIENTS_HOUR"}},
                    Row{"all", {4000000000U, 4000000000U, 4000000000U},
                        {"RATE_MESSAGES_MINUTE", "RATE_MESSAGES_HOUR", "RATE_RECIPIENTS_HOUR"}}),
    [](const auto& row) { return row.param.name; });

TEST_P(Rates, give_one_finding_for_each_line_passed) {
    const BehaviourSettings settings{.messages_per_minute = 10, .messages_per_hour = 100,
                                     .recipients_per_hour = 200, .score = 3500};
    const auto findings = judge_rate(settings, GetParam().tally);
    std::vector<std::string> symbols;
    for (const auto& finding : findings) {
        symbols.push_back(finding.symbol);
        EXPECT_TRUE(finding.families.is_only(Family::behaviour));
        EXPECT_EQ(finding.score, 3500);
    }
    EXPECT_EQ(symbols, GetParam().symbols);
}

}  // namespace
}  // namespace bailiff
