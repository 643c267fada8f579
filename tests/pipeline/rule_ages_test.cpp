// Since when a rule reads as it does.
#include "src/pipeline/rule_ages.hpp"

#include <gtest/gtest.h>
#include <rules/rule_set.hpp>

#include "src/memory/ledger.hpp"

namespace bailiff {
namespace {

const Instant first{std::chrono::hours(1)}, second{std::chrono::hours(2)};

std::vector<Atom> readings(const std::string& text) {
    const auto set = RuleSet::compile({{"r.cf", text}});
    EXPECT_TRUE(set.has_value()) << set.error().what;
    return (*set)->readings();
}

Instant since(const MemoryLedger& ledger, std::string_view rule) {
    Instant at{};
    EXPECT_TRUE(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto age, view.rule_age(rule));
        if (age) at = age->since;
        return {};
    }));
    return at;
}

const std::string before =
    "body __A /abc/\nbody B /def/\nscore B 2\nmeta M __A && B\nscore M 3\nmeta N B\nscore N 1\n";

struct ChangeCase {
    const char* name;
    std::string after;
    std::string young;  ///< of B, M and N
};

class Change : public testing::TestWithParam<ChangeCase> {};

TEST_P(Change, makes_young_what_reads_otherwise) {
    MemoryLedger ledger;
    EXPECT_EQ(note_rules(ledger, readings(before), first).value(), 4U);
    EXPECT_EQ(note_rules(ledger, readings(before), second).value(), 0U);
    ASSERT_TRUE(note_rules(ledger, readings(GetParam().after), second).has_value());
    std::string young;
    for (const auto* rule : {"B", "M", "N"}) young += since(ledger, rule) == second ? rule : "";
    EXPECT_EQ(young, GetParam().young);
}

std::string with(std::string from, const std::string& what, const std::string& instead) {
    return from.replace(from.find(what), what.size(), instead);
}

INSTANTIATE_TEST_SUITE_P(
    Ages, Change,
    testing::Values(ChangeCase{"nothing", before, ""},
                    ChangeCase{"description", before + "describe B Something else\n", ""},
                    ChangeCase{"score", with(before, "score B 2", "score B 4"), "B"},
                    ChangeCase{"pattern", with(before, "/def/", "/de?f/"), "BMN"},
                    ChangeCase{"sub_rule", with(before, "/abc/", "/ab/"), "M"},
                    ChangeCase{"expression", with(before, "__A && B", "__A || B"), "M"},
                    ChangeCase{"flags", with(before, "/def/", "/def/i"), "BMN"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
