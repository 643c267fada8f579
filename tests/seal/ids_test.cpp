#include "src/seal/ids.hpp"

#include "src/seal/entropy.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace bailiff {
namespace {

class FixedEntropy final : public Entropy {
public:
    explicit FixedEntropy(std::uint8_t first, std::uint8_t step) : next_(first), step_(step) {}
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) {
            byte = next_;
            next_ = static_cast<std::uint8_t>(next_ + step_);
        }
    }

private:
    std::uint8_t next_, step_;
};

CaseId a_case() {
    return CaseId::parse("B0123456789ABCDEF").value();
}

std::string id_of(Direction direction, ActionKind kind, std::string_view target,
                  std::uint32_t generation) {
    return action_id(a_case(), direction, kind, target, generation).text();
}

TEST(NewCaseId, spells_eighty_bits_in_crockford_base32) {
    FixedEntropy zero(0, 0), ones(255, 0), counting(0, 1);
    EXPECT_EQ(new_case_id(zero).text(), "B0000000000000000");
    EXPECT_EQ(new_case_id(ones).text(), "BZZZZZZZZZZZZZZZZ");
    // 00 01 02 03 04 | 05 06 07 08 09, five bits a character.
    EXPECT_EQ(new_case_id(counting).text(), "B000G40R40M30E209");
}

TEST(NewCaseId, never_repeats_with_the_systems_entropy) {
    SystemEntropy entropy;
    std::set<CaseId> seen;
    for (int i = 0; i < 2'000; ++i) seen.insert(new_case_id(entropy));
    EXPECT_EQ(seen.size(), 2'000U);
}

TEST(SystemEntropy, fills_large_and_empty_spans) {
    SystemEntropy entropy;
    std::array<std::uint8_t, 4096> bytes{};
    entropy.fill(bytes);
    entropy.fill({});
    EXPECT_GT(std::set<std::uint8_t>(bytes.begin(), bytes.end()).size(), 200U);
}

// The value is a format: it was computed apart from this code, from the text in the README.
TEST(ActionIdOf, is_the_documented_hash) {
    EXPECT_EQ(id_of(Direction::act, ActionKind::service_terminate, "web-1", 7),
              "b807618342c08d7a30c607ec2c812e5c1032d2347ad34ed0a2f928ebd45d1ce6");
}

TEST(ActionIdOf, differs_when_any_part_differs) {
    const std::set<std::string> ids{
        id_of(Direction::act, ActionKind::service_terminate, "web-1", 0),
        id_of(Direction::undo, ActionKind::service_terminate, "web-1", 0),
        id_of(Direction::act, ActionKind::account_suspend, "web-1", 0),
        id_of(Direction::act, ActionKind::service_terminate, "web-2", 0),
        id_of(Direction::act, ActionKind::service_terminate, "web-1", 1),
        action_id(CaseId::parse("B0123456789ABCDEG").value(), Direction::act,
                  ActionKind::service_terminate, "web-1", 0)
            .text()};
    EXPECT_EQ(ids.size(), 6U);
}

}  // namespace
}  // namespace bailiff
