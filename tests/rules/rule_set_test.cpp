#include <rules/rule_set.hpp>
#include <bailiff/limits.hpp>
#include <gmock/gmock.h>
#include <ostream>
#include <thread>

namespace bailiff {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const RuleSet> compiled(std::string text) {
    auto set = RuleSet::compile({{"a.cf", std::move(text)}});
    EXPECT_TRUE(set) << set.error().what;
    return set ? *set : nullptr;
}

std::string errors_of(std::string text) {
    const auto set = RuleSet::compile({{"a.cf", std::move(text)}});
    return set ? "" : set.error().what;
}

Submission submission() {
    Submission made;
    made.envelope.mail_from = "shop@example.com";
    return made;
}

Message message() {
    Message made;
    made.fields = {{"Subject", " Cheap watches", "Cheap watches"},
                   {"From", " Shop <shop@example.com>", "Shop <shop@example.com>"}};
    made.body = {"Cheap watches\n", "buy watches now, buy now\n", "caf\xC3\xA9 1234\n"};
    made.rawbody = {"<b>buy</b>\nwatches\n"};
    made.uris = {"http://shop.example/buy?id=1", "mailto:a@example.com"};
    return made;
}

/// "NAME=score" of what hits.
std::vector<std::string> hits(const RuleSet& set) {
    std::vector<std::string> out;
    for (const auto& finding : set.inspect(submission(), message())) {
        out.push_back(finding.symbol + "=" + std::to_string(finding.score));
    }
    return out;
}

struct HitCase {
    std::string_view name;
    std::string text;
    std::vector<std::string> want;
    friend std::ostream& operator<<(std::ostream& out, const HitCase& row) {
        return out << row.name;
    }
};

class Rules : public testing::TestWithParam<HitCase> {};

TEST_P(Rules, hit_as_in_spamassassin) {
    const auto set = compiled(GetParam().text);
    ASSERT_TRUE(set);
    EXPECT_EQ(hits(*set), GetParam().want);
}

using Want = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(
    rows, Rules,
    testing::Values(
        // Kinds.
        HitCase{"header", "header A Subject =~ /watches$/", Want{"A=1000"}},
        HitCase{"header_not", "header A Subject !~ /casino/", Want{"A=1000"}},
        HitCase{"header_not_but_is", "header A Subject !~ /watches/", Want{}},
        HitCase{"absent_header_is_empty", "header A X-None =~ /^$/", Want{"A=1000"}},
        HitCase{"absent_header_not", "header A X-None !~ /x/", Want{"A=1000"}},
        HitCase{"if_unset", "header A X-None =~ /^gone$/ [if-unset: gone]", Want{"A=1000"}},
        HitCase{"if_unset_but_set", "header A Subject =~ /^gone$/ [if-unset: gone]", Want{}},
        HitCase{"exists", "header A exists:FROM", Want{"A=1000"}},
        HitCase{"exists_not", "header A exists:Cc", Want{}},
        HitCase{"from_address", "header A From:addr =~ /^shop\\@example\\.com$/", Want{"A=1000"}},
        HitCase{"from_name", "header A From:name =~ /^Shop$/", Want{"A=1000"}},
        HitCase{"all", "header A ALL =~ /^From: Shop/m", Want{"A=1000"}},
        HitCase{"mail_from", "header A EnvelopeFrom =~ /^shop\\@/", Want{"A=1000"}},
        HitCase{"body_sees_subject", "body A /Cheap/", Want{"A=1000"}},
        HitCase{"body_nosubject", "body A /Cheap/\ntflags A nosubject", Want{}},
        HitCase{"body_line_by_line", "body A /now.*caf/s", Want{}},
        HitCase{"body_no_html", "body A /<b>/", Want{}},
        HitCase{"rawbody", "rawbody A /<b>.*watches/s", Want{"A=1000"}},
        HitCase{"uri", "uri A m{^http://shop\\.example/}", Want{"A=1000"}},
        HitCase{"meta", "body __A /buy/\nbody __B /none/\nmeta C __A && !__B", Want{"C=1000"}},
        HitCase{"meta_not", "body __A /buy/\nmeta C !__A", Want{}},
        HitCase{"meta_of_nothing_that_hit",
                "body __A /none/\nbody __B /nor this/\nmeta C !__A && !__B", Want{"C=1000"}},
        HitCase{"meta_that_reads_no_rule", "meta A 2 > 1\nmeta B 1 > 2", Want{"A=1000"}},
        HitCase{"meta_whose_last_did_not_hit", "body __A /buy/\nbody __B /none/\nmeta C __A || __B",
                Want{"C=1000"}},
        HitCase{"meta_before_its_atoms", "meta C __D > 0\nmeta __D __A\nbody __A /buy/",
                Want{"C=1000"}},
        HitCase{"meta_of_a_value",
                "body __A /buy/\ntflags __A multiple\nmeta B __A\nmeta C B == 2\nscore B 0.1",
                Want{"B=100", "C=1000"}},
        // Scores.
        HitCase{"score", "body A /buy/\nscore A 2.5", Want{"A=2500"}},
        HitCase{"first_of_four", "body A /buy/\nscore A 1 2 3 4", Want{"A=1000"}},
        HitCase{"score_before_rule", "score A -0.001\nbody A /buy/", Want{"A=-1"}},
        HitCase{"tiny_score_is_not_zero", "body A /buy/\nscore A 0.0001", Want{"A=1"}},
        HitCase{"rounded", "body A /buy/\nscore A 1.23456", Want{"A=1235"}},
        HitCase{"relative", "body A /buy/\nscore A 2\nscore A (0.5)", Want{"A=2500"}},
        HitCase{"zero_is_not_run", "body A /buy/\nscore A 0\nmeta B A", Want{}},
        HitCase{"test_rule", "body T_A /buy/", Want{"T_A=10"}},
        HitCase{"nice", "body A /buy/\ntflags A nice net", Want{"A=-1000"}},
        HitCase{"multiple", "body A /buy/\ntflags A multiple", Want{"A=2000"}},
        HitCase{"maxhits", "body A /w/\ntflags A multiple maxhits=2", Want{"A=2000"}},
        HitCase{"multiple_header", "header A Subject =~ /e/\ntflags A multiple", Want{"A=2000"}},
        HitCase{"large_sum", "body A /\\w/\ntflags A multiple\nscore A 10000", Want{"A=380000000"}},
        // Files.
        HitCase{"comments", "# one\n body A /b\\#?uy/ # two\n\n", Want{"A=1000"}},
        HitCase{"keys_in_any_case", "BODY A /buy/\r\nTFlags A multiple\r\n", Want{"A=2000"}},
        HitCase{"our_block", "ifplugin Bailiff\nbody A /buy/\nelse\nbody B /buy/\nendif",
                Want{"A=1000"}},
        HitCase{"other_block", "ifplugin X\nfoo bar\nelse\nbody B /buy/\nendif", Want{"B=1000"}},
        HitCase{"inner_block_of_other",
                "ifplugin X\nifplugin Bailiff\nbody A /buy/\nelse\nbody B /buy/\nendif\nendif",
                Want{}},
        HitCase{"order_of_name", "body B /buy/\nbody A /buy/", Want{"A=1000", "B=1000"}}),
    [](const auto& row) { return std::string(row.param.name); });

struct ErrorCase {
    std::string_view name;
    std::string text, want;
    friend std::ostream& operator<<(std::ostream& out, const ErrorCase& row) {
        return out << row.name;
    }
};

class RuleErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(RuleErrors, name_file_line_key_and_what_was_expected) {
    EXPECT_THAT(errors_of(GetParam().text), HasSubstr(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    rows, RuleErrors,
    testing::Values(
        ErrorCase{"unknown_key", "\nfull A /x/", "a.cf:2: full: unknown keyword, expected header"},
        ErrorCase{"bad_regex", "body A /(/", "a.cf:1: body: A: a ( without its )"},
        ErrorCase{"bad_name", "body 1A /x/", "a.cf:1: body: expected a rule name"},
        ErrorCase{"eval", "body A eval:x()", "a.cf:1: body: A: eval:"},
        ErrorCase{"header_shape", "header A Subject /x/", "expected exists:HEADER"},
        ErrorCase{"exists_and_more", "header A exists:X =~ /x/", "expected nothing behind"},
        ErrorCase{"unknown_in_score", "score A 1", "a.cf:1: score: unknown rule A"},
        ErrorCase{"unknown_in_describe", "describe A x", "a.cf:1: describe: unknown rule A"},
        ErrorCase{"unknown_in_tflags", "tflags A nice", "a.cf:1: tflags: unknown rule A"},
        ErrorCase{"unknown_in_test", "test A ok x", "a.cf:1: test: unknown rule A"},
        ErrorCase{"unknown_in_meta", "meta B A", "a.cf:1: meta: unknown rule A"},
        ErrorCase{"nan", "body A /x/\nscore A nan",
                  "a.cf:2: score: no score: nan, expected a number"},
        ErrorCase{"infinity", "body A /x/\nscore A inf", "a.cf:2: score: no score: inf"},
        ErrorCase{"overflow", "body A /x/\nscore A 99999999999999999999",
                  "a.cf:2: score: no score"},
        ErrorCase{"exponent", "body A /x/\nscore A 1e3", "a.cf:2: score: no score"},
        ErrorCase{"no_digit", "body A /x/\nscore A -", "a.cf:2: score: no score"},
        ErrorCase{"two_scores", "body A /x/\nscore A 1 2", "expected one score or four"},
        ErrorCase{"flag", "body A /x/\ntflags A twice", "unknown flag twice, expected multiple"},
        ErrorCase{"maxhits", "body A /x/\ntflags A maxhits=0", "expected maxhits=1"},
        ErrorCase{"test_shape", "body A /x/\ntest A maybe x", "expected `test NAME ok"},
        ErrorCase{"lang_shape", "lang fr report x", "expected `lang fr describe"},
        ErrorCase{"circle", "meta A B\nmeta B C || A\nmeta C A",
                  "a.cf:1: meta: a circle: A reads B reads"},
        ErrorCase{"own_circle", "meta A !A", "a circle: A reads A"},
        ErrorCase{"twice", "body A /x/\nbody A /y/", "a.cf:2: body: A is defined in line 1"},
        ErrorCase{"if", "if (version > 3)\nendif", "a.cf:1: if: only ifplugin"},
        ErrorCase{"open_block", "ifplugin X", "a.cf:1: ifplugin: expected an endif"},
        ErrorCase{"endif", "endif", "a.cf:1: endif: expected an ifplugin"},
        ErrorCase{"else", "ifplugin X\nelse\nelse\nendif", "a.cf:3: else: expected"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(RuleSet, reports_all_errors_of_all_files_at_once) {
    const auto set = RuleSet::compile(
        {{"a.cf", "body A /(/\nscore X 1\nbody B /ok/\n"}, {"b.cf", "nonsense\n"}});
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().fault, Fault::invalid_input);
    EXPECT_THAT(set.error().what,
                AllOf(HasSubstr("a.cf:1: body: A"), HasSubstr("\na.cf:2: score: "),
                      HasSubstr("\nb.cf:1: nonsense: ")));
}

TEST(RuleSet, lets_a_later_file_replace_a_rule) {
    const auto set = RuleSet::compile({{"a.cf", "body A /none/"}, {"b.cf", "uri A /shop/"}});
    ASSERT_TRUE(set) << set.error().what;
    EXPECT_THAT(hits(**set), ElementsAre("A=1000"));
}

TEST(RuleSet, says_why_a_rule_hit) {
    const auto set =
        compiled("body A /buy\\s\\w+/\ndescribe A Sells things\nbody B /caf.. 12/\nmeta C A");
    const auto findings = set->inspect(submission(), message());
    ASSERT_EQ(findings.size(), 3U);
    EXPECT_EQ(findings[0], (Finding{Family::rules, "A", 1000, "Sells things: \"buy watches\""}));
    EXPECT_EQ(findings[1].reason, "rule B hit: \"caf\xC3\xA9 12\"");
    EXPECT_EQ(findings[2].reason, "rule C hit");
}

TEST(RuleSet, shows_no_control_bytes_and_at_most_sixty_bytes) {
    auto hostile = message();
    hostile.body = {"\n", "x\x1B[2J\xE2\x80\xAE\xFF" + std::string(100, 'y') + "\n"};
    const auto findings = compiled("body A /x.*/")->inspect(submission(), hostile);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].reason, "rule A hit: \"x?[2J????" + std::string(51, 'y') + "\"");
}

TEST(RuleSet, keeps_the_heaviest_findings_and_says_that_it_cut) {
    std::string text;
    for (std::size_t rule = 0; rule <= limits::findings_max; ++rule) {
        text += "body R" + std::to_string(rule) + " /buy/\nscore R" + std::to_string(rule) +
                (rule == 7 ? " 0.5\n" : " 1\n");
    }
    const auto findings = compiled(text)->inspect(submission(), message());
    ASSERT_EQ(findings.size(), limits::findings_max + 1);
    EXPECT_EQ(findings.back().symbol, "FINDINGS_CUT");
    EXPECT_TRUE(findings.back().families.empty());
    EXPECT_THAT(findings, testing::Not(testing::Contains(testing::Field(&Finding::symbol, "R7"))));
}

TEST(RuleSet, explains_in_two_languages) {
    const auto set = compiled(
        "body A /x/\ndescribe A Sells\nlang fr describe A Vend\nlang de describe A Verkauft\nbody "
        "B /x/");
    ASSERT_TRUE(set->explanation("A"));
    EXPECT_EQ(set->explanation("A")->en, "Sells");
    EXPECT_EQ(set->explanation("A")->fr, "Vend");
    EXPECT_FALSE(set->explanation("B"));
    EXPECT_FALSE(set->explanation("C"));
}

TEST(RuleSet, counts_and_names_what_is_run) {
    const auto set =
        compiled("body B /x/\nbody __A /x/\nmeta C B\nheader D exists:X\nbody E /x/\nscore E 0");
    EXPECT_EQ(set->counts().rules, 4U);
    EXPECT_EQ(set->counts().patterns, 2U);
    EXPECT_EQ(set->counts().metas, 1U);
    EXPECT_EQ(set->counts().scored, 3U);
    EXPECT_THAT(set->names(), ElementsAre("B", "C", "D", "__A"));
}

TEST(RuleSet, has_a_version_of_names_and_texts) {
    const auto digest = [](std::string name, std::string text) {
        return (*RuleSet::compile({{std::move(name), std::move(text)}}))->digest();
    };
    EXPECT_EQ(digest("a", "body A /x/").size(), 64U);
    EXPECT_EQ(digest("a", "body A /x/"), digest("a", "body A /x/"));
    EXPECT_NE(digest("a", "body A /x/"), digest("a", "body A /x/\n"));
    EXPECT_NE(digest("a", "body A /x/"), digest("b", "body A /x/"));
}

TEST(RuleSet, runs_its_own_tests) {
    const auto set = compiled(
        "body A /buy now/\ntest A ok <b>buy</b> now\ntest A fail sell\ntest A fail buy now\n"
        "header B Subject =~ /^win/\ntest B ok win it\ntest B ok a win\n"
        "uri C /shop/\ntest C ok see http://shop.example/ now\ntest C fail the shop\n"
        "header D EnvelopeFrom =~ /^x\\@/\ntest D ok x@example.com\n"
        "header E ALL =~ /^X-A: b$/m\ntest E ok X-A: b\n"
        "meta F A && C\ntest F ok buy now at www.shop.example\n"
        "header G From:addr =~ /^a\\@/\ntest G ok B <a@example.com>\n"
        "rawbody H /<b>/\ntest H ok <b>x</b>\n"
        "body Z /x/\nscore Z 0\ntest Z ok x\n");
    EXPECT_THAT(set->self_test(), ElementsAre("a.cf:4: test: A must not hit: buy now",
                                              "a.cf:7: test: B must hit: a win"));
}

TEST(RuleSet, is_read_by_many_threads) {
    const auto set =
        compiled("body A /buy/\nbody B /\\d{3}/\nbody C /[wxyz]{1}a/\nheader D ALL =~ /^Sub/");
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) EXPECT_EQ(hits(*set).size(), 4U);
        });
    }
    for (auto& thread : threads) thread.join();
}

