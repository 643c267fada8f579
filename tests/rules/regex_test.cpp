#include <gmock/gmock.h>
#include <fstream>
#include <ostream>
#include <rules/pattern.hpp>
#include <rules/regex.hpp>
#include <sstream>

namespace bailiff::rules {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::IsEmpty;

struct MatchCase {
    std::string_view name;
    std::string token;
    std::string text;
    bool want;
    friend std::ostream& operator<<(std::ostream& out, const MatchCase& row) {
        return out << row.name;
    }
};

class Translation : public testing::TestWithParam<MatchCase> {};

TEST_P(Translation, matches_where_perl_does) {
    const auto pattern = Pattern::compile(GetParam().token);
    ASSERT_TRUE(pattern) << pattern.error().what;
    EXPECT_EQ((*pattern)->matches(GetParam().text), GetParam().want) << (*pattern)->re2_text();
}

INSTANTIATE_TEST_SUITE_P(
    rows, Translation,
    testing::Values(
        // Delimiters and modifiers.
        MatchCase{"slashes", "/foo/", "a foo", true},
        MatchCase{"escaped_slash", "/a\\/b/", "a/b", true},
        MatchCase{"braces", "m{a/b{2}}i", "A/BB", true},
        MatchCase{"exclamation", "m!a/b!", "a/b", true},
        MatchCase{"escaped_exclamation", "m!a\\!b!", "a!b", true},
        MatchCase{"qr", "qr/foo/i", "FOO", true}, MatchCase{"brackets", "m<a(b)>", "ab", true},
        MatchCase{"case_counts", "/foo/", "FOO", false},
        MatchCase{"g_changes_nothing", "/foo/g", "foo", true},
        MatchCase{"x_skips_blanks", "/f o o/x", "foo", true},
        MatchCase{"x_keeps_escaped_blanks", "/f\\ o/x", "f o", true},
        MatchCase{"dot_and_newline", "/a.b/", "a\nb", false},
        MatchCase{"dot_and_newline_s", "/a.b/s", "a\nb", true},
        MatchCase{"flags_inside", "/a(?i)b/", "aB", true},
        MatchCase{"flags_end_with_their_group", "/(?:a(?i)b)c/", "aBC", false},
        MatchCase{"flags_of_a_group", "/(?-i:a)b/i", "AB", false},
        // Anchors.
        MatchCase{"dollar_at_end", "/foo$/", "foo", true},
        MatchCase{"dollar_before_last_newline", "/foo$/", "foo\n", true},
        MatchCase{"dollar_before_other_newline", "/foo$/", "foo\nbar", false},
        MatchCase{"dollar_before_two_newlines", "/foo$/", "foo\n\n", false},
        MatchCase{"dollar_m", "/foo$/m", "foo\nbar", true},
        MatchCase{"big_z", "/foo\\Z/", "foo\n", true},
        MatchCase{"small_z", "/foo\\z/", "foo\n", false},
        MatchCase{"caret", "/^bar/", "foo\nbar", false},
        MatchCase{"caret_m", "/^bar/m", "foo\nbar", true},
        MatchCase{"big_a_m", "/\\Abar/m", "foo\nbar", false},
        MatchCase{"empty_header", "/^$/", "", true},
        MatchCase{"empty_header_with_newline", "/^$/", "\n", true},
        MatchCase{"dollar_in_a_choice", "/foo(?:\\s|$)/", "foo", true},
        // Bytes.
        MatchCase{"vertical_tab_is_space", "/a\\sb/", "a\vb", true},
        MatchCase{"vertical_tab_in_class", "/a[\\s]b/", "a\vb", true},
        MatchCase{"no_break_space_is_no_space", "/a\\sb/",
                  "a\xA0"
                  "b",
                  false},
        MatchCase{"horizontal", "/a\\hb/",
                  "a\xA0"
                  "b",
                  true},
        MatchCase{"word_is_ascii", "/^\\w$/", "\xE9", false},
        MatchCase{"dot_is_a_byte", "/^.$/", "\xC3\xA9", false},
        MatchCase{"utf8_in_a_class_is_its_bytes", "/^[\xC3\xA9]$/", "\xA9", true},
        MatchCase{"latin_folding", "/\xE9/i", "\xC9", true},
        MatchCase{"no_folding_of_times_and_divide", "/\xD7/i", "\xF7", false},
        MatchCase{"hex", "/\\x41\\x{42}/", "AB", true},
        MatchCase{"octal", "/\\101\\012/", "A\n", true}, MatchCase{"nul", "/a\\0b/", "a\0b"s, true},
        MatchCase{"needless_escapes", "/\\_\\@\\-\\:\\e/", "_@-:\x1B", true},
        MatchCase{"posix", "/^[[:alpha:][:^space:]]$/", "1", true},
        MatchCase{"bracket_first", "/^[]a]$/", "]", true},
        MatchCase{"negated_fold", "/^[^k]$/i", "K", false},
        MatchCase{"backspace_in_class", "/[\\b]/", "\b", true},
        // RE2 of 2022-06 misses these without our help.
        MatchCase{"common_high_prefix",
                  "/\xE9"
                  "a|\xE9"
                  "b/",
                  "x\xE9"
                  "b",
                  true},
        MatchCase{"common_high_prefix_anchored",
                  "/^(?:\xE9"
                  "a|\xE9"
                  "b)/",
                  "\xE9"
                  "b",
                  true},
        // Counts.
        MatchCase{"no_lower_count", "/^a{,2}$/", "aaa", false},
        MatchCase{"literal_brace", "/a{x}/", "a{x}", true},
        MatchCase{"literal_empty_count", "/a{,}/", "a{,}", true},
        MatchCase{"above_1000", "/^a{0,2048}$/", std::string(2048, 'a'), true},
        MatchCase{"above_1000_is_bounded", "/^a{0,2048}$/", std::string(2049, 'a'), false},
        MatchCase{"nested_above_1000", "/^(?:a{30}){40}$/", std::string(1200, 'a'), true},
        MatchCase{"nested_above_1000_is_exact", "/^(?:a{30}){40}$/", std::string(1170, 'a'), false},
        MatchCase{"at_least_1500", "/^a{1500,}$/", std::string(1499, 'a'), false},
        MatchCase{"comment_group", "/a(?#why)b/", "ab", true},
        MatchCase{"named_group", "/(?<NAME>a)(?P<O>b)(?'p'c)/", "abc", true}),
    [](const auto& row) { return std::string(row.param.name); });

struct RefusalCase {
    std::string_view name;
    std::string token;
    std::string want;
    friend std::ostream& operator<<(std::ostream& out, const RefusalCase& row) {
        return out << row.name;
    }
};

class Refusal : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusal, says_why) {
    const auto pattern = Pattern::compile(GetParam().token);
    ASSERT_FALSE(pattern);
    EXPECT_THAT(pattern.error().what, HasSubstr(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    rows, Refusal,
    testing::Values(RefusalCase{"no_delimiter", "foo", "expected /../"},
                    RefusalCase{"empty", "", "expected /../"},
                    RefusalCase{"no_end", "/foo", "without its closing /"},
                    RefusalCase{"escaped_end", "/foo\\/", "without its closing /"},
                    RefusalCase{"inner_delimiter", "/a/b/", "unescaped /"},
                    RefusalCase{"modifier", "/a/e", "unknown modifier 'e'"},
                    RefusalCase{"lookahead", "/a(?=b)/", "look-ahead"},
                    RefusalCase{"negative_lookahead", "/a(?!b)/", "look-ahead"},
                    RefusalCase{"lookbehind", "/(?<=b)a/", "look-behind"},
                    RefusalCase{"negative_lookbehind", "/(?<!b)a/", "look-behind"},
                    RefusalCase{"back_reference", "/(a)\\1/", "back-reference"},
                    RefusalCase{"named_back_reference", "/(?<n>a)\\k<n>/", "back-reference"},
                    RefusalCase{"relative_back_reference", "/(a)\\g{-1}/", "back-reference"},
                    RefusalCase{"atomic", "/(?>a+)b/", "atomic"},
                    RefusalCase{"possessive", "/a++b/", "possessive"},
                    RefusalCase{"recursion", "/(a(?R)?)/", "recursion"},
                    RefusalCase{"code", "/(?{ 1 })/", "never run"},
                    RefusalCase{"property", "/\\pL/", "\\p"},
                    RefusalCase{"wide", "/\\x{263a}/", "above \\xFF"},
                    RefusalCase{"open_group", "/(a/", "without its )"},
                    RefusalCase{"closed_group", "/a)/", "without its ("},
                    RefusalCase{"open_class", "/[a/", "without its ]"},
                    RefusalCase{"bad_range", "/[z-a]/", "range"},
                    RefusalCase{"bad_posix", "/[[:letter:]]/", "[:letter:]"},
                    RefusalCase{"nothing_to_repeat", "/*a/", "follows nothing"},
                    RefusalCase{"repeated_repeat", "/a**/", "quantifier"},
                    RefusalCase{"backwards_count", "/a{3,2}/", "above its m"},
                    RefusalCase{"template_of_another_rule", "/%{USER}/", "template"},
                    RefusalCase{"dollar_before_newline", "/a$\\n/", "last newline"},
                    RefusalCase{"caret_m_before_nothing", "/a\\n^/m", "^ under /m"},
                    RefusalCase{"too_deep",
                                "/" + std::string(200, '(') + std::string(200, ')') + "/", "deep"},
                    RefusalCase{"repetition_bomb", "/(?:[a-z]{1,100}x){1,300}/", "instructions"},
                    RefusalCase{"nested_repetition_bomb", "/((a{1000}){1000}){1000}/", "larger"},
                    RefusalCase{"too_long", "/" + std::string(20'000, 'a') + "/", "longer than"}),
    [](const auto& row) { return std::string(row.param.name); });

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
        out += static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16));
    }
    return out;
}

struct Agreement {
    std::size_t same = 0;
    std::size_t refused = 0;
    std::vector<std::string> differing;
};

/// One line of perl_cases.txt; see perl_cases.py.
void compare(const std::string& line, Agreement& agreement) {
    std::istringstream words(line);
    std::string pattern, modifiers, answer;
    words >> pattern >> modifiers;
    const auto compiled = Pattern::compile("m\x01" + from_hex(pattern) + "\x01" +
                                           (modifiers == "-" ? "" : modifiers));
    if (!compiled) ++agreement.refused;
    while (compiled && words >> answer) {
        const bool want = answer.back() == '1';
        const auto text = from_hex(answer.substr(0, answer.find('=')));
        if ((*compiled)->matches(text) == want)
            ++agreement.same;
        else
            agreement.differing.push_back(line);
    }
}

TEST(Translation, agrees_with_perl_on_random_patterns) {
    std::ifstream file(BAILIFF_SOURCE "/tests/rules/perl_cases.txt");
    Agreement agreement;
    for (std::string line; std::getline(file, line);) compare(line, agreement);
    EXPECT_THAT(agreement.differing, IsEmpty());
    EXPECT_GT(agreement.same, 4000U);
    EXPECT_LT(agreement.refused, 120U);
}

AtomGroups atoms_of(std::string_view token) {
    return (*Pattern::compile(token))->atoms();
}

using Groups = AtomGroups;

TEST(Atoms, are_what_every_match_holds) {
    EXPECT_EQ(atoms_of("/Viagra/i"), (Groups{{"viagra"}}));
    EXPECT_EQ(atoms_of("/a+viagra.*buy/"), (Groups{{"viagra"}, {"buy"}}));
    EXPECT_EQ(atoms_of("/(?:casino|poker) night/"), (Groups{{"casino night", "poker night"}}));
    EXPECT_EQ(atoms_of("/\\b(?:casino|bonus\\d+)\\b/"), (Groups{{"bonus", "casino"}}));
    EXPECT_EQ(atoms_of("/colou?r/"), (Groups{{"color", "colour"}}));
    EXPECT_EQ(atoms_of("/(?:abc){2,}/"), (Groups{{"abcabc"}}));
    EXPECT_EQ(atoms_of("/v[i1]agra/"), (Groups{{"v1agra", "viagra"}}));
    EXPECT_EQ(atoms_of("/one.*three.*two.*fourth/"), (Groups{{"fourth"}, {"three"}, {"two"}}));
}

TEST(Atoms, leave_out_what_most_text_has) {
    EXPECT_EQ(atoms_of("/have.*cheap.*your/"), (Groups{{"cheap"}}));
    EXPECT_EQ(atoms_of("/have/"), (Groups{{"have"}}));
    EXPECT_EQ(atoms_of("/have.*want to.*your/"), (Groups{{"want to"}}));
}

TEST(Atoms, of_a_choice_take_some_of_each_alternative) {
    EXPECT_EQ(atoms_of("/casino.*bonus|poker.*jackpot/"),
              (Groups{{"casino", "jackpot"}, {"bonus", "poker"}}));
}

TEST(Atoms, leave_out_what_holds_another) {
    EXPECT_EQ(atoms_of("/(?:pill|pills|overpilled).*/"), (Groups{{"pill"}}));
}

TEST(Atoms, are_none_where_nothing_is_sure) {
    EXPECT_THAT(atoms_of("/(?:viagra)?/"), IsEmpty());
    EXPECT_THAT(atoms_of("/viagra|\\d+/"), IsEmpty());
    EXPECT_THAT(atoms_of("/[a-z]{20}/"), IsEmpty());
    EXPECT_THAT(atoms_of("/ab/"), IsEmpty());
}

TEST(Pattern, counts_matches_that_do_not_overlap) {
    const auto pattern = *Pattern::compile("/ana/");
    EXPECT_EQ(pattern->count("bananana", 10), 2U);
    EXPECT_EQ(pattern->count("ana ana ana", 2), 2U);
    EXPECT_EQ((*Pattern::compile("/^a/"))->count("aaa", 10), 1U);
    EXPECT_EQ((*Pattern::compile("/x*/"))->count("ab", 10), 3U);
}

TEST(Pattern, matches_alike_with_less_memory) {
    const auto pattern = *Pattern::compile("/a{2}b/");
    const auto small = *pattern->limited_to(1);
    EXPECT_EQ(small->memory(), pattern_memory_min);
    EXPECT_EQ(small->atoms(), pattern->atoms());
    EXPECT_TRUE(small->matches("caabc"));
    EXPECT_FALSE(small->matches("ab"));
}

TEST(Pattern, shows_what_matched) {
    EXPECT_EQ((*Pattern::compile("/b+/"))->find("abbbc"), "bbb");
}

}  // namespace
}  // namespace bailiff::rules
