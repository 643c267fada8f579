// Paths, and a log of files that grows in steps and still is the tree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "src/log/tile.hpp"
#include "tests/log/tree.hpp"

namespace bailiff::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(TilePath, groups_its_digits) {
    EXPECT_EQ(tile_path({0, 0, 256}), "tile/0/000");
    EXPECT_EQ(tile_path({3, 67, 17}), "tile/3/067.p/17");
    EXPECT_EQ(tile_path({1, 999, 1}), "tile/1/999.p/1");
    EXPECT_EQ(tile_path({0, 1000, 256}), "tile/0/x001/000");
    EXPECT_EQ(tile_path({0, 1234067, 256}), "tile/0/x001/x234/067");
    EXPECT_EQ(entries_path({0, 1234067, 8}), "tile/entries/x001/x234/067.p/8");
}

std::vector<std::string> paths_at(std::uint64_t size) {
    std::vector<std::string> paths;
    for (const auto& tile : tiles_at(size)) paths.push_back(tile_path(tile));
    return paths;
}

TEST(Tiles, at_a_size_are_these) {
    EXPECT_THAT(paths_at(0), IsEmpty());
    EXPECT_THAT(paths_at(1), ElementsAre("tile/0/000.p/1"));
    EXPECT_THAT(paths_at(255), ElementsAre("tile/0/000.p/255"));
    EXPECT_THAT(paths_at(256), ElementsAre("tile/0/000", "tile/1/000.p/1"));
    EXPECT_THAT(paths_at(257), ElementsAre("tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"));
    EXPECT_THAT(paths_at(70000), SizeIs(274 + 2 + 1));
    EXPECT_EQ(paths_at(65536).back(), "tile/2/000.p/1");
    EXPECT_EQ(tile_width(70000, 0, 272), 256U);
    EXPECT_EQ(tile_width(70000, 0, 273), 112U);
    EXPECT_EQ(tile_width(70000, 0, 274), 0U);
    EXPECT_EQ(tile_width(70000, 1, 1), 17U);
    EXPECT_EQ(tile_width(~std::uint64_t{0}, 7, 0), 255U);
    EXPECT_EQ(tile_width(~std::uint64_t{0}, 8, 0), 0U);
    EXPECT_EQ(tile_width(~std::uint64_t{0}, 99, 0), 0U);
}

/// Published in these steps; a partial tile is removed once the full one is there.
struct Grown {
    explicit Grown(std::size_t all) : leaves(numbered_leaves(all)) {}
    void grow_to(std::uint64_t to) {
        const auto more = std::span(leaves).subspan(size, to - size);
        const auto written = next_tiles(size, more, files.reader());
        ASSERT_TRUE(written) << written.error().what;
        for (const auto& leaf : more) frontier.append(leaf);
        size = to;
        files.put(*written);
        std::erase_if(files.content, [this](const auto& file) {
            const auto part = file.first.find(".p/");
            return part != std::string::npos && files.content.contains(file.first.substr(0, part));
        });
    }
    Hashes leaves;
    std::uint64_t size = 0;
    Frontier frontier;
    Files files;
};

TEST(TileWriter, makes_the_same_tree_in_whatever_steps) {
    for (const std::uint64_t step : {1U, 7U, 255U, 256U, 257U, 1000U}) {
        Grown log(1500);
        while (log.size + step <= log.leaves.size()) {
            log.grow_to(log.size + step);
            ASSERT_EQ(*root_of(log.size, tile_reader(log.size, log.files.reader())),
                      log.frontier.root())
                << log.size << " by " << step;
        }
    }
}

TEST(TileWriter, makes_the_same_tree_where_levels_begin) {
    Grown log(70000);
    for (const std::uint64_t size : {0U, 1U, 2U, 255U, 256U, 257U, 511U, 512U, 10000U, 65279U,
                                     65280U, 65281U, 65535U, 65536U, 65537U, 65792U, 70000U}) {
        log.grow_to(size);
        const auto reader = tile_reader(size, log.files.reader());
        const auto root = root_of(size, reader);
        ASSERT_TRUE(root) << root.error().what;
        EXPECT_EQ(*root, log.frontier.root()) << size;
        EXPECT_EQ(*root, naive_root(std::span(log.leaves).first(size))) << size;
        EXPECT_EQ(Frontier::read(size, reader)->parts(), log.frontier.parts()) << size;
        for (const auto& tile : tiles_at(size))
            EXPECT_EQ(log.files.content.at(tile_path(tile)).size(), 32 * tile.width);
    }
}

TEST(TileWriter, writes_nothing_where_nothing_comes) {
    const Files none;
    EXPECT_THAT(*next_tiles(77, {}, none.reader()), IsEmpty());
    EXPECT_THAT(*next_bundles(77, {}, none.reader()), IsEmpty());
}

