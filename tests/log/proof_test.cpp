// Proof files: by our own reader, and by the script that strangers are given, with real openssl.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bailiff/base64.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "src/log/entry.hpp"
#include "src/log/proof.hpp"
#include "tests/log/tree.hpp"

namespace bailiff::log {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr auto name = "log.example";

SigningKey key_of(std::uint8_t first) {
    std::array<std::uint8_t, 32> seed{};
    for (auto& byte : seed) byte = first++;
    return SigningKey(seed);
}

const std::vector<VKey> keys{{name, key_of(1).public_key()}};

std::string data_of(std::size_t index) {
    return entry_text({"action", sha256(std::to_string(index)),
                       Instant{std::chrono::minutes{29'000'000 + index}}});
}

/// A log of this size: every proof is made of its published files alone.
struct Log {
    explicit Log(std::size_t of) : size(of) {
        Hashes leaves;
        for (std::size_t i = 0; i < size; ++i) leaves.push_back(leaf_hash(data_of(i)));
        files.put(*next_tiles(0, leaves, files.reader()));
        const auto root = *root_of(size, tile_reader(size, files.reader()));
        checkpoint =
            *sign_note(checkpoint_text({"log.example/bailiff", size, root}), name, key_of(1));
    }
    [[nodiscard]] Proof proof(std::size_t index) const {
        return {std::nullopt, index,
                *prove_inclusion(index, size, tile_reader(size, files.reader())), checkpoint};
    }
    [[nodiscard]] std::string text(std::size_t index) const { return proof_text(proof(index)); }
    std::size_t size;
    Files files;
    std::string checkpoint;
};

TEST(Proof, is_these_lines) {
    const Log log(3);
    const auto first = to_base64(raw(leaf_hash(data_of(1))));
    const auto second = to_base64(raw(leaf_hash(data_of(2))));
    const auto head = "index 0\n" + first + "\n" + second + "\n\n" + log.checkpoint;
    EXPECT_EQ(log.text(0), "c2sp.org/tlog-proof@v1\n" + head);
    auto proof = log.proof(0);
    proof.extra = "salt";
    EXPECT_EQ(proof_text(proof), "c2sp.org/tlog-proof@v1\nextra c2FsdA==\n" + head);
    EXPECT_EQ(parse_proof(proof_text(proof))->extra, "salt");
    EXPECT_TRUE(check_proof(proof_text(proof), data_of(0), keys));
}

TEST(Proof, holds_for_its_entry_only) {
    for (const std::size_t size : {1U, 2U, 3U, 8U, 13U, 300U}) {
        const Log log(size);
        for (std::size_t index = 0; index < size; ++index) {
            const auto proven = check_proof(log.text(index), data_of(index), keys);
            ASSERT_TRUE(proven) << proven.error().what;
            EXPECT_EQ(proven->index, index);
            EXPECT_EQ(proven->checkpoint.size, size);
            EXPECT_EQ(proven->checkpoint.origin, "log.example/bailiff");
            EXPECT_THAT(check_proof(log.text(index), data_of(index + 1), keys).error().what,
                        HasSubstr("another root"));
        }
    }
}

TEST(Proof, with_any_bit_changed_or_byte_missing_is_refused) {
    const auto text = Log(13).text(7);
    ASSERT_TRUE(check_proof(text, data_of(7), keys));
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        auto changed = text;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(check_proof(changed, data_of(7), keys)) << changed;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        EXPECT_FALSE(check_proof(text.substr(0, at), data_of(7), keys)) << at;
        EXPECT_FALSE(check_proof(text.substr(0, at) + text.substr(at + 1), data_of(7), keys)) << at;
    }
}

