#include "src/rspamd/weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

TEST(Weights, reads_symbols_points_comments_and_blanks) {
    const auto weights = Weights::parse(
        "# outbound\n\nPHISHING 6.5 # sure\n\tR_MIXED\t-0.25\r\nTINY 0.0004\nONE 1\nPLUS +2.\nOFF "
        "0",
        "w");
    ASSERT_TRUE(weights) << weights.error().what;
    EXPECT_EQ(weights->of("PHISHING"), 6'500);
    EXPECT_EQ(weights->of("R_MIXED"), -250);
    EXPECT_EQ(weights->of("TINY"), 0);
    EXPECT_EQ(weights->of("ONE"), 1'000);
    EXPECT_EQ(weights->of("PLUS"), 2'000);
    EXPECT_EQ(weights->of("UNLISTED"), 0);
    EXPECT_EQ(weights->size(), 6U);
}

TEST(Weights, gives_the_star_to_the_unlisted_only) {
    const auto weights = Weights::parse("A 0\n* 0.1\n", "w");
    ASSERT_TRUE(weights);
    EXPECT_EQ(weights->of("A"), 0);
    EXPECT_EQ(weights->of("B"), 100);
}

TEST(Weights, may_be_empty) {
    const auto weights = Weights::parse("", "w");
    ASSERT_TRUE(weights);
    EXPECT_EQ(weights->of("A"), 0);
}

struct WrongWeights {
    std::string_view name, text, want;
    friend std::ostream& operator<<(std::ostream& out, const WrongWeights& row) {
        return out << row.name;
    }
};
class RefusesWeights : public testing::TestWithParam<WrongWeights> {};
TEST_P(RefusesWeights, and_says_where) {
    const auto weights = Weights::parse(GetParam().text, "rspamd.weights");
    ASSERT_FALSE(weights);
    EXPECT_EQ(weights.error().fault, Fault::invalid_input);
    EXPECT_EQ(weights.error().what, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    rows, RefusesWeights,
    testing::Values(
        WrongWeights{"no_points", "A 1\nB\n",
                     "rspamd.weights:2: '' is no weight: expected points within -1000 to 1000"},
        WrongWeights{"word", "A lots",
                     "rspamd.weights:1: 'lots' is no weight: expected points within -1000 to 1000"},
        WrongWeights{"not_a_number", "A nan",
                     "rspamd.weights:1: 'nan' is no weight: expected points within -1000 to 1000"},
        WrongWeights{"infinite", "A inf",
                     "rspamd.weights:1: 'inf' is no weight: expected points within -1000 to 1000"},
        WrongWeights{
            "too_much", "A 1000.1",
            "rspamd.weights:1: '1000.1' is no weight: expected points within -1000 to 1000"},
        WrongWeights{"exponent", "A 1e2",
                     "rspamd.weights:1: '1e2' is no weight: expected points within -1000 to 1000"},
        WrongWeights{"three_words", "\n\nA 1 2", "rspamd.weights:3: '2' after the weight"},
        WrongWeights{"twice", "A 1\nA 1", "rspamd.weights:2: A has a weight already"},
        WrongWeights{"star_twice", "* 1\n* 2", "rspamd.weights:2: * has a weight already"},
        WrongWeights{"control_byte", "A\x1b 1", "rspamd.weights:1: 'A?' is no name of a symbol"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
