// The outbox state table, exhaustively.
#include "src/enforce/states.hpp"

#include <gtest/gtest.h>
#include <string>

namespace bailiff {
namespace {

using S = ActionState;
using K = ActionKind;

// Rows: from; columns: to, in the order of the enumeration. Written as policy, beside the code.
//                due   run   veri  done  dead  unkn  wait  canc  obs
constexpr bool policy[9][9] = {
    /* due       */ {true, true, true, false, true, false, true, true, true},
    /* running   */ {true, true, true, true, true, true, true, true, true},
    /* verified  */ {false, false, false, false, false, false, false, false, false},
    /* done      */ {false, false, false, false, false, false, false, false, false},
    /* dead      */ {true, false, false, false, false, false, false, true, false},
    /* unknown   */ {false, false, false, false, false, false, false, true, false},
    /* waiting   */ {true, false, false, false, false, false, false, true, false},
    /* cancelled */ {false, false, false, false, false, false, false, false, false},
    /* observed  */ {false, false, false, false, false, false, false, false, false},
};

class Pair : public testing::TestWithParam<std::tuple<ActionState, ActionState>> {};

TEST_P(Pair, is_a_transition_or_none) {
    const auto [from, to] = GetParam();
    EXPECT_EQ(may_become(from, to), policy[static_cast<int>(from)][static_cast<int>(to)])
        << to_text(from) << " -> " << to_text(to);
}
INSTANTIATE_TEST_SUITE_P(States, Pair,
                         testing::Combine(testing::ValuesIn(action_states),
                                          testing::ValuesIn(action_states)));

struct StateCase {
    ActionState state;
    bool is_final, needs_person, pending, may_have_happened;
    OnRestart on_restart;
    friend std::ostream& operator<<(std::ostream& out, const StateCase& row) {
        return out << to_text(row.state);
    }
};

class State : public testing::TestWithParam<StateCase> {};

TEST_P(State, means) {
    const auto& row = GetParam();
    EXPECT_EQ(is_final(row.state), row.is_final);
    EXPECT_EQ(needs_person(row.state), row.needs_person);
    EXPECT_EQ(is_pending(row.state), row.pending);
    EXPECT_EQ(may_have_happened(row.state), row.may_have_happened);
    EXPECT_EQ(on_restart(row.state), row.on_restart);
}
INSTANTIATE_TEST_SUITE_P(
    States, State,
    testing::Values(StateCase{S::due, false, false, true, false, OnRestart::run},
                    StateCase{S::running, false, false, true, true, OnRestart::ask_state},
                    StateCase{S::verified, true, false, false, true, OnRestart::nothing},
                    StateCase{S::done, true, false, false, true, OnRestart::nothing},
                    StateCase{S::dead, false, true, false, false, OnRestart::nothing},
                    StateCase{S::unknown, false, true, false, true, OnRestart::nothing},
                    StateCase{S::waiting, false, true, false, false, OnRestart::nothing},
                    StateCase{S::cancelled, true, false, false, false, OnRestart::nothing},
                    StateCase{S::observed, true, false, false, false, OnRestart::nothing}),
    [](const auto& row) { return std::string(to_text(row.param.state)); });

TEST(States, every_one_is_final_or_leads_to_a_final_one) {
    for (const auto state : action_states)
        EXPECT_TRUE(is_final(state) || may_become(state, S::cancelled)) << to_text(state);
}

struct BlockCase {
    ActionState earlier;
    K kind;
    Direction direction;
    bool want;
};

// Every state before every deed.
std::vector<BlockCase> all_blocks() {
    std::vector<BlockCase> rows;
    for (const auto earlier : action_states)
        for (const auto kind : action_kinds) {
            const bool moves = earlier == S::due || earlier == S::running;
            const bool stuck = earlier == S::dead || earlier == S::unknown || earlier == S::waiting;
            const bool harsh = kind == K::service_terminate || kind == K::account_suspend ||
                               kind == K::credential_reset || kind == K::service_suspend ||
                               kind == K::service_purge || kind == K::script_block ||
                               kind == K::exec;
            rows.push_back({earlier, kind, Direction::act, moves || (stuck && harsh)});
            rows.push_back({earlier, kind, Direction::undo, moves});
        }
    return rows;
}

class Block : public testing::TestWithParam<BlockCase> {};

TEST_P(Block, holds_back_what_comes_later) {
    const auto& row = GetParam();
    EXPECT_EQ(blocks(row.earlier, {row.kind, row.direction}), row.want)
        << to_text(row.earlier) << " before " << to_text(row.direction) << " " << to_text(row.kind);
}
INSTANTIATE_TEST_SUITE_P(States, Block, testing::ValuesIn(all_blocks()));

struct WantedCase {
    K kind;
    Direction direction;
    std::string before, want;
};

class Wanted : public testing::TestWithParam<WantedCase> {};

TEST_P(Wanted, is_one_word_of_the_contract) {
    const auto& row = GetParam();
    EXPECT_EQ(wanted_state({row.kind, row.direction}, row.before), row.want);
}
INSTANTIATE_TEST_SUITE_P(
    States, Wanted,
    testing::Values(WantedCase{K::service_terminate, Direction::act, "active", "terminated"},
                    WantedCase{K::account_suspend, Direction::act, "active", "suspended"},
                    WantedCase{K::credential_reset, Direction::act, "", "reset"},
                    WantedCase{K::notify_team, Direction::act, "", "sent"},
                    WantedCase{K::queue_release, Direction::act, "", "released"},
                    WantedCase{K::queue_delete, Direction::act, "", "deleted"},
                    WantedCase{K::service_terminate, Direction::undo, "", "active"},
                    WantedCase{K::service_terminate, Direction::undo, "suspended", "suspended"},
                    WantedCase{K::account_suspend, Direction::undo, "active", "active"},
                    WantedCase{K::credential_reset, Direction::undo, "active", ""},
                    WantedCase{K::notify_team, Direction::undo, "", ""},
                    WantedCase{K::queue_release, Direction::undo, "", ""},
                    WantedCase{K::queue_delete, Direction::undo, "", ""},
                    WantedCase{K::service_suspend, Direction::act, "active", "suspended"},
                    WantedCase{K::service_suspend, Direction::undo, "", "active"},
                    WantedCase{K::service_purge, Direction::act, "terminated", "purged"},
                    WantedCase{K::service_purge, Direction::undo, "terminated", ""},
                    WantedCase{K::script_block, Direction::act, "active", "blocked"},
                    WantedCase{K::script_block, Direction::undo, "active", "active"},
                    WantedCase{K::notify_holder, Direction::act, "", "sent"},
                    WantedCase{K::notify_holder, Direction::undo, "", ""},
                    WantedCase{K::ticket_open, Direction::act, "", "opened"},
                    WantedCase{K::ticket_open, Direction::undo, "", ""},
                    WantedCase{K::exec, Direction::act, "active", "done"},
                    WantedCase{K::exec, Direction::undo, "active", "active"},
                    WantedCase{K::webhook, Direction::act, "", "sent"},
                    WantedCase{K::webhook, Direction::undo, "", ""}));

struct ReachedCase {
    K kind;
    Direction direction;
    std::string before, state;
    bool want;
};

class Reached : public testing::TestWithParam<ReachedCase> {};

TEST_P(Reached, is_judged_by_the_state_outside) {
    const auto& row = GetParam();
    EXPECT_EQ(is_reached({row.kind, row.direction}, row.before, row.state), row.want);
}
INSTANTIATE_TEST_SUITE_P(
    States, Reached,
    testing::Values(
        ReachedCase{K::service_terminate, Direction::act, "active", "terminated", true},
        ReachedCase{K::service_terminate, Direction::act, "active", "purged", true},
        ReachedCase{K::service_terminate, Direction::act, "active", "suspended", false},
        ReachedCase{K::service_terminate, Direction::act, "active", "active", false},
        ReachedCase{K::service_terminate, Direction::act, "active", "", false},
        ReachedCase{K::account_suspend, Direction::act, "active", "suspended", true},
        ReachedCase{K::account_suspend, Direction::act, "active", "terminated", true},
        ReachedCase{K::account_suspend, Direction::act, "active", "held", false},
        ReachedCase{K::service_suspend, Direction::act, "active", "suspended", true},
        ReachedCase{K::service_suspend, Direction::act, "active", "terminated", true},
        ReachedCase{K::service_suspend, Direction::act, "active", "active", false},
        ReachedCase{K::service_purge, Direction::act, "terminated", "purged", true},
        ReachedCase{K::service_purge, Direction::act, "terminated", "terminated", false},
        ReachedCase{K::script_block, Direction::act, "active", "blocked", true},
        ReachedCase{K::credential_reset, Direction::act, "active", "reset", true},
        ReachedCase{K::credential_reset, Direction::act, "active", "active", false},
        // Back to where it stood, or better; never back into a suspension that was lifted.
        ReachedCase{K::service_terminate, Direction::undo, "active", "active", true},
        ReachedCase{K::service_terminate, Direction::undo, "active", "terminated", false},
        ReachedCase{K::service_terminate, Direction::undo, "active", "suspended", false},
        ReachedCase{K::service_terminate, Direction::undo, "suspended", "suspended", true},
        ReachedCase{K::service_terminate, Direction::undo, "suspended", "active", true},
        ReachedCase{K::account_suspend, Direction::undo, "", "active", true},
        ReachedCase{K::account_suspend, Direction::undo, "", "suspended", false},
        ReachedCase{K::notify_team, Direction::undo, "", "active", false},
        ReachedCase{K::notify_team, Direction::undo, "", "", false}));

}  // namespace
}  // namespace bailiff
