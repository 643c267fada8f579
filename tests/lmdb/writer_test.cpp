#include "lmdb/writer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace bailiff::lmdb {
namespace {

using namespace std::chrono_literals;

Result<void> nothing(LedgerTxn&) {
    return {};
}

/// A writer whose duty waits at a gate before each batch, and notes the sizes of batches.
class Gated {
public:
    explicit Gated(Waits waits)
        : writer(waits, {[this](Writer& self, const Writer::Batch& batch) { commit(self, batch); },
                         [] {}}) {}
    ~Gated() { open(); }

    std::future<Result<void>> start() {
        return std::async(std::launch::async, [this] { return writer.run(nothing); });
    }
    void wait_queued(std::size_t count) const {
        while (writer.queued() != count) std::this_thread::yield();
    }
    void wait_arrived() { arrived_.get_future().wait(); }
    void open() {
        if (!opened_) gate_.set_value();
        opened_ = true;
    }

    bool begins_before_gate = false;
    std::atomic<int> batches = 0;
    std::vector<std::size_t> begun;  ///< of each batch; read when all is answered

private:
    void commit(Writer& self, const Writer::Batch& batch) {
        std::size_t count = 0;
        Writer::Batch mine;
        if (begins_before_gate) count = take(self, batch, mine);
        if (!std::exchange(has_arrived_, true)) arrived_.set_value();
        open_.wait();
        if (!begins_before_gate) count = take(self, batch, mine);
        begun.push_back(count);
        ++batches;
        for (const auto& job : mine) self.finish(*job, {});
    }
    static std::size_t take(Writer& self, const Writer::Batch& batch, Writer::Batch& mine) {
        for (const auto& job : batch)
            if (self.begin(*job)) mine.push_back(job);
        return mine.size();
    }

    std::promise<void> gate_, arrived_;
    std::shared_future<void> open_ = gate_.get_future().share();
    bool opened_ = false, has_arrived_ = false;

public:
    Writer writer;  // last: its thread uses the rest
};

TEST(Writer, takes_all_that_is_queued_into_one_batch) {
    Gated gated({.commit = 10s, .running = 10s});
    auto first = gated.start();
    gated.wait_arrived();
    std::vector<std::future<Result<void>>> rest;
    for (int n = 0; n < 5; ++n) rest.push_back(gated.start());
    gated.wait_queued(5);
    gated.open();
    EXPECT_TRUE(first.get());
    for (auto& one : rest) EXPECT_TRUE(one.get());
    EXPECT_EQ(gated.begun, (std::vector<std::size_t>{1, 5}));
}

TEST(Writer, never_runs_what_its_caller_gave_up) {  // fault E19
    Gated gated({.commit = 1ms, .running = 1ms});
    const auto gave_up = gated.writer.run(nothing);
    ASSERT_FALSE(gave_up);
    EXPECT_EQ(gave_up.error().fault, Fault::unavailable);
    gated.open();
    EXPECT_EQ(gated.writer.queued(), 0U);
}

TEST(Writer, says_that_the_outcome_is_open_when_a_change_has_begun) {  // fault E06
    Gated gated({.commit = 50ms, .running = 1ms});
    gated.begins_before_gate = true;
    auto begun = gated.start();
    gated.wait_arrived();
    const auto done = begun.get();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, Fault::internal);
    EXPECT_NE(done.error().what.find("not known"), std::string::npos);
    gated.open();
}

TEST(Writer, waits_a_little_longer_for_a_change_that_has_begun) {
    Gated gated({.commit = 50ms, .running = 60s});
    gated.begins_before_gate = true;
    auto begun = gated.start();
    gated.wait_arrived();
    EXPECT_EQ(begun.wait_for(100ms), std::future_status::timeout);
    gated.open();
    EXPECT_TRUE(begun.get());
}

TEST(Writer, tells_afterwards_what_its_caller_did_not_wait_for) {  // fault A08
    Gated gated({.commit = 50ms, .running = 1ms});
    gated.begins_before_gate = true;
    auto begun = std::async(std::launch::async, [&] { return gated.writer.run(nothing, nothing); });
    gated.wait_arrived();
    ASSERT_FALSE(begun.get());
    gated.open();
    // The change, and then what tells of it.
    while (gated.batches != 2) std::this_thread::yield();
}

TEST(Writer, tells_nothing_afterwards_to_a_caller_that_waited) {
    Gated gated({.commit = 10s, .running = 10s});
    gated.open();
    EXPECT_TRUE(gated.writer.run(nothing, nothing));
    EXPECT_TRUE(gated.writer.run(nothing));
    EXPECT_EQ(gated.batches, 2);
}

TEST(Writer, refuses_what_the_queue_cannot_hold) {
    Gated gated({.commit = 60s, .running = 1s});
    auto first = gated.start();
    gated.wait_arrived();
    std::vector<std::future<Result<void>>> rest;
    for (std::size_t n = 0; n < limits::writer_queue_max; ++n) rest.push_back(gated.start());
    gated.wait_queued(limits::writer_queue_max);
    const auto refused = gated.writer.run(nothing);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::unavailable);
    gated.open();
    for (auto& one : rest) EXPECT_TRUE(one.get());
    EXPECT_TRUE(first.get());
}

}  // namespace
}  // namespace bailiff::lmdb
