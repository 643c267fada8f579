// What is due of a case, at which instant, and what keeps it.
#include "src/retention/due.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;
using std::chrono::days;
using S = CaseState;
using K = Keeping;
using H = HeldBy;

const Instant start = *parse_rfc3339("2026-01-01");

struct World {
    Case record;
    std::vector<Action> actions;
    RetentionTerms terms{.settings = {}, .claim_window = 7 * 24h};
    bool legal_hold = false, content_erased = false, holder_erased = false;
    Instant readable_until{};

    World() {
        record.id = *CaseId::parse("B0123456789ABCDEF");
        record.opened = start;
        record.path = "zero_tolerance";
        record.state = S::rejected;
        record.events = {{start, "milter", "opened", ""}, {start, "dpo", "rejected", "spam"}};
    }
    void act(ActionKind kind, ActionState state, Instant changed) {
        Action action;
        action.kind = kind;
        action.state = state;
        action.changed = changed;
        actions.push_back(action);
    }
    [[nodiscard]] std::vector<RetentionLine> at(Instant now) const {
        return retention_lines({.record = record,
                                .actions = actions,
                                .legal_hold = legal_hold,
                                .content_erased = content_erased,
                                .holder_erased = holder_erased,
                                .readable_until = readable_until},
                               terms, now);
    }
    [[nodiscard]] bool due(Instant now) const { return is_due(at(now).at(0), now); }
};

struct KindCase {
    const char* name;
    const char* path;
    S state;
    K want;
    int content_days;  ///< the part that goes first
    int holder_days;   ///< 0: it goes with the content
    friend std::ostream& operator<<(std::ostream& out, const KindCase& row) {
        return out << row.name;
    }
};

class Kind : public testing::TestWithParam<KindCase> {
protected:
    Kind() {
        world_.record.path = GetParam().path;
        world_.record.state = GetParam().state;
        world_.record.events = {{start - days(3), "milter", "opened", ""},
                                {start, "dpo", std::string(to_text(GetParam().state)), ""}};
    }
    World world_;
};

TEST_P(Kind, is_due_at_its_instant_and_not_a_millisecond_before) {
    const auto due = start + days(GetParam().content_days);
    EXPECT_EQ(keeping_of(world_.record), GetParam().want);
    EXPECT_EQ(world_.at(due)[0].held,
              GetParam().state == S::open && GetParam().want != K::unconfirmed ? H::open_case
                                                                               : H::nothing);
    EXPECT_EQ(world_.at(due)[0].due, due);
    EXPECT_FALSE(world_.due(due - 1ms));
    EXPECT_EQ(world_.due(due), world_.at(due)[0].held == H::nothing);
}

TEST_P(Kind, has_a_holder_that_stays_as_long_as_the_file) {
    const auto lines = world_.at(start);
    ASSERT_THAT(lines, SizeIs(GetParam().holder_days == 0 ? 1 : 2));
    EXPECT_EQ(lines[0].part, GetParam().holder_days == 0 ? "all" : "content");
    EXPECT_EQ(lines.back().due,
              start + days(std::max(GetParam().holder_days, GetParam().content_days)));
}