TEST(RuleSet, takes_a_message_without_anything) {
    const auto set = compiled("body A /^$/\nheader B ALL =~ /x/\nuri C /x/\nrawbody D /x/");
    EXPECT_THAT(set->inspect({}, {}), IsEmpty());
}

TEST(RuleSet, holds_a_sum_at_the_end_of_its_type) {
    Message many;
    many.body = {"\n", std::string(900, 'x')};
    const auto set = compiled("body A /x/\ntflags A multiple\nscore A -10000");
    EXPECT_EQ(set->inspect({}, many).at(0).score, -std::numeric_limits<MilliPoints>::max());
}

TEST(RuleSet, tells_that_its_budget_ended_the_search) {
    Message large;
    large.body.assign(150, "offer" + std::string(1 << 20, ' '));
    const auto findings = compiled("body A /offer$/")->inspect(submission(), large);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].symbol, "RULES_CUT");
    EXPECT_TRUE(findings[0].families.empty());
}

TEST(RuleSet, refuses_a_set_beyond_its_memory) {
    std::string text;
    for (int rule = 0; rule < 8'200; ++rule) {
        text += "body R" + std::to_string(rule) + " /abc/\n";
    }
    const auto set = RuleSet::compile({{"a.cf", text}});
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().fault, Fault::exhausted);
    EXPECT_THAT(set.error().what, HasSubstr("MiB"));
}

