#include "src/rspamd/findings.hpp"

#include "tests/rspamd/fakes.hpp"

#include <bailiff/limits.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

RspamdReply reply_of(std::vector<RspamdSymbol> symbols) {
    RspamdReply reply;
    reply.action = "add header";
    reply.score = 3.2;
    reply.required_score = 15;
    reply.symbols = std::move(symbols);
    return reply;
}

TEST(RspamdFindings, carry_our_weight_and_tell_its_score) {
    EXPECT_THAT(
        to_findings(
            reply_of(
                {{"PHISHING", 2.5, {"a.example", "b"}}, {"R_SPF_FAIL", 1, {}}, {"GOOD", -0.1, {}}}),
            *weights_of("PHISHING 6.5\nGOOD -1\n")),
        ElementsAre(
            Finding{Family::rspamd, "PHISHING", 6'500,
                    "rspamd PHISHING (its own score 2.5) [a.example, b]"},
            Finding{Family::rspamd, "GOOD", -1'000, "rspamd GOOD (its own score -0.1)"},
            state_finding("RSPAMD_SCORE", "rspamd itself: score 3.2 of 15, action add header")));
}

TEST(RspamdFindings, weigh_nothing_without_weights_of_ours) {
    auto reply = reply_of({{"A", 100, {}}});
    reply.required_score.reset();
    EXPECT_THAT(
        to_findings(reply, *weights_of("")),
        ElementsAre(state_finding("RSPAMD_SCORE", "rspamd itself: score 3.2, action add header")));
}

TEST(RspamdFindings, pass_gtube_under_its_name_whatever_the_weights_say) {
    const auto findings = to_findings(reply_of({{"GTUBE", 0, {}}}), *weights_of("GTUBE 0\n* 1"));
    ASSERT_THAT(findings, SizeIs(2));
    EXPECT_EQ(findings[0],
              (Finding{Family::rspamd, "GTUBE", 100'000, "rspamd GTUBE (its own score 0)"}));
}

TEST(RspamdFindings, shorten_options) {
    const auto findings =
        to_findings(reply_of({{"A", 1, {std::string(300, 'x')}}}), *weights_of("A 1"));
    EXPECT_EQ(findings[0].reason, "rspamd A (its own score 1) [" + std::string(200, 'x') + "...]");
}

TEST(RspamdFindings, stop_at_their_limit_and_say_so) {
    std::vector<RspamdSymbol> symbols;
    for (int i = 0; i < 600; ++i) symbols.push_back({"S" + std::to_string(i), 1, {}});
    const auto findings = to_findings(reply_of(std::move(symbols)), *weights_of("* 1"));
    ASSERT_THAT(findings, SizeIs(limits::findings_max + 2));
    EXPECT_EQ(findings[limits::findings_max],
              state_finding("FINDINGS_CUT", "100 more symbols of rspamd"));
}

TEST(RspamdSilence, is_one_state_in_printable_words) {
    EXPECT_EQ(unavailable("bad\n\x1b"),
              state_finding("RSPAMD_UNAVAILABLE", "rspamd was not heard: bad??"));
}

TEST(RspamdFindings, weigh_the_same_again_from_their_names) {
    std::vector<RspamdSymbol> symbols{{"GTUBE", 0, {}}, {"NONE", 3, {}}, {"A", 1, {"option"}}};
    for (std::size_t n = 0; n < limits::findings_max + 20; ++n)
        symbols.push_back({"S" + std::to_string(n), 1, {}});
    std::vector<std::string> names;
    for (const auto& symbol : symbols) names.push_back(symbol.name);
    const auto weights = weights_of("* 0.5\nA -3\nNONE 0\n");
    auto heard = to_findings(reply_of(symbols), *weights);
    const auto again = reweigh(names, *weights);
    ASSERT_GT(heard.size(), limits::findings_max);
    for (auto& finding : heard)
        if (!finding.families.empty() || finding.symbol == "RSPAMD_SCORE") finding.reason.clear();
    EXPECT_EQ(again, heard);
}

}  // namespace
}  // namespace bailiff
