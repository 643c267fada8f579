// What the ledger on disk does when the world is against it.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "lmdb/holders.hpp"
#include "lmdb/ledger.hpp"
#include "tests/lmdb/children.hpp"
#include "tests/lmdb/disk_faults.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

std::unique_ptr<LmdbLedger> open(const std::string& path, std::uint64_t map_bytes = 64U << 20) {
    return LmdbLedger::open({.path = path, .role = "milter", .map_bytes = map_bytes}).value();
}

Result<void> put(Ledger& ledger, std::uint64_t number) {
    return ledger.update([=](LedgerTxn& txn) { return write_incident(txn, number); });
}

Result<void> put_big_message(Ledger& ledger, std::uint64_t number) {
    return ledger.update(
        [=](LedgerTxn& txn) { return txn.put_message(case_id(number), std::string(20'000, 'm')); });
}

constexpr std::uint64_t actions_at_once = 50;  // each commit waits for the disk

Result<void> put_actions(Ledger& ledger, std::uint64_t number) {
    return ledger.update([=](LedgerTxn& txn) -> Result<void> {
        for (auto one = number * actions_at_once; one < (number + 1) * actions_at_once; ++one)
            BAILIFF_CHECK(txn.put_action(full_action(one, 1)));
        return {};
    });
}

/// Repeats `step` with rising numbers until it fails; how often it did not.
template <class Step>
std::size_t until_refused(const Step& step, Fault want) {
    for (std::size_t number = 0; number < 100'000; ++number) {
        const auto done = step(number);
        if (done) continue;
        EXPECT_EQ(done.error().fault, want) << done.error().what;
        return number;
    }
    ADD_FAILURE() << "never refused";
    return 0;
}

TEST(FullMap, refuses_messages_before_the_outbox) {  // fault E03
    const TempDir dir;
    const auto ledger = open(dir / "ledger", 1U << 20);
    const auto messages = until_refused(
        [&](auto number) { return put_big_message(*ledger, number); }, Fault::exhausted);
    EXPECT_GT(messages, 10U);
    EXPECT_TRUE(put_actions(*ledger, 0));
    EXPECT_TRUE(ledger->update([](LedgerTxn& txn) {
        return txn.put_standing(service_ref("x"), {Standing::held, {}, {}});
    }));
    const auto actions =
        until_refused([&](auto number) { return put_actions(*ledger, number); }, Fault::exhausted);
    EXPECT_GT(actions, 1U);
    EXPECT_TRUE(ledger->read([&](const LedgerView& view) -> Result<void> {
        EXPECT_EQ(view.actions_of(case_id(1))->size(), actions * actions_at_once);
        return {};
    }));
}

TEST(FullMap, takes_more_after_it_was_opened_larger) {
    const TempDir dir;
    const auto path = dir / "ledger";
    std::size_t actions = 0;
    {
        const auto small = open(path, 1U << 20);
        actions = until_refused([&](auto number) { return put_actions(*small, number); },
                                Fault::exhausted);
    }
    EXPECT_TRUE(put_actions(*open(path, 4U << 20), actions));
}

TEST(FullDisk, refuses_and_recovers_by_itself) {  // fault E04
    const TempDir dir;
    EXPECT_TRUE(in_child([&] {
        signal(SIGXFSZ, SIG_IGN);
        const auto ledger = open(dir / "ledger");
        bool fine = put(*ledger, 1).has_value();
        // One of LMDB's writes begins just there; one that is cut short is BrokenDisk's.
        const rlimit small{536U << 10, RLIM_INFINITY}, large{RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &small);
        const auto refused = until_refused(
            [&](auto number) { return put_big_message(*ledger, number); }, Fault::exhausted);
        fine = fine && refused > 2 && inconsistencies(*ledger).empty();
        setrlimit(RLIMIT_FSIZE, &large);
        return fine && put(*ledger, 2).has_value() && inconsistencies(*ledger).empty();
    }));
}

/// Changes every occurrence of `text` in the file by one bit of its first byte.
std::size_t spoil(const std::string& file, const std::string& text) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::size_t count = 0;
    for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) {
        bytes[at] = static_cast<char>(bytes[at] ^ 4);
        ++count;
    }
    std::ofstream(file, std::ios::binary) << bytes;
    return count;
}

TEST(SpoiledRecord, is_reported_and_the_rest_is_served) {  // fault E09
    const TempDir dir;
    const auto path = dir / "ledger";
    {
        const auto ledger = open(path);
        for (const auto number : {1U, 2U, 3U}) ASSERT_TRUE(put(*ledger, number));
        ASSERT_TRUE(ledger->update([](LedgerTxn& txn) -> Result<void> {
            auto record = full_case(2);
            record.attribution_reason.en = "a mark to find";
            auto action = full_action(3, 3);
            action.detail = "another mark";
            BAILIFF_CHECK(txn.put_action(action));
            return txn.put_case(record);
        }));
    }
    ASSERT_GT(spoil(path + "/data.mdb", "a mark to find"), 0U);
    ASSERT_GT(spoil(path + "/data.mdb", "another mark"), 0U);
    ASSERT_GT(spoil(path + "/data.mdb", "message 1"), 0U);
    const auto ledger = open(path);
    ASSERT_TRUE(ledger->read([](const LedgerView& view) -> Result<void> {
        EXPECT_EQ(view.find_case(case_id(2)).error().fault, Fault::corrupt);
        EXPECT_EQ(view.find_action(action_id(3)).error().fault, Fault::corrupt);
        EXPECT_EQ(view.actions_of(case_id(3)).error().fault, Fault::corrupt);
        EXPECT_EQ(view.message(case_id(1)).error().fault, Fault::corrupt);
        EXPECT_EQ(view.cases({})->size(), 2U);
        EXPECT_EQ(view.outbox(9)->size(), 2U);
        return {};
    }));
    EXPECT_EQ(ledger->corrupt_seen(), 2U);
}

TEST(SpoiledRecord, can_be_replaced) {
    const TempDir dir;
    const auto path = dir / "ledger";
    auto action = full_action(1, 1);
    action.detail = "a mark to find";
    {
        const auto ledger = open(path);
        ASSERT_TRUE(ledger->update([&](LedgerTxn& txn) { return txn.put_action(action); }));
    }
    ASSERT_GT(spoil(path + "/data.mdb", action.detail), 0U);
    const auto ledger = open(path);
    action.due = at_ms(5);
    ASSERT_TRUE(ledger->update([&](LedgerTxn& txn) { return txn.put_action(action); }));
    ASSERT_TRUE(ledger->read([&](const LedgerView& view) -> Result<void> {
        EXPECT_EQ(view.outbox(9).value(), std::vector{action});
        return {};
    }));
}

TEST(ReadOnly, reads_beside_a_writer_and_writes_nothing) {
    const TempDir dir;
    const auto path = dir / "ledger";
    const auto ledger = open(path);
    ASSERT_TRUE(put(*ledger, 1));
    EXPECT_TRUE(in_child([&] {
        const auto look = LmdbLedger::open({.path = path, .role = "", .read_only = true}).value();
        return put(*look, 2).error().fault == Fault::unavailable && inconsistencies(*look).empty();
    }));
}

TEST(ReadOnly, finds_nothing_where_nothing_is) {
    const TempDir dir;
    const auto opened = LmdbLedger::open({.path = dir / "none", .role = "", .read_only = true});
    EXPECT_EQ(opened.error().fault, Fault::not_found);
}

TEST(OneCommit, keeps_what_succeeds_beside_what_fails) {
    const TempDir dir;
    const auto ledger = open(dir / "ledger");
    std::promise<void> begun, gate;
    const auto opened = gate.get_future().share();
    auto first = std::async(std::launch::async, [&] {
        return ledger->update([&, opened](LedgerTxn& txn) {
            begun.set_value();
            opened.wait();
            return write_incident(txn, 1);
        });
    });
    begun.get_future().wait();  // whatever comes now is in the next commit, all together
    const auto fails = [&ledger] {
        return ledger->update([](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(write_incident(txn, 2));
            return fail(Fault::invalid_input, "no");
        });
    };
    auto bad = std::async(std::launch::async, fails);
    auto good = std::async(std::launch::async, [&] { return put(*ledger, 3); });
    auto worse = std::async(std::launch::async, fails);
    while (ledger->queued() != 3) std::this_thread::yield();
    gate.set_value();
    EXPECT_TRUE(first.get());
    EXPECT_FALSE(bad.get());
    EXPECT_TRUE(good.get());
    EXPECT_FALSE(worse.get());
    EXPECT_EQ(inconsistencies(*ledger), "");
    EXPECT_TRUE(ledger->read([](const LedgerView& view) -> Result<void> {
        EXPECT_FALSE(view.find_case(case_id(2))->has_value());
        EXPECT_TRUE(view.find_case(case_id(3))->has_value());
        return {};
    }));
}

TEST(LockedOut, gives_up_in_time_and_never_writes) {  // fault E19
    const TempDir dir;
    const auto path = dir / "ledger";
    ASSERT_TRUE(put(*open(path), 1));
    Child hog([&](int pipe) {
        const auto other = LmdbLedger::open({.path = path, .role = "enforcer"}).value();
        (void)other->update([&](LedgerTxn&) -> Result<void> {
            (void)!write(pipe, "x", 1);
            pause();
            return {};
        });
    });
    ASSERT_EQ(hog.acknowledged(1), 1U);
    const auto ledger =
        LmdbLedger::open(
            {.path = path, .role = "milter", .commit_wait = std::chrono::milliseconds(20)})
            .value();
    EXPECT_EQ(put(*ledger, 2).error().fault, Fault::unavailable);
    hog.kill_it();
    (void)hog.wait();
    while (!put(*ledger, 3)) std::this_thread::yield();
    EXPECT_EQ(inconsistencies(*ledger), "");
    EXPECT_TRUE(ledger->read([](const LedgerView& view) -> Result<void> {
        EXPECT_FALSE(view.find_case(case_id(2))->has_value());
        return {};
    }));
}

class BrokenDisk : public testing::TestWithParam<DiskFault::At> {};
INSTANTIATE_TEST_SUITE_P(Each, BrokenDisk,
                         testing::Values(DiskFault::At::sync, DiskFault::At::meta_page),
                         [](const auto& at) {
                             return at.param == DiskFault::At::sync ? "sync" : "meta_page";
                         });

/// As long as it takes, and an error in the end: every second the ledger looks after itself.
template <class Condition>
void wait_until(const Condition& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_TRUE(holds());
}

TEST_P(BrokenDisk, leaves_the_outcome_open_and_opens_anew_by_itself) {  // faults E05, E06
    const TempDir dir;
    const auto ledger = open(dir / "ledger");
    ASSERT_TRUE(put(*ledger, 1));
    {
        const DiskFault fault(GetParam());
        const auto done = put(*ledger, 2);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().fault, Fault::internal);
        EXPECT_NE(done.error().what.find("not known"), std::string::npos);
        EXPECT_EQ(ledger->health().state, LedgerState::broken);
        EXPECT_EQ(put(*ledger, 3).error().fault, Fault::unavailable);
        std::this_thread::sleep_for(std::chrono::milliseconds(1200));
        EXPECT_EQ(ledger->health().state, LedgerState::broken) << "the probe fails, too";
    }
    wait_until([&] { return ledger->health().state == LedgerState::ok; });
    EXPECT_EQ(ledger->health().reopened, 1U);
    EXPECT_EQ(inconsistencies(*ledger), "");
    EXPECT_TRUE(put(*ledger, 4));
    EXPECT_EQ(inconsistencies(*ledger), "");
    EXPECT_TRUE(ledger->read([](const LedgerView& view) -> Result<void> {
        EXPECT_TRUE(view.find_case(case_id(1))->has_value());
        EXPECT_FALSE(view.find_case(case_id(3))->has_value());
        return {};
    }));
}

TEST_P(BrokenDisk, tells_what_nobody_heard_when_it_is_open_again) {  // fault E06
    const TempDir dir;
    const auto ledger = open(dir / "ledger");
    std::atomic<int> told = 0;
    {
        const DiskFault fault(GetParam());
        EXPECT_FALSE(ledger->update([](LedgerTxn& txn) { return write_incident(txn, 1); },
                                    [&](LedgerTxn&) -> Result<void> {
                                        ++told;
                                        return {};
                                    }));
        EXPECT_EQ(told, 0);
    }
    wait_until([&] { return told == 1; });
}

TEST(ReadingWhileBroken, never_meets_a_closed_file) {
    const TempDir dir;
    const auto ledger = open(dir / "ledger");
    ASSERT_TRUE(put(*ledger, 1));
    std::atomic<bool> stop = false;
    std::vector<std::thread> readers;
    for (int n = 0; n < 4; ++n)
        readers.emplace_back([&] {
            while (!stop)
                (void)ledger->read([](const LedgerView& view) -> Result<void> {
                    EXPECT_TRUE(view.find_case(case_id(1))->has_value());
                    return {};
                });
        });
    {
        const DiskFault fault(DiskFault::At::sync);
        EXPECT_FALSE(put(*ledger, 2));
    }
    wait_until([&] { return ledger->health().state == LedgerState::ok; });
    stop = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(ledger->health().reopened, 1U);
}

TEST(FullMap, is_a_state) {
    const TempDir dir;
    const auto ledger = open(dir / "ledger", 1U << 20);
    EXPECT_EQ(ledger->health().state, LedgerState::ok);
    (void)until_refused([&](auto number) { return put_big_message(*ledger, number); },
                        Fault::exhausted);
    wait_until([&] { return ledger->health().state == LedgerState::filling; });
    EXPECT_TRUE(ledger->health().is_writable());
    EXPECT_TRUE(put_actions(*ledger, 0)) << "the outbox goes on";
}

TEST(FullDisk, is_a_state_that_ends_with_its_cause) {
    const TempDir dir;
    EXPECT_TRUE(in_child([&] {
        signal(SIGXFSZ, SIG_IGN);
        const auto ledger = open(dir / "ledger");
        // One of LMDB's writes begins just there; one that is cut short is BrokenDisk's.
        const rlimit small{536U << 10, RLIM_INFINITY}, large{RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &small);
        // A write that is cut in its middle is EIO to LMDB: then it is opened anew meanwhile.
        for (std::uint64_t n = 0; n < 10'000 && ledger->health().is_writable(); ++n)
            (void)put_big_message(*ledger, n);
        EXPECT_FALSE(ledger->health().is_writable());
        setrlimit(RLIMIT_FSIZE, &large);
        wait_until([&] { return ledger->health().state == LedgerState::ok; });
        return !testing::Test::HasFailure();
    }));
}

TEST(LockFile, has_all_its_blocks_before_it_is_mapped) {  // else SIGBUS on a full disk
    const TempDir dir;
    const auto ledger = open(dir / "ledger");
    struct stat status {};
    ASSERT_EQ(stat((dir / "ledger/lock.mdb").c_str(), &status), 0);
    EXPECT_GE(status.st_blocks * 512, status.st_size);
    EXPECT_GE(status.st_size, 4096 * 64);
}

TEST(WrongEnvironment, is_refused) {  // fault E16
    const TempDir dir;
    { ASSERT_TRUE(HolderStore::open(dir / "env")); }
    const auto opened = LmdbLedger::open({.path = dir / "env", .role = "milter"});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, Fault::corrupt);
    EXPECT_NE(opened.error().what.find("holders"), std::string::npos) << opened.error().what;
}

}  // namespace
}  // namespace bailiff
