// The tree against a naive one, the known roots, and every small way to spoil a proof.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/log/merkle.hpp"
#include "tests/log/tree.hpp"

namespace bailiff::log {
namespace {

using testing::HasSubstr;

std::string why(const Result<void>& result) {
    return result ? "nothing wrong" : result.error().what;
}

/// The example tree of RFC 6962's authors: roots of its first 0 to 8 leaves.
TEST(Merkle, has_the_known_roots) {
    const std::vector<std::string> data{"",
                                        std::string(1, '\0'),
                                        "\x10",
                                        "\x20\x21",
                                        "\x30\x31",
                                        "\x40\x41\x42\x43",
                                        "\x50\x51\x52\x53\x54\x55\x56\x57",
                                        "\x60\x61\x62\x63\x64\x65\x66\x67"
                                        "\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
    const std::vector<std::string> roots{
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    Frontier frontier;
    std::vector<std::string> found{frontier.root().hex()};
    for (const auto& leaf : data) {
        frontier.append(leaf_hash(leaf));
        found.push_back(frontier.root().hex());
    }
    EXPECT_EQ(found, roots);
    EXPECT_EQ(empty_root().hex(), roots[0]);
}

TEST(Frontier, has_the_root_of_the_naive_tree_at_every_size) {
    const auto leaves = numbered_leaves(300);
    Frontier frontier;
    for (std::size_t size = 0; size < leaves.size(); ++size) {
        const auto part = std::span(leaves).first(size);
        const auto root = naive_root(part);
        ASSERT_EQ(frontier.size(), size);
        ASSERT_EQ(frontier.root(), root) << size;
        ASSERT_EQ(*root_of(size, naive_reader(part)), root) << size;
        ASSERT_EQ(Frontier::read(size, naive_reader(part))->parts(), frontier.parts()) << size;
        frontier = *Frontier::of(size, frontier.parts());
        frontier.append(leaves[size]);
    }
    EXPECT_EQ(frontier.parts().size(), 4U);  // 300 = 256 + 32 + 8 + 4
    EXPECT_THAT(Frontier::of(299, frontier.parts()).error().what, HasSubstr("5 hashes, not 4"));
}

/// The proof, and every one that differs from it by little, must do what the naive tree says.
void check_one_inclusion(std::size_t index, std::span<const Digest> leaves) {
    const auto size = leaves.size();
    const auto root = naive_root(leaves);
    const auto proof = *prove_inclusion(index, size, naive_reader(leaves));
    ASSERT_EQ(proof, naive_path(index, leaves));
    const auto check = [&](const Hashes& hashes) {
        return check_inclusion(index, size, leaves[index], hashes, root);
    };
    ASSERT_TRUE(check(proof)) << index << " of " << size;
    for (std::size_t at = 0; at < proof.size(); ++at) {
        auto shorter = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
        ASSERT_THAT(why(check(shorter)), HasSubstr("too short"));
        auto changed = proof;
        changed[at].bytes[(at + index) % 32] ^= 1U;
        ASSERT_THAT(why(check(changed)), HasSubstr("another root"));
    }
    for (std::size_t at = 0; at <= proof.size(); ++at) {
        auto longer = proof;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), root);
        ASSERT_THAT(why(check(longer)), HasSubstr("too long"));
    }
    ASSERT_FALSE(check_inclusion(index, size, leaf_hash("x"), proof, root));
    ASSERT_FALSE(check_inclusion(index, size, leaves[index], proof, leaf_hash("x")));
    ASSERT_FALSE(check_inclusion(index + 1, size, leaves[index], proof, root));
}

TEST(Inclusion, holds_for_every_leaf_of_every_size_and_for_nothing_else) {
    const auto leaves = numbered_leaves(131);
    for (std::size_t size = 1; size <= leaves.size(); ++size)
        for (std::size_t index = 0; index < size; ++index)
            check_one_inclusion(index, std::span(leaves).first(size));
}

TEST(Inclusion, of_a_leaf_beyond_the_end_is_refused) {
    const auto leaves = numbered_leaves(5);
    EXPECT_THAT(prove_inclusion(5, 5, naive_reader(leaves)).error().what,
                HasSubstr("5 entries has no entry 5"));
    EXPECT_FALSE(prove_inclusion(0, 0, naive_reader(leaves)));
    EXPECT_THAT(why(check_inclusion(5, 5, leaves[0], {}, leaves[0])), HasSubstr("no entry 5"));
    EXPECT_FALSE(check_inclusion(0, 0, leaves[0], {}, leaves[0]));
}

TEST(Inclusion, no_bit_of_a_proof_leaf_or_root_can_change) {
    const auto leaves = numbered_leaves(23);
    const auto root = naive_root(leaves);
    const auto proof = naive_path(21, leaves);
    for (std::size_t bit = 0; bit < proof.size() * 256; ++bit) {
        auto changed = proof;
        const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
        changed[bit / 256].bytes[bit % 256 / 8] ^= mask;
        EXPECT_FALSE(check_inclusion(21, 23, leaves[21], changed, root)) << bit;
        auto leaf = leaves[21];
        leaf.bytes[bit % 256 / 8] ^= mask;
        EXPECT_FALSE(check_inclusion(21, 23, leaf, proof, root)) << bit;
    }
}

void check_one_consistency(std::size_t old, std::span<const Digest> leaves) {
    const auto size = leaves.size();
    const auto old_root = naive_root(leaves.first(old));
    const auto root = naive_root(leaves);
    const auto proof = *prove_consistency(old, size, naive_reader(leaves));
    ASSERT_EQ(proof, old == 0 ? Hashes{} : naive_subproof(old, leaves, true));
    const auto check = [&](const Hashes& hashes) {
        return check_consistency(old, old_root, size, root, hashes);
    };
    ASSERT_TRUE(check(proof)) << old << " to " << size;
    for (std::size_t at = 0; at < proof.size(); ++at) {
        auto shorter = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
        ASSERT_THAT(why(check(shorter)), HasSubstr("too short"));
        auto changed = proof;
        changed[at].bytes[(at + old) % 32] ^= 0x80U;
        ASSERT_THAT(why(check(changed)), HasSubstr("root"));
    }
    for (std::size_t at = 0; at <= proof.size(); ++at) {
        auto longer = proof;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(at), old_root);
        ASSERT_THAT(why(check(longer)), HasSubstr("too long"));
    }
    ASSERT_FALSE(check_consistency(old, leaf_hash("x"), size, root, proof));
    ASSERT_EQ(check_consistency(old, old_root, size, leaf_hash("x"), proof).has_value(),
              old == 0 && size > 0);
}

TEST(Consistency, holds_for_every_pair_of_sizes_and_for_nothing_else) {
    const auto leaves = numbered_leaves(100);
    for (std::size_t size = 0; size <= leaves.size(); ++size)
        for (std::size_t old = 0; old <= size; ++old)
            check_one_consistency(old, std::span(leaves).first(size));
}

TEST(Consistency, of_a_log_that_shrank_or_was_rewritten_is_refused) {
    const auto leaves = numbered_leaves(40);
    auto rewritten = leaves;
    rewritten[3] = leaf_hash("another");
    const auto old_root = naive_root(std::span(leaves).first(20));
    EXPECT_THAT(why(check_consistency(40, old_root, 20, old_root, {})), HasSubstr("shrunk"));
    EXPECT_THAT(prove_consistency(21, 20, naive_reader(leaves)).error().what,
                HasSubstr("never had 21"));
    const auto proof = *prove_consistency(20, 40, naive_reader(rewritten));
    EXPECT_THAT(why(check_consistency(20, old_root, 40, naive_root(rewritten), proof)),
                HasSubstr("another old root"));
    EXPECT_THAT(why(check_consistency(40, naive_root(leaves), 40, naive_root(rewritten), {})),
                HasSubstr("two roots"));
}

TEST(Proofs, carry_the_errors_of_who_reads_the_hashes) {
    const HashReader broken = [](unsigned, std::uint64_t) -> Result<Digest> {
        return fail(Fault::unavailable, "no disk");
    };
    EXPECT_EQ(root_of(3, broken).error().fault, Fault::unavailable);
    EXPECT_EQ(prove_inclusion(1, 3, broken).error().fault, Fault::unavailable);
    EXPECT_EQ(prove_consistency(1, 3, broken).error().fault, Fault::unavailable);
    EXPECT_EQ(Frontier::read(3, broken).error().fault, Fault::unavailable);
}

}  // namespace
}  // namespace bailiff::log
