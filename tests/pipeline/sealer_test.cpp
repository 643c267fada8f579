// What is sealed of a case, when, and that nobody is touched before.
#include "src/pipeline/sealer.hpp"

#include <bailiff/ed25519.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "src/evidence/bag.hpp"
#include "src/evidence/sshsig.hpp"
#include "src/memory/ledger.hpp"
#include "tests/pipeline/carry_out_world.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct TestSigner final : Signer {
    SigningKey key{{1, 2, 3}};
    bool away = false;
    [[nodiscard]] Result<std::string> sign_bag(std::string_view tags) override {
        if (away) return fail(Fault::unavailable, "the signer is away");
        return ssh::sign(tags, "evidence@host.example", key);
    }
    [[nodiscard]] Result<std::string> sign_checkpoint(const LogGrowth&) override { return ""; }
    [[nodiscard]] Result<LastCheckpoint> last_checkpoint() override { return LastCheckpoint{}; }
};

class Sealing : public testing::Test {
protected:
    Sealing() {
        record_.id = *CaseId::parse("B0000000000000001");
        record_.opened = clock_.now();
        record_.path = "zero_tolerance";
        record_.message_digest = sha256("raw");
        record_.message_size = 3;
        record_.envelope.client_address = "192.0.2.7";
        put();
    }
    void put() {
        ASSERT_TRUE(ledger_.update([&](LedgerTxn& txn) { return txn.put_case(record_); }));
    }
    void happen(const std::string& what) {
        record_.events.push_back({clock_.now(), "somebody", what, "because"});
        put();
    }
    [[nodiscard]] std::vector<Seal> seals() {
        std::vector<Seal> found;
        EXPECT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
            found = view.seals(record_.id).value();
            return {};
        }));
        return found;
    }
    [[nodiscard]] std::string stored(std::uint32_t bag, std::string_view path) {
        std::string bytes;
        EXPECT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
            bytes = view.exhibit(record_.id, bag, path).value_or("none");
            return {};
        }));
        return bytes;
    }
    [[nodiscard]] LedgerStats stats() {
        LedgerStats stats;
        EXPECT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
            stats = view.stats().value();
            return {};
        }));
        return stats;
    }

    MemoryLedger ledger_;
    TestSigner signer_;
    test::TestClock clock_;
    test::ListJournal journal_;
    Case record_;
    Sealer sealer_{ledger_,
                   signer_,
                   clock_,
                   journal_,
                   {.node = "node1",
                    .identity = "evidence@host.example",
                    .quiet = std::chrono::minutes(10),
                    .holder =
                        [](const Case&) {
                            Holder holder;
                            holder.name = "canary holder";
                            return HolderFacts{holder, "imported holders", {}};
                        },
                    .clock_state = {},
                    .seal = [](std::string_view plain, const CaseId&,
                               std::string_view) { return "sealed " + sha256(plain).hex(); }}};
};

TEST_F(Sealing, the_first_bag_is_signed_and_has_its_leaf) {
    EXPECT_EQ(sealer_.run_due(), 1U);
    ASSERT_THAT(seals(), SizeIs(1));
    const auto seal = seals()[0];
    EXPECT_TRUE(ssh::check(seal.signature, seal.tag_manifest, "evidence@host.example",
                           signer_.key.public_key()));
    EXPECT_THAT(seal.tag_manifest, HasSubstr(sha256(seal.manifest).hex()));
    EXPECT_THAT(seal.manifest, HasSubstr(sha256("raw").hex() + "  data/4-content/msg-0001.eml"));
    ASSERT_TRUE(ledger_.read([&](const LedgerView& view) -> Result<void> {
        const auto leaf = view.leaves(seal.leaf, 1)->at(0);
        EXPECT_EQ(leaf.kind, "seal");
        EXPECT_EQ(leaf.digest, sha256(seal.tag_manifest + std::string(raw(seal.salt))));
        return {};
    }));
    EXPECT_EQ(stats().unsealed, 0U);
    EXPECT_EQ(sealer_.run_due(), 0U);
}

