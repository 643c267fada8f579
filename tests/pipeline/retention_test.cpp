// The job that erases what is due, a person's run, and all that stops them.
#include "src/pipeline/retention_job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/memory/ledger.hpp"
#include "src/pipeline/disclosure.hpp"
#include "src/pipeline/erasure.hpp"
#include "tests/pipeline/carry_out_world.hpp"

namespace bailiff {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using namespace std::chrono_literals;
using std::chrono::days;

class Retention : public testing::Test {
protected:
    /// An unconfirmed case, opened now.
    CaseId open(int number, const std::string& path = "review") {
        Case record;
        record.id = test::World::case_id(number);
        record.opened = clock_.now();
        record.path = path;
        EXPECT_TRUE(ledger_.update([&](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(txn.put_case(record));
            BAILIFF_CHECK(txn.put_message(record.id, "sealed message"));
            BAILIFF_CHECK(
                txn.append_leaf(new_leaf("case-open", record.id.text(), "x", record.opened)));
            return {};
        }));
        return record.id;
    }
    std::string message(const CaseId& id) {
        std::string bytes;
        EXPECT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(bytes, view.message(id));
            return {};
        }));
        return bytes;
    }
    bool is_erased(const CaseId& id) { return message(id) == erased_bytes; }
    CaseEvent last_event(const CaseId& id) {
        CaseEvent event;
        EXPECT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(const auto record, view.find_case(id));
            event = record->events.back();
            return {};
        }));
        return event;
    }
    std::vector<std::string> leaves() {
        std::vector<std::string> kinds;
        EXPECT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(const auto all, view.leaves(0, 100));
            for (const auto& leaf : all) kinds.push_back(leaf.kind);
            return {};
        }));
        return kinds;
    }
    void hold(const CaseId& id, const std::string& what) {
        EXPECT_TRUE(ledger_.update([&](LedgerTxn& txn) {
            return hold_for_law(txn, id, {"dpo", "a court asks", what}, clock_.now());
        }));
    }
    void reject(const CaseId& id) {
        EXPECT_TRUE(ledger_.update([&](LedgerTxn& txn) -> Result<void> {
            BAILIFF_TRY(auto record, txn.find_case(id));
            record->state = CaseState::rejected;
            return txn.put_case(*record);
        }));
    }
    void steps(int count) {
        for (int i = 0; i < count; ++i) job_.step();
    }
    Result<RetentionRun> run_by_person(std::uint64_t count = 100) {
        return run_retention(ledger_, terms_, known_, {"dpo", "law"}, {0, count}, clock_.now());
    }

    MemoryLedger ledger_;
    test::TestClock clock_;
    test::ListJournal journal_;
    RetentionTerms terms_{};
    KnownClock known_{.synced = true, .jump = {}, .newest = {}};
    RetentionJob job_{ledger_,
                      clock_,
                      journal_,
                      {.terms = [this] { return terms_; },
                       .clock = [this] { return known_; },
                       .erasures_a_step = 2}};
};

TEST_F(Retention, erases_what_nobody_confirmed_and_says_who_and_why) {
    const auto old = open(1);
    clock_.pass(days(1));
    const auto young = open(2);
    clock_.pass(days(13));
    steps(3);
    EXPECT_TRUE(is_erased(old));
    EXPECT_FALSE(is_erased(young));
    const auto event = last_event(old);
    EXPECT_EQ(event.by, "retention");
    EXPECT_EQ(event.what, "custody erase all");
    EXPECT_THAT(event.reason, HasSubstr("retention.unconfirmed_days = 14"));
    EXPECT_THAT(leaves(), ElementsAre("case-open", "case-open", "erasure"));
    EXPECT_THAT(journal_.alarms, IsEmpty());
}

TEST_F(Retention, leaves_to_a_person_what_the_job_is_not_for) {
    const auto id = open(1, "zero_tolerance");
    reject(id);
    clock_.pass(days(400));
    steps(3);
    EXPECT_FALSE(is_erased(id));
    const auto run = run_by_person();
    ASSERT_TRUE(run.has_value()) << run.error().what;
    EXPECT_THAT(run->erased, SizeIs(1));
    EXPECT_TRUE(run->end);
    EXPECT_TRUE(is_erased(id));
    EXPECT_EQ(last_event(id).by, "dpo");
    EXPECT_THAT(last_event(id).reason, HasSubstr("law; The case is of spam"));
}

TEST_F(Retention, spares_a_case_on_legal_hold_until_it_is_released) {
    const auto id = open(1);
    hold(id, "set");
    clock_.pass(days(20));
    steps(3);
    EXPECT_FALSE(is_erased(id));
    EXPECT_THAT(run_by_person()->erased, IsEmpty());
    hold(id, "released");
    clock_.pass(2h);
    steps(3);
    EXPECT_TRUE(is_erased(id));
}

TEST_F(Retention, asks_for_a_hold_again_within_the_transaction) {
    const auto id = open(1);
    clock_.pass(days(20));
    job_.step();  // has counted it
    hold(id, "set");
    steps(3);
    EXPECT_FALSE(is_erased(id));
}

TEST_F(Retention, spares_what_a_person_confirms_before_its_turn) {
    const auto id = open(1);
    clock_.pass(days(20));
    job_.step();  // has counted it
    reject(id);
    steps(3);
    EXPECT_FALSE(is_erased(id));
}

