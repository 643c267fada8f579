#include <gmock/gmock.h>
#include <ostream>
#include <rules/expression.hpp>

namespace bailiff::rules {
namespace {

struct ValueCase {
    std::string_view name, text;
    double want;
    friend std::ostream& operator<<(std::ostream& out, const ValueCase& row) {
        return out << row.name;
    }
};

/// Rules ONE, TWO and so on have those values, all others 0.
std::vector<double> values_of(const Expression& expression) {
    std::vector<double> values;
    for (const auto& name : expression.names()) {
        values.push_back(name == "ONE" ? 1 : name == "TWO" ? 2 : name == "THREE" ? 3 : 0);
    }
    return values;
}

class ExpressionValue : public testing::TestWithParam<ValueCase> {};

TEST_P(ExpressionValue, is_what_perl_computes) {
    const auto expression = Expression::parse(GetParam().text);
    ASSERT_TRUE(expression) << expression.error().what;
    EXPECT_DOUBLE_EQ(expression->value(values_of(*expression)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(rows, ExpressionValue,
                         testing::Values(ValueCase{"name", "TWO", 2},                             //
                                         ValueCase{"both", "ONE && TWO", 2},                      //
                                         ValueCase{"both_not", "ZERO && TWO", 0},                 //
                                         ValueCase{"either", "TWO || ONE", 2},                    //
                                         ValueCase{"either_second", "ZERO || THREE", 3},          //
                                         ValueCase{"not_zero", "!ZERO", 1},                       //
                                         ValueCase{"not_two", "!TWO", 0},                         //
                                         ValueCase{"not_not", "!!TWO", 1},                        //
                                         ValueCase{"sum", "ONE + TWO + THREE", 6},                //
                                         ValueCase{"sum_above", "ONE + TWO > 2", 1},              //
                                         ValueCase{"sum_at_least", "(ONE + TWO) >= 4", 0},        //
                                         ValueCase{"below", "ONE < TWO", 1},                      //
                                         ValueCase{"at_most", "TWO <= ONE", 0},                   //
                                         ValueCase{"equal", "TWO == 2", 1},                       //
                                         ValueCase{"not_equal", "TWO != 2", 0},                   //
                                         ValueCase{"product_first", "ONE + TWO * THREE", 7},      //
                                         ValueCase{"left_to_right", "THREE - TWO - ONE", 0},      //
                                         ValueCase{"quotient", "ONE / TWO", 0.5},                 //
                                         ValueCase{"division_by_zero", "1 + ONE / ZERO", 0},      //
                                         ValueCase{"zero_by_zero", "ZERO / ZERO", 0},             //
                                         ValueCase{"minus", "-TWO + 3", 1},                       //
                                         ValueCase{"decimal", "ONE * 1.5", 1.5},                  //
                                         ValueCase{"and_before_or", "ONE || ZERO && ZERO", 1},    //
                                         ValueCase{"not_binds_closest", "!ZERO && TWO", 2},       //
                                         ValueCase{"compare_before_equal", "ONE < TWO == 1", 1},  //
                                         ValueCase{"no_blanks", "(ONE&&!ZERO)||(TWO>1)", 1},      //
                                         ValueCase{"groups", "(ZERO || ONE) && (TWO || ZERO)", 2}),
                         [](const auto& row) { return std::string(row.param.name); });

class BadExpression : public testing::TestWithParam<std::string> {};

TEST_P(BadExpression, says_what_was_expected) {
    const auto expression = Expression::parse(GetParam());
    ASSERT_FALSE(expression);
    EXPECT_THAT(expression.error().what, testing::HasSubstr("expected"));
}

INSTANTIATE_TEST_SUITE_P(rows, BadExpression,
                         testing::Values("", "ONE &&", "&& ONE", "(ONE", "ONE)", "ONE TWO",
                                         "ONE & TWO", "1 < 2 < 3", "ONE and TWO", "1e9", "ONE = 1",
                                         "ONE, TWO", "\"x\"", std::string(100, '('),
                                         std::string(100, '!') + "A", std::string(70'000, 'A')));

TEST(Expression, names_each_rule_once) {
    EXPECT_THAT(Expression::parse("B && A + B")->names(), testing::ElementsAre("B", "A"));
}

TEST(Expression, takes_a_sum_of_many_rules) {
    std::string text = "A0";
    for (int index = 1; index < 3'000; ++index) text += " + A" + std::to_string(index);
    const auto expression = Expression::parse(text);
    ASSERT_TRUE(expression);
    EXPECT_DOUBLE_EQ(expression->value(std::vector<double>(3'000, 1)), 3'000);
}

}  // namespace
}  // namespace bailiff::rules