TEST_F(Sealing, every_file_is_what_the_manifest_says) {
    sealer_.run_due();
    const auto lines = parse_manifest(seals()[0].manifest).value();
    for (const auto& line : lines) {
        const auto path = line.path.substr(5);
        if (path == message_path || path == holder_path) continue;
        EXPECT_EQ(sha256(stored(0, path)).hex(), line.digest) << path;
    }
    EXPECT_THAT(stored(0, holder_path), HasSubstr("sealed ")) << "the holder is sealed";
    EXPECT_THAT(stored(0, "record.json"), HasSubstr("\"limits\""));
    EXPECT_THAT(stored(0, "record.json"), Not(HasSubstr("192.0.2.7"))) << "tiers stay in theirs";
}

TEST_F(Sealing, what_happens_later_goes_into_an_addendum_once_it_is_quiet) {
    sealer_.run_due();
    happen("action service.terminate: verified");
    EXPECT_EQ(sealer_.run_due(), 0U) << "not quiet";
    clock_.pass(std::chrono::minutes(10));
    EXPECT_EQ(sealer_.run_due(), 1U);
    ASSERT_THAT(seals(), SizeIs(2));
    EXPECT_THAT(seals()[1].bag_info, HasSubstr(sha256(seals()[0].tag_manifest).hex()));
    EXPECT_THAT(stored(1, "7-decision/events.jsonl"), HasSubstr("verified"));
    happen("custody export authority");
    EXPECT_TRUE(sealer_.seal_now(record_.id));
    EXPECT_THAT(seals(), SizeIs(3)) << "at once where somebody asks for it";
    EXPECT_THAT(stored(2, "8-custody/custody.jsonl"), HasSubstr("\"export\""));
}

TEST_F(Sealing, a_signer_that_is_away_is_one_alarm_and_nothing_is_lost) {
    signer_.away = true;
    for (int turn = 0; turn < 3; ++turn) EXPECT_EQ(sealer_.run_due(), 0U);
    EXPECT_THAT(journal_.alarms, SizeIs(1));
    EXPECT_THAT(sealer_.error(), HasSubstr("away"));
    signer_.away = false;
    EXPECT_EQ(sealer_.run_due(), 1U);
    EXPECT_THAT(sealer_.error(), IsEmpty());
}

/// Changes between the look and the write are not taken for sealed.
TEST_F(Sealing, a_change_meanwhile_keeps_the_case_unsealed) {
    struct Meddler final : Signer {
        TestSigner& signer;
        std::function<void()> meddle;
        explicit Meddler(TestSigner& other) : signer(other) {}
        [[nodiscard]] Result<std::string> sign_bag(std::string_view tags) override {
            meddle();
            return signer.sign_bag(tags);
        }
        [[nodiscard]] Result<std::string> sign_checkpoint(const LogGrowth&) override { return ""; }
        [[nodiscard]] Result<LastCheckpoint> last_checkpoint() override { return LastCheckpoint{}; }
    } meddler(signer_);
    meddler.meddle = [&] { happen("joined"); };
    Sealer sealer(ledger_, meddler, clock_, journal_, {.node = "n", .identity = "e"});
    EXPECT_EQ(sealer.run_due(), 1U);
    EXPECT_EQ(stats().unsealed, 1U);
}

TEST(SealGuard, sealed_before_effect) {
    using test::World;
    for (const bool guarded : {true, false}) {
        if (!guarded) setenv("BAILIFF_REMOVE_GUARD", "sealed_before_effect", 1);
        World world;
        world.open_case(1);
        auto options = world.options;
        options.needs_seal = true;
        CarryOut work(world.ledger, world.directory, world.panel, world.clock, world.journal,
                      world.entropy, options);
        work.run_due();
        EXPECT_EQ(world.panel.done.empty(), guarded);
        if (guarded) {
            world.ledger.shelves.seals[World::case_id(1)].push_back({});
            work.run_due();
            EXPECT_FALSE(world.panel.done.empty()) << "sealed, it goes on";
        }
        unsetenv("BAILIFF_REMOVE_GUARD");
    }
}

}  // namespace
}  // namespace bailiff
