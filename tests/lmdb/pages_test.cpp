// Flipped bits in LMDB's own pages: refused when opened, never a crash (fault E09).
#include "lmdb/pages.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>

#include "lmdb/ledger.hpp"
#include "tests/lmdb/children.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

constexpr std::size_t page_size = 4096;

std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::in) << bytes;
}

LedgerOptions options(const std::string& path) {
    return {.path = path, .role = "milter", .map_bytes = 64U << 20};
}

/// A ledger with trees of more than one level, long messages and a list of free pages.
std::string filled(const std::string& path) {
    const auto ledger = LmdbLedger::open(options(path)).value();
    for (std::uint64_t number = 0; number < 300; number += 100)
        EXPECT_TRUE(ledger->update([=](LedgerTxn& txn) -> Result<void> {
            for (auto one = number; one < number + 100; ++one)
                BAILIFF_CHECK(write_incident(txn, one));
            return txn.put_message(case_id(number), std::string(30'000, 'm'));
        }));
    return path + "/data.mdb";
}

TEST(Pages, of_a_sound_file_are_sound) {
    const TempDir dir;
    (void)filled(dir / "ledger");
    EXPECT_TRUE(LmdbLedger::open(options(dir / "ledger")));
}

/// What both roles do with a ledger, and one write.
bool opens_and_works_or_is_refused(const std::string& path) {
    return in_child([&] {
        const auto ledger = LmdbLedger::open(options(path));
        if (!ledger) return true;
        (void)(*ledger)->read([](const LedgerView& view) -> Result<void> {
            for (std::uint64_t number = 0; number < 300; ++number) {
                (void)view.find_case(case_id(number));
                (void)view.actions_of(case_id(number));
                (void)view.message(case_id(number));
            }
            (void)view.cases({.state = {}, .service = {}, .count = 1000});
            (void)view.outbox(1000);
            (void)view.leaves(0, 1000);
            (void)view.stats();
            return {};
        });
        for (std::uint64_t number = 290; number < 310; ++number)
            (void)(*ledger)->update([=](LedgerTxn& txn) { return write_incident(txn, number); });
        return true;
    });
}

TEST(Pages, with_a_flipped_bit_end_no_process) {
    const TempDir dir;
    const auto file = filled(dir / "ledger");
    const auto sound = read(file);
    std::mt19937 chance(20261123);  // NOLINT: the same flips each time
    std::size_t refused = 0;
    for (int flip = 0; flip < 150; ++flip) {
        auto damaged = sound;
        // Where LMDB keeps its own numbers: at the beginning of pages.
        const auto at = chance() % (sound.size() / page_size) * page_size + chance() % 64;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << chance() % 8));
        write(file, damaged);
        EXPECT_TRUE(opens_and_works_or_is_refused(dir / "ledger")) << "byte " << at;
        write(file, damaged);
        refused += LmdbLedger::open(options(dir / "ledger")) ? 0 : 1;
        write(file, sound);
    }
    EXPECT_GT(refused, 10U) << "the flips did not meet what matters";
}

TEST(Pages, that_are_wrong_are_named) {
    const TempDir dir;
    const auto file = filled(dir / "ledger");
    auto bytes = read(file);
    const auto last = bytes.size() / page_size - 1;
    // The number of each page but the two meta pages.
    for (std::size_t page = 2; page <= last; ++page) bytes[page * page_size] ^= 1;
    write(file, bytes);
    const auto opened = LmdbLedger::open(options(dir / "ledger"));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, Fault::corrupt);
    EXPECT_NE(opened.error().what.find("of data.mdb has another's number"), std::string::npos)
        << opened.error().what;
}

}  // namespace
}  // namespace bailiff
