// What is there after the process died: what it acknowledged, once, and its indexes (faults E01,
// E06).
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <ostream>
#include <string>

#include "lmdb/ledger.hpp"
#include "tests/lmdb/children.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

std::unique_ptr<LmdbLedger> open(const std::string& path, const std::string& role = "milter") {
    return LmdbLedger::open({.path = path, .role = role}).value();
}

/// What a station does that may come again after a crash: a case that is there is not made twice.
Result<void> put_once(Ledger& ledger, std::uint64_t number) {
    return ledger.update([=](LedgerTxn& txn) -> Result<void> {
        BAILIFF_TRY(const auto same, txn.case_by_fingerprint(full_case(number).fingerprint));
        if (same) return {};
        return write_incident(txn, number);
    });
}

/// Writes incidents from `first` on, one byte to the pipe for each that was acknowledged.
void write_on(const std::string& path, const std::string& role, std::uint64_t first,
              std::uint64_t count, int pipe) {
    const auto ledger = open(path, role);
    for (auto number = first; number < first + count; ++number) {
        if (!put_once(*ledger, number)) _exit(1);
        (void)!write(pipe, "x", 1);
    }
}

std::uint64_t cases_in(const Ledger& ledger) {
    std::uint64_t cases = 0;
    EXPECT_TRUE(ledger.read([&](const LedgerView& view) -> Result<void> {
        cases = view.stats()->cases;
        return {};
    }));
    return cases;
}

void expect_acknowledged(const Ledger& ledger, std::uint64_t count) {
    EXPECT_TRUE(ledger.read([&](const LedgerView& view) -> Result<void> {
        for (std::uint64_t number = 0; number < count; ++number)
            EXPECT_TRUE(view.find_case(case_id(number))->has_value()) << number;
        return {};
    }));
}

struct Point {
    std::string name;
    std::uint64_t written;  ///< of the one that was being written
};
std::ostream& operator<<(std::ostream& out, const Point& point) {
    return out << point.name;
}

// "answered": the caller has been told, whether it could still say so or not.
const Point points[] = {{"begin", 0}, {"changed", 0}, {"committed", 1}, {"answered", 1}};

class CrashPoint : public testing::TestWithParam<Point> {};
INSTANTIATE_TEST_SUITE_P(Each, CrashPoint, testing::ValuesIn(points),
                         [](const auto& row) { return row.param.name; });

TEST_P(CrashPoint, keeps_what_was_acknowledged_once) {
    const TempDir dir;
    const auto path = dir / "ledger";
    Child child([&](int pipe) {
        write_on(path, "milter", 0, 5, pipe);
        setenv("BAILIFF_CRASH_AT", GetParam().name.c_str(), 1);
        write_on(path, "milter", 5, 1, pipe);
    });
    const auto acknowledged = child.acknowledged(6);
    const auto status = child.wait();
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    EXPECT_GE(acknowledged, 5U);
    const auto ledger = open(path);
    expect_acknowledged(*ledger, acknowledged);
    EXPECT_EQ(cases_in(*ledger), 5 + GetParam().written);
    EXPECT_EQ(inconsistencies(*ledger), "");
    EXPECT_TRUE(put_once(*ledger, 5));  // the retry
    EXPECT_EQ(cases_in(*ledger), 6U);
    EXPECT_EQ(inconsistencies(*ledger), "");
}

class Killed : public testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(AfterSome, Killed, testing::Range(0U, 24U));

TEST_P(Killed, keeps_what_was_acknowledged_once) {
    const TempDir dir;
    const auto path = dir / "ledger";
    Child child([&](int pipe) { write_on(path, "milter", 0, 1'000'000, pipe); });
    auto acknowledged = child.acknowledged(1 + GetParam());
    usleep(GetParam() * 97);  // into the next commit, somewhere
    child.kill_it();
    acknowledged += child.acknowledged(1'000'000);
    (void)child.wait();
    const auto ledger = open(path);
    expect_acknowledged(*ledger, acknowledged);
    EXPECT_LE(cases_in(*ledger), acknowledged + 1);
    EXPECT_EQ(inconsistencies(*ledger), "");
}

TEST(TwoProcesses, write_at_the_same_time) {
    const TempDir dir;
    const auto path = dir / "ledger";
    Child milter([&](int pipe) { write_on(path, "milter", 0, 150, pipe); });
    Child enforcer([&](int pipe) { write_on(path, "enforcer", 1'000, 150, pipe); });
    EXPECT_EQ(milter.acknowledged(150), 150U);
    EXPECT_EQ(enforcer.acknowledged(150), 150U);
    EXPECT_EQ(milter.wait(), 0);
    EXPECT_EQ(enforcer.wait(), 0);
    const auto ledger = open(path);
    EXPECT_EQ(cases_in(*ledger), 300U);
    EXPECT_EQ(inconsistencies(*ledger), "");
}

TEST(TwoProcesses, go_on_when_one_is_killed) {
    const TempDir dir;
    const auto path = dir / "ledger";
    Child milter([&](int pipe) { write_on(path, "milter", 0, 100, pipe); });
    Child enforcer([&](int pipe) { write_on(path, "enforcer", 1'000, 1'000'000, pipe); });
    EXPECT_EQ(enforcer.acknowledged(20), 20U);
    enforcer.kill_it();
    EXPECT_EQ(milter.acknowledged(100), 100U);
    EXPECT_EQ(milter.wait(), 0);
    const auto ledger = open(path);
    expect_acknowledged(*ledger, 100);
    EXPECT_EQ(inconsistencies(*ledger), "");
}

}  // namespace
}  // namespace bailiff