/// All but the reasons.
std::vector<std::string> bare(const Findings& findings) {
    std::vector<std::string> out;
    for (const auto& finding : findings)
        out.push_back(to_text(finding.families) + finding.symbol + std::to_string(finding.score));
    return out;
}

TEST(RuleSet, says_the_same_again_of_the_atoms_that_hit) {
    std::string text =
        "body BUY /buy/\ntflags BUY multiple\nbody __NOW /now/\nbody NEVER /zzz/\n"
        "header NOT Subject !~ /casino/\nheader THERE exists:From\nmeta BOTH BUY * __NOW\n";
    const auto small = compiled(text);
    for (int n = 0; n < 600; ++n) text += "uri U" + std::to_string(n) + " /shop/\n";
    const auto large = compiled(text);  // more findings than are kept
    for (const auto& set : {small, large}) {
        AtomHits atoms;
        const auto findings = set->inspect_noting(submission(), message(), atoms);
        EXPECT_EQ(findings, set->inspect(submission(), message()));
        EXPECT_EQ(bare(set->rescore(atoms)), bare(findings));
        EXPECT_FALSE(findings.empty());
    }
    AtomHits atoms;
    (void)small->inspect_noting(submission(), message(), atoms);
    EXPECT_EQ(atoms.hits, (std::vector<AtomHit>{{0, 2}, {2, 1}, {3, 1}, {4, 1}}));
    EXPECT_THAT(bare(small->rescore({.hits = {{0, 3}}, .cut = true})),
                ElementsAre("rulesBUY3000", "stateRULES_CUT0"));
}

TEST(RuleSet, knows_where_a_rule_is_defined) {
    const auto set = compiled("\nbody A /a/\nscore A 3\n");
    EXPECT_EQ(set->place_of("A"), "a.cf:2");
    EXPECT_EQ(set->place_of("B"), "");
}

}  // namespace
}  // namespace bailiff
