// The way of an order, on a panel that is told how each call ends.
#include "src/panel/stop_effect.hpp"

#include "src/panel/standing.hpp"
#include "tests/panel/scripted_http.hpp"

#include <gmock/gmock.h>

namespace bailiff::panel {
namespace {

using Kind = Outcome::Kind;
using Stand = Look::Stand;
using testing::ElementsAre;
using testing::IsEmpty;

/// One thing; each call notes itself and ends as `ends` says.
struct FakePanel final : PanelApi {
    Look seen{Stand::active, {}, {}, false};
    Look seen_later{Stand::active, {}, {}, false};
    Done::Kind ends = Done::Kind::done;
    std::string objects;
    std::vector<std::string>* calls = nullptr;

    Result<std::vector<Thing>> find(const Calls&, const Order&) override {
        return std::vector{Thing{"it", seen}};
    }
    Result<std::vector<std::string>> names_of_service(const std::string&) const override {
        return std::vector<std::string>{"it"};
    }
    bool is_of_account(const std::string&, const std::string&) const override { return true; }
    Result<Look> look(const Calls&, const std::string&) override { return seen_later; }
    Result<std::string> objection(const Calls&, const std::string&) override { return objects; }
    Done note(std::string call) const {
        calls->push_back(std::move(call));
        return {ends, "so it says"};
    }
    Done suspend(const Calls&, const std::string&, const std::string& reason) override {
        return note("suspend: " + reason);
    }
    Done lift(const Calls&, const std::string&) override { return note("lift"); }
    Done stop_mail(const Calls&, const std::string&) override { return note("stop mail"); }
    Done let_mail_go(const Calls&, const std::string&) override { return note("let mail go"); }
    Done destroy(const Calls&, const std::string&) override { return note("destroy"); }
};

struct Played {
    Outcome outcome;
    std::vector<std::string> calls;
};

Played play(FakePanel panel, Direction direction, const Order& order, bool may_purge = false) {
    Bench bench("whm");
    Played played;
    panel.calls = &played.calls;
    StopEffect effect(std::make_unique<FakePanel>(std::move(panel)),
                      {[&] { return Calls(bench.http, bench.clock, bench.settings); }, may_purge});
    played.outcome = direction == Direction::act ? effect.act(order) : effect.undo(order);
    return played;
}

FakePanel suspended_for(std::string reason, bool mail_stopped = false) {
    FakePanel panel;
    panel.seen = {Stand::suspended, {}, std::move(reason), mail_stopped};
    return panel;
}

const Order terminate = order_of(ActionKind::service_terminate, "it");
const Order suspend = order_of(ActionKind::service_suspend, "it");
const std::string ours = std::string("bailiff terminated case ") + case_id;

struct Ending {
    const char* name;
    Done::Kind ends;
    Stand later;
    Kind want;
};
std::ostream& operator<<(std::ostream& out, const Ending& row) {
    return out << row.name;
}

class Endings : public testing::TestWithParam<Ending> {};
INSTANTIATE_TEST_SUITE_P(
    Stop, Endings,
    testing::Values(Ending{"done", Done::Kind::done, Stand::active, Kind::done},
                    Ending{"turned_away", Done::Kind::not_done, Stand::active, Kind::retry},
                    Ending{"doubtful", Done::Kind::unknown, Stand::suspended, Kind::unknown},
                    Ending{"no_and_so_it_is", Done::Kind::refused, Stand::active, Kind::retry},
                    Ending{"no_but_it_is", Done::Kind::refused, Stand::suspended, Kind::done}),
    [](const auto& row) { return row.param.name; });

TEST_P(Endings, of_the_one_call_decide) {
    FakePanel panel;
    panel.ends = GetParam().ends;
    panel.seen_later = {GetParam().later, {}, "x", false};
    const auto played = play(panel, Direction::act, suspend);
    EXPECT_EQ(played.outcome.kind, GetParam().want) << played.outcome.detail;
    EXPECT_EQ(played.calls.size(), 1U);
}

TEST(Stop, what_is_as_wanted_is_left_alone) {
    EXPECT_THAT(play(suspended_for(ours, true), Direction::act, terminate).calls, IsEmpty());
    EXPECT_THAT(play(suspended_for("unpaid"), Direction::act, suspend).calls, IsEmpty());
    EXPECT_EQ(play(suspended_for("unpaid"), Direction::act, suspend).outcome.kind, Kind::done);
}

TEST(Stop, what_is_interrupted_between_the_two_calls_goes_on_with_the_second) {
    const auto played = play(suspended_for(ours), Direction::act, terminate);
    EXPECT_EQ(played.outcome.kind, Kind::done);
    EXPECT_THAT(played.calls, ElementsAre("stop mail"));
}

TEST(Stop, the_reason_of_before_is_kept_and_comes_back) {
    EXPECT_THAT(play(suspended_for("unpaid"), Direction::act, terminate).calls,
                ElementsAre("suspend: " + ours + "; before: unpaid", "stop mail"));
    auto undo = terminate;
    undo.state_before = "suspended";
    EXPECT_THAT(play(suspended_for(ours + "; before: unpaid", true), Direction::undo, undo).calls,
                ElementsAre("let mail go", "suspend: unpaid"));
}

TEST(Stop, an_objection_is_heard_before_anything_is_done) {
    FakePanel panel;
    panel.objects = "is a reseller";
    EXPECT_EQ(play(panel, Direction::act, terminate).outcome.kind, Kind::never);
    EXPECT_THAT(play(panel, Direction::act, terminate).calls, IsEmpty());
    panel.seen = {Stand::suspended, {}, ours, true};
    const auto purge = order_of(ActionKind::service_purge, "it");
    EXPECT_THAT(play(panel, Direction::act, purge, true).calls, IsEmpty());
}

TEST(Stop, nothing_is_purged_without_leave_nor_while_it_is_active) {
    const auto purge = order_of(ActionKind::service_purge, "it");
    EXPECT_EQ(play(suspended_for(ours, true), Direction::act, purge).outcome.kind, Kind::never);
    EXPECT_EQ(play(FakePanel(), Direction::act, purge, true).outcome.kind, Kind::never);
    EXPECT_THAT(play(suspended_for(ours, true), Direction::act, purge, true).calls,
                ElementsAre("destroy"));
}

struct Foreign {
    const char* name;
    std::string reason;
};
std::ostream& operator<<(std::ostream& out, const Foreign& row) {
    return out << row.name;
}

class ForeignReasons : public testing::TestWithParam<Foreign> {};
INSTANTIATE_TEST_SUITE_P(
    Undo, ForeignReasons,
    testing::Values(Foreign{"none", ""}, Foreign{"billing", "Overdue on Payment"},
                    Foreign{"another_case", "bailiff terminated case BZZZZZZZZZZZZZZZZ"},
                    Foreign{"another_deed", std::string("bailiff suspended case ") + case_id},
                    Foreign{"the_case_somewhere_in_it", std::string("see ") + case_id},
                    Foreign{"more_behind_it", ours + "0"}, Foreign{"cut", ours.substr(0, 30)}),
    [](const auto& row) { return row.param.name; });

TEST_P(ForeignReasons, are_not_lifted) {
    const auto played = play(suspended_for(GetParam().reason, true), Direction::undo, terminate);
    EXPECT_EQ(played.outcome.kind, Kind::never);
    EXPECT_THAT(played.calls, IsEmpty());
}

TEST(Undo, our_own_is_lifted_mail_first) {
    EXPECT_THAT(play(suspended_for(ours, true), Direction::undo, terminate).calls,
                ElementsAre("let mail go", "lift"));
}

TEST(Undo, mail_that_others_had_stopped_stays_so) {
    FakePanel silent;
    silent.seen.mail_stopped = true;
    EXPECT_THAT(play(silent, Direction::act, terminate).calls,
                ElementsAre("suspend: " + ours + "; mail was stopped"));
    auto undo = terminate;
    undo.state_before = "mail_suspended";
    EXPECT_THAT(play(suspended_for(ours + "; mail was stopped", true), Direction::undo, undo).calls,
                ElementsAre("lift"));
}

TEST(Undo, a_purge_has_none) {
    const auto purge = order_of(ActionKind::service_purge, "it");
    EXPECT_EQ(play(FakePanel(), Direction::undo, purge, true).outcome.kind, Kind::never);
}

// The state of several is that of the one which is stopped least.

TEST(States, of_several_are_that_of_the_least_stopped) {
    const Thing running{"a", {Stand::active, {}, {}, {}}};
    const Thing unpaid{"b", {Stand::suspended, {}, "unpaid", {}}};
    const Thing stopped{"c", {Stand::suspended, {}, ours, {}}};
    const Thing cancelled{"d", {Stand::other, "Cancelled", {}, {}}};
    const auto state = [](std::vector<Thing> things) {
        return state_of(things, ActionKind::account_suspend);
    };
    EXPECT_EQ(state({stopped, running, cancelled}), "active");
    EXPECT_EQ(state({stopped, unpaid, cancelled}), "suspended");
    EXPECT_EQ(state({stopped, cancelled}), "terminated");
    EXPECT_EQ(state({cancelled}), "cancelled");
}

TEST(States, what_is_absent_is_purged_only_to_a_purge) {
    const Look absent{Stand::absent, {}, {}, {}};
    EXPECT_EQ(state_of(absent, ActionKind::service_purge), "purged");
    EXPECT_EQ(state_of(absent, ActionKind::service_terminate), "absent");
    EXPECT_EQ(state_of(absent, ActionKind::account_suspend), "absent");
}

}  // namespace
}  // namespace bailiff::panel
