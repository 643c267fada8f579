// What is left of several cases when one lets go, over all combinations. The policy is written here
// once more, as numbers.
#include "src/enforce/claims.hpp"

#include <gtest/gtest.h>
#include <string>

namespace bailiff {
namespace {

using K = ActionKind;
using S = Standing;

constexpr std::array standings{S::active, S::held, S::suspended, S::terminated, S::purged};

CaseId case_id(std::size_t number) {
    return *CaseId::parse("B000000000000000" + std::to_string(number));
}

TEST(Claims, nobody_wants_anything) {
    EXPECT_EQ(harshest({}), std::nullopt);
    EXPECT_EQ(harshest({{S::active, case_id(1)}, {S::active, case_id(2)}}), std::nullopt);
}

// Every standing of every one of three cases.
TEST(Claims, the_harshest_counts_and_is_named) {
    for (const auto first : standings)
        for (const auto second : standings)
            for (const auto third : standings) {
                const std::vector<CaseClaim> claims{
                    {first, case_id(1)}, {second, case_id(2)}, {third, case_id(3)}};
                const auto most = std::max({first, second, third});
                const auto left = harshest(claims);
                ASSERT_EQ(left.has_value(), most != S::active);
                if (!left) continue;
                EXPECT_EQ(left->standing, most);
                const auto who = first == most ? 1U : second == most ? 2U : 3U;
                EXPECT_EQ(left->case_id, case_id(who));
            }
}

// Every act beside every undo: the same is kept, and a suspension by a termination.
TEST(Claims, what_is_kept_by_another_act) {
    for (const auto act : action_kinds)
        for (const auto undone : action_kinds) {
            const bool harsher = act == K::service_terminate && undone == K::service_suspend;
            EXPECT_EQ(keeps(act, undone), act == undone || harsher)
                << to_text(act) << " beside undo " << to_text(undone);
        }
}

struct WayBack {
    std::string_view before;
    Standing others;
    std::string_view want;
};

class Back : public testing::TestWithParam<WayBack> {};

TEST_P(Back, leads_to_no_less_than_the_others_want) {
    const auto& row = GetParam();
    EXPECT_EQ(way_back(row.before, row.others), row.want)
        << row.before << " beside " << to_text(row.others);
}
INSTANTIATE_TEST_SUITE_P(Claims, Back,
                         testing::Values(WayBack{"", S::active, ""},
                                         WayBack{"active", S::active, "active"},
                                         WayBack{"suspended", S::active, "suspended"},
                                         WayBack{"terminated", S::active, "terminated"},
                                         WayBack{"purged", S::active, "purged"},
                                         WayBack{"mail_suspended", S::active, "mail_suspended"},
                                         WayBack{"", S::suspended, "suspended"},
                                         WayBack{"active", S::suspended, "suspended"},
                                         WayBack{"mail_suspended", S::suspended, "suspended"},
                                         WayBack{"suspended", S::suspended, "suspended"},
                                         WayBack{"terminated", S::suspended, "terminated"},
                                         WayBack{"purged", S::suspended, "purged"},
                                         WayBack{"", S::terminated, "terminated"},
                                         WayBack{"active", S::terminated, "terminated"},
                                         WayBack{"suspended", S::terminated, "terminated"},
                                         WayBack{"terminated", S::terminated, "terminated"},
                                         WayBack{"purged", S::terminated, "purged"}));

// Two acts on one target, in either order, from every state: with the first taken out the other one
// leads to where the first began, if the first had made what the other found.
TEST(Claims, the_way_back_skips_what_is_taken_out) {
    constexpr std::array<std::string_view, 5> states{"", "active", "suspended", "terminated",
                                                     "purged"};
    const auto weight = [](std::string_view state) {
        return state == "suspended" ? 1 : state == "terminated" ? 2 : state == "purged" ? 3 : 0;
    };
    for (const auto kind : {K::service_suspend, K::service_terminate, K::account_suspend})
        for (const auto began : states)
            for (const auto found : states) {
                const int makes = kind == K::service_terminate ? 2 : 1;
                const bool its_making = weight(found) == makes && weight(began) < makes;
                EXPECT_EQ(way_back_without(kind, began, found), its_making ? began : found)
                    << to_text(kind) << " began at " << began << ", the other at " << found;
            }
}

TEST(Claims, the_way_back_of_what_has_no_standing) {
    EXPECT_EQ(way_back_without(K::script_block, "active", "blocked"), "active");
    EXPECT_EQ(way_back_without(K::script_block, "blocked", "blocked"), "blocked");
    EXPECT_EQ(way_back_without(K::script_block, "active", "active"), "active");
}

}  // namespace
}  // namespace bailiff