/// `text` with its first `from` replaced.
std::string with(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

struct Bad {
    std::string what, text;
};

/// Of entry 7 of 13; each is refused by our reader and by the script.
std::vector<Bad> bad_proofs() {
    const Log log(13);
    const auto good = log.text(7);
    const auto edited = [&](auto edit) {
        auto proof = log.proof(7);
        edit(proof);
        return proof_text(proof);
    };
    const auto other_key = *sign_note(parse_note(log.checkpoint)->text, name, key_of(9));
    const auto extended = *sign_note(parse_note(log.checkpoint)->text + "more\n", name, key_of(1));
    return {
        {"nothing", ""},
        {"another version", with(good, "@v1", "@v2")},
        {"another index", edited([](Proof& p) { p.index = 6; })},
        {"an index beyond the end", edited([](Proof& p) { p.index = 13; })},
        {"an index in octal", with(good, "index 7", "index 07")},
        {"a negative index", with(good, "index 7", "index -7")},
        {"an index that is too large", with(good, "index 7", "index 18446744073709551623")},
        {"an expression", with(good, "index 7", "index 3+4")},
        {"two indexes", with(good, "index 7\n", "index 7\nindex 7\n")},
        {"no index", with(good, "index 7\n", "")},
        {"a line before the index", with(good, "index 7\n", "more\nindex 7\n")},
        {"a hash missing", edited([](Proof& p) { p.path.pop_back(); })},
        {"a hash too many", edited([](Proof& p) { p.path.push_back(p.path[0]); })},
        {"two hashes in each other's place",
         edited([](Proof& p) { std::swap(p.path[0], p.path[1]); })},
        {"another hash", edited([](Proof& p) { p.path[2].bytes[31] ^= 1U; })},
        {"a short hash", edited([](Proof& p) {
             p.checkpoint.insert(0, "AAAA\n\n");
             p.path.clear();
         })},
        {"a hash that is none", with(good, "\n\n", "\nAAAA\n\n")},
        {"another size", with(good, "\n13\n", "\n14\n")},
        {"another root", with(good, "\n13\n", "\n13\nA")},
        {"another origin", with(good, "log.example/", "log.example.")},
        {"another signature", with(good, "\u2014 log.example ", "\u2014 log.example A")},
        {"another key", edited([&](Proof& p) { p.checkpoint = other_key; })},
        {"an extension line", edited([&](Proof& p) { p.checkpoint = extended; })},
        {"no signature", edited([&](Proof& p) { p.checkpoint = parse_note(p.checkpoint)->text; })},
        {"a signature line that is none", good + "hello\n"},
        {"another log", with(Log(14).text(7), "\u2014", "-")},
    };
}

TEST(Proof, that_says_something_else_is_refused) {
    ASSERT_TRUE(check_proof(Log(13).text(7), data_of(7), keys));
    for (const auto& bad : bad_proofs())
        EXPECT_FALSE(check_proof(bad.text, data_of(7), keys)) << bad.what;
}

TEST(Proof, of_arbitrary_bytes_is_read_or_refused) {
    std::mt19937 random(3);
    const std::string hash = to_base64(std::string(32, 'h'));
    const std::vector<std::string> pieces{"c2sp.org/tlog-proof@v1\n",
                                          "index 7\n",
                                          "index ",
                                          hash,
                                          hash + "\n",
                                          "\n",
                                          "\n\n",
                                          "extra AAAA\n",
                                          "\u2014 ",
                                          std::string(1, '\0'),
                                          "\xff",
                                          Log(2).checkpoint};
    for (int round = 0; round < 50'000; ++round) {
        std::string bytes = random() % 8 == 0 ? "" : pieces[0];
        for (auto left = random() % 9; left > 0; --left) bytes += pieces[random() % pieces.size()];
        const auto proof = parse_proof(bytes);
        EXPECT_TRUE(!proof || proof_text(*proof) == bytes);
        EXPECT_FALSE(check_proof(bytes, data_of(7), keys));
    }
}

/// packaging/evidence/verify-log.sh, in a folder of its own.
class Script : public testing::Test {
protected:
    Script() {
        std::string path = (fs::temp_directory_path() / "verify-log-XXXXXX").string();
        folder_ = mkdtemp(path.data());
        write("key.der", std::string("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12) +
                             std::string(raw(key_of(1).public_key())));
        EXPECT_TRUE(run("openssl pkey -pubin -inform DER -in key.der -pubout -out key.pem"));
    }
    ~Script() override { fs::remove_all(folder_); }
    void write(const std::string& file, const std::string& content) const {
        std::ofstream(folder_ / file, std::ios::binary) << content;
    }
    [[nodiscard]] std::string said() const {
        std::ostringstream text;
        text << std::ifstream(folder_ / "said", std::ios::binary).rdbuf();
        return text.str();
    }
    [[nodiscard]] bool run(const std::string& command) const {
        const auto in = "cd '" + folder_.string() + "' && " + command + " >said 2>&1";
        return std::system(in.c_str()) == 0;
    }
    /// Agrees with itself: exit 0 and OK, or not 0 and why.
    [[nodiscard]] bool accepts(const std::string& proof, const std::string& leaf) const {
        write("proof", proof);
        write("leaf", leaf);
        const bool ok =
            run("/bin/sh '" BAILIFF_SOURCE "/packaging/evidence/verify-log.sh' proof leaf key.pem");
        EXPECT_THAT(said(), testing::StartsWith(ok ? "OK: " : "FAILED: "));
        return ok;
    }
    fs::path folder_;
};

TEST_F(Script, accepts_every_entry_of_small_logs) {
    for (const std::size_t size : {1U, 2U, 3U, 7U}) {
        const Log log(size);
        for (std::size_t index = 0; index < size; ++index)
            EXPECT_TRUE(accepts(log.text(index), data_of(index))) << size << index << said();
    }
}

TEST_F(Script, accepts_entries_of_a_larger_log_and_names_them) {
    const Log log(1000);
    for (const std::size_t index : {0U, 255U, 256U, 511U, 999U})
        EXPECT_TRUE(accepts(log.text(index), data_of(index))) << index << said();
    EXPECT_EQ(said(), "OK: entry 999 of 1000 in the log log.example/bailiff\n");
    auto proof = log.proof(700);
    proof.extra = "something beside";
    EXPECT_TRUE(accepts(proof_text(proof), data_of(700))) << said();
}

TEST_F(Script, finds_the_signature_of_its_key_among_others) {
    const Log log(5);
    auto proof = log.proof(4);
    auto note = *sign_note(parse_note(log.checkpoint)->text, name, key_of(9));
    note = *add_signature(note, "witness.example", key_of(7));
    proof.checkpoint = note;
    EXPECT_FALSE(accepts(proof_text(proof), data_of(4)));
    EXPECT_THAT(said(), HasSubstr("no signature of this key"));
    note += "\u2014 cosigner.example " + to_base64(std::string(76, 'c')) + "\n";
    proof.checkpoint = *add_signature(note, name, key_of(1));
    EXPECT_TRUE(accepts(proof_text(proof), data_of(4))) << said();
    proof.checkpoint = *add_signature(proof.checkpoint, "last.example", key_of(8));
    EXPECT_TRUE(accepts(proof_text(proof), data_of(4))) << said();
}

TEST_F(Script, refuses_what_our_reader_refuses) {
    ASSERT_TRUE(accepts(Log(13).text(7), data_of(7))) << said();
    for (const auto& bad : bad_proofs())
        EXPECT_FALSE(accepts(bad.text, data_of(7))) << bad.what << ": " << said();
}

TEST_F(Script, says_which_part_of_the_path_is_wrong) {
    const auto why = [this](const Proof& proof) {
        EXPECT_FALSE(accepts(proof_text(proof), data_of(7)));
        return said();
    };
    const auto good = Log(13).proof(7);
    auto bad = good;
    bad.path.pop_back();
    EXPECT_EQ(why(bad), "FAILED: the path is too short\n");
    bad = good;
    bad.path.push_back(bad.path[0]);
    EXPECT_EQ(why(bad), "FAILED: the path is too long\n");
    bad = good;
    bad.index = 13;
    EXPECT_EQ(why(bad), "FAILED: the index is outside of the tree\n");
}

TEST_F(Script, refuses_other_bytes) {
    const auto text = Log(13).text(7);
    for (const auto& leaf : {data_of(8), data_of(7) + "\n", std::string(), data_of(7).substr(1)}) {
        EXPECT_FALSE(accepts(text, leaf));
        EXPECT_THAT(said(), HasSubstr("are not entry 7 of this log"));
    }
}

TEST_F(Script, reads_leaves_of_any_bytes) {
    const std::string data("\0\x01\xff%d\\n\n\0", 9);
    const auto hash = leaf_hash(data);
    const auto note = *sign_note(checkpoint_text({"o", 1, hash}), name, key_of(1));
    EXPECT_TRUE(accepts(proof_text({std::nullopt, 0, {}, note}), data)) << said();
}

TEST_F(Script, says_what_it_misses) {
    const auto script = "/bin/sh '" BAILIFF_SOURCE "/packaging/evidence/verify-log.sh' ";
    EXPECT_FALSE(run(script));
    EXPECT_THAT(said(), HasSubstr("usage"));
    EXPECT_FALSE(run(script + std::string("none none key.pem")));
    EXPECT_THAT(said(), HasSubstr("cannot read none"));
    write("leaf", "");
    EXPECT_FALSE(run(script + std::string("leaf leaf leaf")));
    EXPECT_THAT(said(), HasSubstr("no public key in leaf"));
}

}  // namespace
}  // namespace bailiff::log
