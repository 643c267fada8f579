// What is published of the log, and what the signer refuses to sign.
#include "src/pipeline/log_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "src/log/merkle.hpp"
#include "src/log/note.hpp"
#include "src/log/tile.hpp"
#include "src/memory/ledger.hpp"
#include "src/pipeline/signatory.hpp"
#include "tests/pipeline/carry_out_machine.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct MemoryFiles final : LogFiles {
    std::map<std::string, std::string> files;
    [[nodiscard]] Result<std::string> read(const std::string& path) const override {
        const auto found = files.find(path);
        if (found == files.end()) return fail(Fault::not_found, path);
        return found->second;
    }
    [[nodiscard]] Result<void> write(const std::string& path, const std::string& content) override {
        files[path] = content;
        return {};
    }
};

struct MemoryNote final : LastNote {
    std::string kept;
    [[nodiscard]] Result<std::string> read() const override { return kept; }
    [[nodiscard]] Result<void> keep(const std::string& note) override {
        kept = note;
        return {};
    }
};

SigningKey key_of(std::uint8_t byte) {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(byte);
    return SigningKey(seed);
}

constexpr auto origin = "host.example/bailiff";

class Log : public testing::Test {
protected:
    void append(std::size_t count, const std::string& what = "x") {
        ASSERT_TRUE(ledger_->update([=](LedgerTxn& txn) -> Result<void> {
            for (std::size_t left = count; left > 0; --left)
                BAILIFF_CHECK(txn.append_leaf({"action", what, sha256(what), {}, {}}));
            return {};
        }));
    }
    [[nodiscard]] Result<std::uint64_t> publish() {
        LogKeeper keeper(*ledger_, signer_, files_, clock_, journal_, {});
        return keeper.publish();
    }
    [[nodiscard]] log::Checkpoint checkpoint() const {
        const log::VKey keys[] = {{origin, key_of(1).public_key()}};
        return log::open_checkpoint(files_.files.at(checkpoint_path), keys).value();
    }
    [[nodiscard]] Digest root_of_ledger() const {
        log::Frontier frontier;
        EXPECT_TRUE(ledger_->read([&](const LedgerView& view) -> Result<void> {
            const auto leaves = view.leaves(0, 1'000'000).value();
            for (const auto& leaf : leaves) frontier.append(log::leaf_hash(entry_of(leaf).value()));
            return {};
        }));
        return frontier.root();
    }

    std::unique_ptr<MemoryLedger> ledger_ = std::make_unique<MemoryLedger>();
    MemoryNote note_;
    Signatory signer_{{"evidence@host.example", origin}, key_of(2), {key_of(1)}, note_};
    MemoryFiles files_;
    test::TestClock clock_;
    test::ListJournal journal_;
};

TEST_F(Log, publishes_what_the_ledger_has) {
    for (const std::size_t more : {1U, 5U, 249U, 1U, 300U, 20'000U}) {
        append(more);
        const auto size = publish();
        ASSERT_TRUE(size) << size.error().what;
        EXPECT_EQ(checkpoint().size, *size);
        EXPECT_EQ(checkpoint().root, root_of_ledger());
    }
    const auto before = files_.files;
    EXPECT_TRUE(publish());
    EXPECT_EQ(files_.files, before) << "nothing was new";
}

TEST_F(Log, an_empty_one_has_no_checkpoint) {
    EXPECT_EQ(publish().value(), 0U);
    EXPECT_THAT(files_.files, IsEmpty());
}

TEST_F(Log, files_that_are_lost_or_spoilt_are_made_anew) {
    append(700);
    ASSERT_TRUE(publish());
    files_.files.clear();
    append(1);
    ASSERT_TRUE(publish());
    EXPECT_EQ(checkpoint().root, root_of_ledger());
    for (const auto* path : {"tile/0/002.p/189", "tile/0/000", "tile/entries/002.p/189"}) {
        ASSERT_TRUE(files_.files.contains(path)) << path;
        auto& content = files_.files[path];
        const auto whole = content;
        content[3] = static_cast<char>(content[3] ^ 1);
        append(1);
        ASSERT_TRUE(publish()) << path;
        EXPECT_EQ(checkpoint().root, root_of_ledger()) << path;
        files_.files[path] = whole;
    }
}

TEST_F(Log, a_rewritten_or_shorter_ledger_is_not_signed) {
    append(10);
    ASSERT_TRUE(publish());
    const auto published = files_.files;
    for (const std::size_t size : {9U, 10U, 11U, 300U}) {
        ledger_ = std::make_unique<MemoryLedger>();
        append(size, "another");
        files_.files.clear();
        const auto refused = publish();
        ASSERT_FALSE(refused) << size;
        EXPECT_THAT(refused.error().what, testing::AnyOf(HasSubstr("older than the log"),
                                                         HasSubstr("not the one that was signed")));
        EXPECT_FALSE(files_.files.contains(checkpoint_path));
    }
}

TEST_F(Log, the_same_log_is_signed_again_after_a_crash_of_the_enforcer) {
    append(10);
    ASSERT_TRUE(publish());
    const auto note = files_.files.at(checkpoint_path);
    files_.files.erase(checkpoint_path);
    ASSERT_TRUE(publish());
    EXPECT_EQ(files_.files.at(checkpoint_path), note);
}

TEST_F(Log, waits_for_many_leaves_or_for_its_time) {
    LogKeeper keeper(*ledger_, signer_, files_, clock_, journal_,
                     {.leaves = 5, .interval = std::chrono::seconds(60), .published = {}});
    append(1);
    keeper.run_due();
    EXPECT_EQ(keeper.status().size, 1U) << "at once after a start";
    append(4);
    keeper.run_due();
    EXPECT_EQ(keeper.status().size, 1U);
    append(1);
    keeper.run_due();
    EXPECT_EQ(keeper.status().size, 6U);
    append(1);
    clock_.pass(std::chrono::seconds(60));
    keeper.run_due();
    EXPECT_EQ(keeper.status().size, 7U);
}

TEST_F(Log, a_leaf_of_no_kind_stops_it_and_says_so) {
    ASSERT_TRUE(ledger_->update([](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(txn.append_leaf({"forged", "x", {}, {}, {}}));
        return {};
    }));
    EXPECT_THAT(publish().error().what, HasSubstr("forged"));
}

TEST_F(Log, two_keys_sign_while_one_follows_the_other) {
    Signatory both({"e", origin}, key_of(2), {key_of(1), key_of(3)}, note_);
    append(3);
    LogKeeper keeper(*ledger_, both, files_, clock_, journal_, {});
    ASSERT_TRUE(keeper.publish());
    for (const std::uint8_t who : {std::uint8_t{1}, std::uint8_t{3}}) {
        const log::VKey keys[] = {{origin, key_of(who).public_key()}};
        EXPECT_TRUE(log::open_checkpoint(files_.files.at(checkpoint_path), keys));
    }
}

/// Without the guard the signer signs two logs that cannot both be.
TEST_F(Log, checkpoints_agree) {
    append(10);
    ASSERT_TRUE(publish());
    setenv("BAILIFF_REMOVE_GUARD", "checkpoints_agree", 1);
    ledger_ = std::make_unique<MemoryLedger>();
    append(12, "another");
    files_.files.clear();
    const bool published = publish().has_value();
    unsetenv("BAILIFF_REMOVE_GUARD");
    EXPECT_TRUE(published);
}

}  // namespace
}  // namespace bailiff
