// Budgets: what is spent, and what one more act would break.
#include "src/enforce/budget.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

using K = ActionKind;

const Instant now{std::chrono::hours(1'000'000)};
const Budgets wide{.actions_per_hour = 1'000,
                   .actions_per_rule = 1'000,
                   .terminations_per_day = 1'000,
                   .accounts_percent = 100};

EffectRow effect(int account, K kind = K::service_terminate, std::vector<std::string> rules = {"R"},
                 std::chrono::minutes ago = std::chrono::minutes(1)) {
    return {now - ago, {}, kind, AccountId::parse("a" + std::to_string(account)).value(),
            std::move(rules)};
}

Spending spent(std::vector<EffectRow> day) {
    return {.day = std::move(day),
            .hour_ago = now - std::chrono::hours(1),
            .own_hour = 0,
            .accounts = 1'000'000,
            .young = {}};
}

std::string cause(const Budgets& budgets, const Spending& spending, const EffectRow& next) {
    const auto over = overrun(budgets, spending, next);
    return over ? over->setting : "";
}

TEST(Budget, of_nothing_allows_nothing) {
    EXPECT_EQ(cause({}, spent({}), effect(1)), "enforcer.actions_per_hour");
    auto one = wide;
    one.actions_per_hour = -1;
    EXPECT_EQ(cause(one, spent({}), effect(1)), "enforcer.actions_per_hour");
}

TEST(Budget, of_the_hour_counts_what_ledger_or_process_know) {
    auto budgets = wide;
    budgets.actions_per_hour = 2;
    auto spending = spent({effect(1), effect(2, K::exec, {}, std::chrono::minutes(61))});
    EXPECT_EQ(cause(budgets, spending, effect(3)), "");
    spending.own_hour = 2;
    EXPECT_EQ(cause(budgets, spending, effect(3)), "enforcer.actions_per_hour");
    EXPECT_EQ(cause(budgets, spent({effect(1), effect(2)}), effect(3)),
              "enforcer.actions_per_hour");
}

TEST(Budget, of_a_rule_counts_its_own_actions_and_those_of_a_young_one_double) {
    auto budgets = wide;
    budgets.actions_per_rule = 2;
    auto spending = spent({effect(1, K::exec, {"R", "S"})});
    EXPECT_EQ(cause(budgets, spending, effect(2)), "");
    spending.young = {"S"};
    EXPECT_EQ(cause(budgets, spending, effect(2)), "");
    spending.young = {"R"};
    const auto over = overrun(budgets, spending, effect(2));
    ASSERT_TRUE(over);
    EXPECT_EQ(over->setting, "enforcer.actions_per_rule");
    EXPECT_EQ(over->detail,
              "2 actions within an hour by rule R, which is new or changed and counts double, of 2");
    EXPECT_EQ(cause(budgets, spending, effect(2, K::exec, {"T"})), "");
    EXPECT_EQ(cause(budgets, spent({effect(1), effect(2)}), effect(3)),
              "enforcer.actions_per_rule");
    EXPECT_EQ(cause(budgets,
                    spent({effect(1), effect(2, K::exec, {"R"}, std::chrono::minutes(61))}),
                    effect(3)),
              "");
}

TEST(Budget, of_the_day_counts_ends_of_services_only) {
    auto budgets = wide;
    budgets.terminations_per_day = 2;
    const auto old = std::chrono::minutes(23 * 60);
    const auto spending = spent({effect(1, K::service_terminate, {}, old),
                                 effect(2, K::service_purge, {}, old),
                                 effect(3, K::account_suspend, {}, old)});
    EXPECT_EQ(cause(budgets, spending, effect(4)), "enforcer.terminations_per_day");
    EXPECT_EQ(cause(budgets, spending, effect(4, K::service_purge)),
              "enforcer.terminations_per_day");
    EXPECT_EQ(cause(budgets, spending, effect(4, K::account_suspend)), "");
}

struct ShareCase {
    const char* name;
    std::int64_t percent;
    std::uint64_t accounts;
    int hit;
    bool over;
};

class Share : public testing::TestWithParam<ShareCase> {};

TEST_P(Share, of_all_accounts) {
    auto budgets = wide;
    budgets.accounts_percent = GetParam().percent;
    std::vector<EffectRow> day;
    for (int i = 0; i < GetParam().hit; ++i) day.push_back(effect(i, K::exec, {}));
    auto spending = spent(std::move(day));
    spending.accounts = GetParam().accounts;
    EXPECT_EQ(cause(budgets, spending, effect(1'000, K::exec, {})),
              GetParam().over ? "enforcer.accounts_percent" : "");
    if (GetParam().hit == 0) return;
    EXPECT_EQ(cause(budgets, spending, effect(0, K::exec, {})), "") << "an account hit already";
}
INSTANTIATE_TEST_SUITE_P(Budget, Share,
                         testing::Values(ShareCase{"first", 2, 1'000, 0, false},
                                         ShareCase{"below", 2, 1'000, 19, false},
                                         ShareCase{"reached", 2, 1'000, 20, true},
                                         ShareCase{"floor", 2, 10, 4, false},
                                         ShareCase{"floor_reached", 2, 10, 5, true},
                                         ShareCase{"empty_directory", 2, 0, 5, true},
                                         ShareCase{"no_percent", 0, 1'000, 5, true},
                                         ShareCase{"all", 100, 10, 10, false}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