TEST_F(Retention, spares_what_is_handed_out_before_its_turn) {
    const auto id = open(1);
    clock_.pass(days(20));
    job_.step();  // has counted it
    EXPECT_TRUE(ledger_.update([&](LedgerTxn& txn) -> Result<void> {
        Disclosure disclosure;
        disclosure.by = "dpo";
        disclosure.reason = "a court asks";
        disclosure.profile = "court";
        BAILIFF_CHECK(note_disclosure(txn, id, disclosure, clock_.now()));
        return {};
    }));
    steps(3);
    EXPECT_FALSE(is_erased(id));
    clock_.pass(2h);
    steps(3);
    EXPECT_TRUE(is_erased(id));
}

TEST_F(Retention, erases_nothing_by_a_clock_that_is_behind_the_log) {
    const auto id = open(1);
    clock_.pass(days(20));
    EXPECT_TRUE(ledger_.update([&](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(txn.append_leaf(new_leaf("config", "x", "x", clock_.now() + days(1))));
        return {};
    }));
    steps(3);
    EXPECT_FALSE(is_erased(id));
    EXPECT_THAT(journal_.lines, Contains(HasSubstr("behind the log")));
    EXPECT_FALSE(run_by_person().has_value());
}

TEST_F(Retention, counts_only_what_the_job_is_for) {
    terms_.settings.erasures_a_day = 1;
    reject(open(1));
    reject(open(2));
    const auto id = open(3);
    clock_.pass(days(400));
    steps(3);
    EXPECT_TRUE(is_erased(id));
    EXPECT_THAT(journal_.alarms, IsEmpty());
}

TEST_F(Retention, stops_when_more_is_due_than_a_day_allows) {
    terms_.settings.erasures_a_day = 2;
    for (int i = 1; i < 4; ++i) open(i);
    clock_.pass(days(20));
    steps(4);
    EXPECT_THAT(leaves(), SizeIs(3)) << "nothing is begun";
    EXPECT_THAT(journal_.alarms, ElementsAre("retention_state"));
    EXPECT_THAT(journal_.lines, Contains(HasSubstr("erasures_a_day allows 2")));
    const auto report = retention_report(ledger_, terms_, known_, clock_.now());
    EXPECT_EQ(report->due_by_job, 3U);
    EXPECT_THAT(report->stopped, HasSubstr("bailiff retention run"));
    EXPECT_THAT(run_by_person(2)->erased, SizeIs(2));
    clock_.pass(2h);
    steps(3);
    EXPECT_THAT(leaves(), SizeIs(6));
}

TEST_F(Retention, counts_what_it_erased_within_the_day) {
    terms_.settings.erasures_a_day = 2;
    for (int i = 1; i < 3; ++i) open(i);
    clock_.pass(1h);
    const auto later = open(3);
    clock_.pass(days(14) - 1h);
    steps(3);
    clock_.pass(2h);
    steps(3);
    EXPECT_FALSE(is_erased(later));
    clock_.pass(days(1));
    steps(3);
    EXPECT_TRUE(is_erased(later));
}

TEST_F(Retention, erases_nothing_by_a_clock_that_is_not_known) {
    const auto id = open(1);
    clock_.pass(days(20));
    known_.synced = false;
    steps(3);
    known_ = {.synced = true, .jump = 3'600s, .newest = {}};
    clock_.pass(2h);
    steps(3);
    EXPECT_FALSE(run_by_person().has_value());
    EXPECT_FALSE(is_erased(id));
    EXPECT_THAT(journal_.alarms, Contains("retention_state"));
    known_ = {.synced = true, .jump = {}, .newest = {}};
    clock_.pass(2h);
    steps(3);
    EXPECT_TRUE(is_erased(id));
}

TEST_F(Retention, stops_half_way_when_the_clock_jumps) {
    for (int i = 1; i < 4; ++i) open(i);
    clock_.pass(days(20));
    steps(2);
    known_.jump = 3'600s;
    steps(3);
    EXPECT_THAT(leaves(), SizeIs(5)) << "two of three";
}

TEST_F(Retention, goes_on_after_a_crash_where_it_was) {
    for (int i = 1; i < 4; ++i) open(i);
    clock_.pass(days(20));
    steps(2);
    EXPECT_THAT(leaves(), SizeIs(5));
    RetentionJob next(ledger_, clock_, journal_,
                      {.terms = [this] { return terms_; }, .clock = [this] { return known_; }});
    for (int i = 0; i < 4; ++i) next.step();
    EXPECT_THAT(leaves(), SizeIs(6)) << "each once";
}

TEST_F(Retention, shows_what_comes_and_what_is_held_back) {
    const auto held = open(1);
    hold(held, "set");
    open(2);
    clock_.pass(days(14));
    open(3);
    const auto report = retention_report(ledger_, terms_, known_, clock_.now());
    ASSERT_TRUE(report.has_value());
    EXPECT_EQ(report->due, 1U);
    EXPECT_EQ(report->held, 1U);
    EXPECT_EQ(report->next, 1U);
    ASSERT_THAT(report->lines, SizeIs(3));
    EXPECT_EQ(report->lines[0].case_id, test::World::case_id(2));
    EXPECT_EQ(report->lines[1].held, HeldBy::legal_hold);
    EXPECT_EQ(report->lines[2].case_id, test::World::case_id(3));
    EXPECT_THAT(leaves(), Not(Contains("erasure")));
}

}  // namespace
}  // namespace bailiff