INSTANTIATE_TEST_SUITE_P(
    Due, Kind,
    testing::Values(KindCase{"nobody_decided", "review", S::open, K::unconfirmed, 14, 0},
                    KindCase{"released", "review", S::released, K::claim_upheld, 30, 0},
                    KindCase{"reinstated", "zero_tolerance", S::reinstated, K::claim_upheld, 30, 0},
                    KindCase{"spam", "zero_tolerance", S::rejected, K::spam, 365, 1'826},
                    KindCase{"review_upheld", "review", S::rejected, K::spam, 365, 1'826},
                    KindCase{"suspended", "suspend", S::rejected, K::spam, 365, 1'826},
                    KindCase{"fraud", "prohibited_content", S::rejected, K::fraud, 2'192, 2'192},
                    KindCase{"compromised", "compromised", S::rejected, K::compromised, 90, 365},
                    KindCase{"spam_open", "zero_tolerance", S::open, K::spam, 365, 1'826}),
    [](const auto& row) { return std::string(row.param.name); });

struct HeldCase {
    const char* name;
    void (*change)(World&);
    H want;
    const char* why;
    friend std::ostream& operator<<(std::ostream& out, const HeldCase& row) {
        return out << row.name;
    }
};
const Instant late = start + days(4'000);

class HeldBack : public testing::TestWithParam<HeldCase> {};

TEST_P(HeldBack, with_a_sentence) {
    World world;
    GetParam().change(world);
    const auto line = world.at(late).at(0);
    EXPECT_EQ(line.held, GetParam().want);
    EXPECT_THAT(line.why, HasSubstr(GetParam().why));
    EXPECT_EQ(is_due(line, late), GetParam().want == H::nothing);
}

void review(World& w) {
    w.record.path = "review";
    w.record.state = S::open;
}

INSTANTIATE_TEST_SUITE_P(
    Due, HeldBack,
    testing::Values(
        HeldCase{"nothing", [](World&) {}, H::nothing, "retention.spam_days = 365"},
        HeldCase{"law", [](World& w) { w.legal_hold = true; }, H::legal_hold, "legal hold"},
        HeldCase{"law_over_open",
                 [](World& w) {
                     w.record.state = S::open;
                     w.legal_hold = true;
                 },
                 H::legal_hold, "legal hold"},
        HeldCase{"law_of_unconfirmed",
                 [](World& w) {
                     review(w);
                     w.legal_hold = true;
                 },
                 H::legal_hold, "legal hold"},
        HeldCase{"open", [](World& w) { w.record.state = S::open; }, H::open_case, "nobody has"},
        HeldCase{"unconfirmed_is_open", review, H::nothing, "unconfirmed_days = 14"},
        HeldCase{"waiting",
                 [](World& w) { w.act(ActionKind::notify_team, ActionState::waiting, start); },
                 H::actions, "actions"},
        HeldCase{"unknown",
                 [](World& w) { w.act(ActionKind::notify_team, ActionState::unknown, start); },
                 H::actions, "actions"},
        HeldCase{"dead", [](World& w) { w.act(ActionKind::notify_team, ActionState::dead, start); },
                 H::nothing, "spam"},
        HeldCase{"unconfirmed_waits_for_nobody",
                 [](World& w) {
                     review(w);
                     w.act(ActionKind::notify_team, ActionState::waiting, start);
                 },
                 H::nothing, "unconfirmed_days"},
        HeldCase{"claim",
                 [](World& w) {
                     w.act(ActionKind::service_terminate, ActionState::verified,
                           late - days(7) + 1ms);
                 },
                 H::claim_window, "object"},
        HeldCase{"claim_closed",
                 [](World& w) {
                     w.act(ActionKind::service_terminate, ActionState::verified, late - days(7));
                 },
                 H::nothing, "spam"},
        HeldCase{
            "not_terminated",
            [](World& w) { w.act(ActionKind::service_terminate, ActionState::observed, late); },
            H::nothing, "spam"},
        HeldCase{"handed_out", [](World& w) { w.readable_until = late + 1ms; }, H::disclosure,
                 "handed out until"},
        HeldCase{"unconfirmed_handed_out",
                 [](World& w) {
                     review(w);
                     w.readable_until = late + 1ms;
                 },
                 H::disclosure, "handed out until"},
        HeldCase{"was_handed_out", [](World& w) { w.readable_until = late; }, H::nothing, ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Due, counts_from_the_latest_word_of_a_person) {
    World world;
    world.record.state = S::released;
    world.record.events = {{start, "milter", "opened", ""},
                           {start + days(40), "a", "released", ""},
                           {start + days(20), "b", "released", "by a clock that was behind"}};
    EXPECT_FALSE(world.due(start + days(70) - 1ms));
    EXPECT_TRUE(world.due(start + days(70)));
}

TEST(Due, counts_from_the_last_event_when_the_decision_is_not_in_the_history) {
    World world;
    world.record.events = {{start + days(9), "milter", "joined", ""}};
    EXPECT_EQ(world.at(start)[0].begins, start + days(9));
}

TEST(Due, is_nothing_early_by_a_clock_that_went_back) {
    World world;
    review(world);
    EXPECT_FALSE(world.due(start - days(400)));
}

TEST(Due, names_only_what_is_left) {
    World world;
    world.content_erased = true;
    EXPECT_THAT(world.at(late), ElementsAre(Field(&RetentionLine::part, "holder")));
    world.holder_erased = true;
    EXPECT_THAT(world.at(late), IsEmpty());
    world.record.state = S::released;
    EXPECT_THAT(world.at(late), IsEmpty());
    world.holder_erased = false;
    EXPECT_THAT(world.at(late), ElementsAre(Field(&RetentionLine::part, "all")));
}

struct JobCase {
    const char* job;
    K keeping;
    bool want;
    friend std::ostream& operator<<(std::ostream& out, const JobCase& row) {
        return out << row.job << " " << to_text(row.keeping);
    }
};

class Job : public testing::TestWithParam<JobCase> {};

TEST_P(Job, erases_by_itself) {
    RetentionSettings settings;
    settings.job = GetParam().job;
    RetentionLine line;
    line.keeping = GetParam().keeping;
    EXPECT_EQ(is_of_job(line, settings), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Due, Job,
                         testing::Values(JobCase{"unconfirmed", K::unconfirmed, true},
                                         JobCase{"unconfirmed", K::claim_upheld, false},
                                         JobCase{"unconfirmed", K::spam, false},
                                         JobCase{"show", K::unconfirmed, false},
                                         JobCase{"show", K::spam, false},
                                         JobCase{"all", K::unconfirmed, true},
                                         JobCase{"all", K::fraud, true}));

struct ClockCase {
    const char* name;
    KnownClock clock;
    bool by_person;
    const char* want;  ///< empty: it may
    friend std::ostream& operator<<(std::ostream& out, const ClockCase& row) {
        return out << row.name;
    }
};

class Time : public testing::TestWithParam<ClockCase> {};

TEST_P(Time, must_be_believed) {
    const auto said = clock_objection(GetParam().clock, start, GetParam().by_person);
    EXPECT_THAT(said, HasSubstr(GetParam().want));
    EXPECT_EQ(said.empty(), std::string_view(GetParam().want).empty());
}

INSTANTIATE_TEST_SUITE_P(
    Due, Time,
    testing::Values(ClockCase{"good", {true, {}, start}, false, ""},
                    ClockCase{"unsynced", {false, {}, start}, false, "not synchronised"},
                    ClockCase{"unsynced_person", {false, {}, start}, true, ""},
                    ClockCase{"ahead", {true, 3'600s, start}, false, "jumped by 3600 s"},
                    ClockCase{"ahead_person", {true, 3'600s, start}, true, "jumped"},
                    ClockCase{"back", {true, -3'600s, start}, false, "jumped by -3600 s"},
                    ClockCase{"behind_the_log", {true, {}, start + 61s}, true, "behind the log"},
                    ClockCase{"a_step", {true, {}, start + 60s}, false, ""}),
    [](const auto& row) { return std::string(row.param.name); });

struct BudgetCase {
    std::uint64_t due, erased;
    std::int64_t most;
    bool stops;
    friend std::ostream& operator<<(std::ostream& out, const BudgetCase& row) {
        return out << row.due << " " << row.erased << " of " << row.most;
    }
};

class Budget : public testing::TestWithParam<BudgetCase> {};

TEST_P(Budget, stops_what_is_too_much) {
    RetentionSettings settings;
    settings.erasures_a_day = GetParam().most;
    const auto said = budget_objection(GetParam().due, GetParam().erased, settings);
    EXPECT_EQ(!said.empty(), GetParam().stops) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Due, Budget,
    testing::Values(BudgetCase{5'000, 0, 5'000, false}, BudgetCase{5'001, 0, 5'000, true},
                    BudgetCase{1, 4'999, 5'000, false}, BudgetCase{1, 5'000, 5'000, true},
                    BudgetCase{0, 6'000, 5'000, false}, BudgetCase{1, 0, 0, true}));

}  // namespace
}  // namespace bailiff
