#include "src/enforce/milder.hpp"

#include <gtest/gtest.h>

#include "src/enforce/claims.hpp"

namespace bailiff {
namespace {

using K = ActionKind;

/// How much a customer loses by it; what only tells is none.
int weight(ActionKind kind) {
    switch (kind) {
        case ActionKind::service_purge:
            return 6;
        case ActionKind::account_suspend:
            return 5;
        case ActionKind::service_terminate:
            return 4;
        case ActionKind::service_suspend:
            return 3;
        case ActionKind::script_block:
            return 2;
        case ActionKind::credential_reset:
            return 1;
        default:
            return 0;
    }
}

TEST(Milder, takes_less_of_the_same_service_or_account_for_every_pair_of_kinds) {
    for (const auto from : action_kinds)
        for (const auto to : action_kinds) {
            const auto name = std::string(to_text(from)) + " to " + std::string(to_text(to));
            const auto read = milder_from(name);
            ASSERT_EQ(read.has_value(), is_milder(from, to)) << name;
            if (!read) continue;
            EXPECT_EQ(to_text(*read), name);
            EXPECT_LT(weight(to), weight(from)) << name;
            EXPECT_GT(weight(to), 0) << name;
            EXPECT_LE(standing_by(to), standing_by(from)) << name;
            EXPECT_EQ(row_of(to).target, ActionTarget::service) << name;
            EXPECT_NE(from, ActionKind::service_purge) << name;
        }
}

// What may stand in is a suspension, a blocked script or a reset; for all that weighs more, but for
// data that are destroyed.
TEST(Milder, leaves_out_no_pair_that_is_milder) {
    for (const auto from : action_kinds)
        for (const auto to : action_kinds) {
            const bool stands_in = weight(to) > 0 && weight(to) <= weight(K::service_suspend);
            EXPECT_EQ(is_milder(from, to),
                      stands_in && weight(from) > weight(to) && from != K::service_purge)
                << to_text(from) << " to " << to_text(to);
        }
}

TEST(Milder, is_read_from_nothing_else) {
    for (const auto* text :
         {"", " to ", "service.terminate", "service.terminate to ",
          "service.terminate  to service.suspend", "service.terminate to service.suspend "})
        EXPECT_FALSE(milder_from(text)) << text;
}

}  // namespace
}  // namespace bailiff