TEST(TileWriter, does_not_build_on_a_tile_that_is_gone_or_of_another_length) {
    Files files;
    const auto leaves = numbered_leaves(4);
    EXPECT_EQ(next_tiles(3, leaves, files.reader()).error().fault, Fault::not_found);
    files.content["tile/0/000.p/3"] = std::string(95, 'x');
    const auto result = next_tiles(3, leaves, files.reader());
    EXPECT_EQ(result.error().fault, Fault::corrupt);
    EXPECT_THAT(result.error().what, HasSubstr("tile/0/000.p/3: not 3 hashes"));
}

TEST(TileReader, gives_proofs_that_hold) {
    Grown log(66100);
    log.grow_to(66100);
    const auto reader = tile_reader(log.size, log.files.reader());
    const auto root = log.frontier.root();
    for (const std::uint64_t index : {0U, 255U, 256U, 40000U, 65535U, 65536U, 66047U, 66099U}) {
        const auto proof = prove_inclusion(index, log.size, reader);
        ASSERT_TRUE(proof) << proof.error().what;
        EXPECT_EQ(*proof, naive_path(index, log.leaves));
        EXPECT_TRUE(check_inclusion(index, log.size, log.leaves[index], *proof, root));
    }
    for (const std::uint64_t old : {1U, 255U, 256U, 300U, 65535U, 65536U, 65537U, 66099U}) {
        const auto proof = prove_consistency(old, log.size, reader);
        ASSERT_TRUE(proof) << proof.error().what;
        EXPECT_EQ(*proof, naive_subproof(old, log.leaves, true)) << old;
    }
}

TEST(TileReader, reads_an_older_tree_out_of_the_files_of_a_newer) {
    Grown log(600);
    log.grow_to(512 - 3);
    log.grow_to(600);
    ASSERT_FALSE(log.files.content.contains("tile/0/001.p/253"));
    const auto old = root_of(512 - 3, tile_reader(512 - 3, log.files.reader()));
    ASSERT_TRUE(old) << old.error().what;
    EXPECT_EQ(*old, naive_root(std::span(log.leaves).first(512 - 3)));
}

TEST(TileReader, says_what_is_wrong) {
    Grown log(300);
    log.grow_to(300);
    const auto reader = tile_reader(300, log.files.reader());
    EXPECT_EQ(reader(0, 300).error().fault, Fault::invalid_input);
    EXPECT_EQ(reader(9, 0).error().fault, Fault::invalid_input);
    EXPECT_EQ(reader(64, 0).error().fault, Fault::invalid_input);
    log.files.content["tile/0/000"].pop_back();
    EXPECT_EQ(reader(0, 0).error().fault, Fault::corrupt);
    log.files.content.clear();
    EXPECT_EQ(reader(0, 299).error().fault, Fault::not_found);
}

std::vector<std::string> sample_entries(std::size_t size) {
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < size; ++i) entries.emplace_back(i % 300, static_cast<char>(i));
    return entries;
}

TEST(Bundle, comes_back_and_is_exact) {
    auto entries = sample_entries(255);
    entries.emplace_back(entry_bytes_max, 'x');
    const auto bytes = *bundle(entries);
    EXPECT_EQ(*parse_bundle(bytes, 256), entries);
    EXPECT_FALSE(parse_bundle(bytes, 255));
    EXPECT_FALSE(parse_bundle(bytes, 257));
    EXPECT_FALSE(parse_bundle(bytes + '\0', 256));
    EXPECT_FALSE(parse_bundle(bytes.substr(0, bytes.size() - 1), 256));
    const std::vector<std::string> one{"ab"};
    EXPECT_EQ(*bundle(one), std::string("\0\2ab", 4));
    EXPECT_THAT(*parse_bundle("", 0), IsEmpty());
    EXPECT_THAT(*parse_bundle(std::string(4, '\0'), 2), ElementsAre("", ""));
}

TEST(Bundle, of_too_much_is_refused) {
    EXPECT_FALSE(bundle(sample_entries(257)));
    EXPECT_FALSE(bundle(std::vector<std::string>{std::string(entry_bytes_max + 1, 'x')}));
}

TEST(Bundle, of_arbitrary_bytes_is_read_or_refused) {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(random() % 20, '\0');
        for (auto& byte : bytes) byte = static_cast<char>(random() % 4);
        const auto entries = parse_bundle(bytes, random() % 6);
        EXPECT_TRUE(!entries || *bundle(*entries) == bytes);
    }
}

TEST(Bundles, hold_every_entry_in_whatever_steps) {
    const auto entries = sample_entries(900);
    for (const std::size_t step : {1U, 100U, 256U, 300U}) {
        Files files;
        for (std::size_t at = 0; at < entries.size(); at += step) {
            const auto written = next_bundles(
                at, std::span(entries).subspan(at, std::min(step, 900 - at)), files.reader());
            ASSERT_TRUE(written) << written.error().what;
            files.put(*written);
        }
        for (std::size_t i = 0; i < entries.size(); ++i)
            ASSERT_EQ(*read_entry(i, 900, files.reader()), entries[i]);
        files.content.erase("tile/entries/000.p/200");
        EXPECT_EQ(*read_entry(150, 200, files.reader()), entries[150]);  // out of the full one
        EXPECT_FALSE(read_entry(900, 900, files.reader()));
    }
}

}  // namespace
}  // namespace bailiff::log
