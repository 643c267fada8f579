#include <gmock/gmock.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <rules/matcher.hpp>
#include <rules/rule_book.hpp>
#include <sstream>

namespace bailiff::rules {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(LiteralScan, finds_literals_that_lie_in_one_another) {
    const auto scan =
        LiteralScan::build({{"ushe", 0}, {"her", 1}, {"hers", 2}, {"his", 3}, {"her", 4}});
    std::vector<std::uint32_t> found;
    scan->scan("uSHErs", [&](std::uint32_t owner) { found.push_back(owner); });
    EXPECT_THAT(found, UnorderedElementsAre(0, 1, 4, 2));
}

TEST(LiteralScan, finds_what_ends_the_text) {
    const auto scan = LiteralScan::build({{"abc", 0}, {"abcd", 1}, {"bcd", 2}});
    const auto found_in = [&](std::string_view text) {
        std::vector<std::uint32_t> found;
        scan->scan(text, [&](std::uint32_t owner) { found.push_back(owner); });
        return found;
    };
    EXPECT_THAT(found_in("abc"), ElementsAre(0));
    EXPECT_THAT(found_in("abcd"), UnorderedElementsAre(0, 1, 2));
    EXPECT_THAT(found_in("ab"), ElementsAre());
    EXPECT_THAT(found_in(""), ElementsAre());
}

TEST(LiteralScan, refuses_what_is_shorter_than_its_tables_reach) {
    EXPECT_EQ(LiteralScan::build({{"ab", 0}}).error().fault, Fault::invalid_input);
}

TEST(LiteralScan, finds_nothing_without_literals) {
    LiteralScan::build({})->scan("abc", [](std::uint32_t) { FAIL(); });
}

TEST(LiteralScan, agrees_with_a_plain_search) {
    std::mt19937 random(1);
    std::vector<LiteralScan::Literal> literals;
    const auto word = [&](std::size_t size) {
        std::string text;
        while (text.size() < size) text += "abc\xE9"[random() % 4];
        return text;
    };
    for (std::uint32_t index = 0; index < 60; ++index)
        literals.push_back({word(3 + random() % 4), index});
    const auto scan = LiteralScan::build(literals);
    for (int round = 0; round < 500; ++round) {
        const auto text = word(random() % 40);
        std::vector<bool> want, found(literals.size());
        for (const auto& literal : literals)
            want.push_back(text.find(literal.text) != std::string::npos);
        scan->scan(text, [&](std::uint32_t owner) { found[owner] = true; });
        ASSERT_EQ(found, want) << text;
    }
}

using Patterns = std::vector<std::shared_ptr<const Pattern>>;

Patterns compiled(const std::vector<std::string>& tokens) {
    Patterns patterns;
    for (const auto& token : tokens) patterns.push_back(*Pattern::compile(token));
    return patterns;
}

std::vector<Matcher::Entry> entries(const Patterns& patterns, std::uint32_t count_max = 1) {
    std::vector<Matcher::Entry> made;
    for (std::uint32_t index = 0; index < patterns.size(); ++index) {
        made.push_back({index, patterns[index].get(), count_max, false});
    }
    return made;
}

TEST(Matcher, ends_a_rule_at_its_first_text) {
    const auto patterns = compiled({"/viagra/i", "/\\d\\d/", "/[xyz]{2}/"});
    const auto matcher = Matcher::build(entries(patterns), {});
    Hits hits(3);
    const std::string first = "Viagra 42", second = "viagra 43 xx";
    matcher->match(first, Matcher::Text::other, hits);
    matcher->match(second, Matcher::Text::other, hits);
    EXPECT_THAT(hits.count, ElementsAre(1, 1, 1));
    EXPECT_THAT(hits.where, ElementsAre(first, first, second));
}

TEST(Matcher, wants_all_groups_of_literals_in_one_text) {
    const auto patterns = compiled({"/password.*expires/"});
    const auto matcher = Matcher::build(entries(patterns), {});
    Hits hits(1);
    for (const std::string_view text : {"password", "expires", "expires password"}) {
        matcher->match(text, Matcher::Text::other, hits);
    }
    EXPECT_THAT(hits.count, ElementsAre(0));
    matcher->match("password expires", Matcher::Text::other, hits);
    EXPECT_THAT(hits.count, ElementsAre(1));
}

TEST(Matcher, stops_at_its_budget_and_says_so) {
    const auto patterns = compiled({"/viagra$/", "/viagra now/"});
    const auto matcher = Matcher::build(entries(patterns), {});
    const std::string text = "viagra now" + std::string(compared_bytes_max / 5, ' ');
    Hits hits(2);
    for (int round = 0; round < 3; ++round) matcher->match(text, Matcher::Text::other, hits);
    EXPECT_FALSE(hits.cut);
    for (int round = 0; round < 3; ++round) matcher->match(text, Matcher::Text::other, hits);
    EXPECT_TRUE(hits.cut);
    EXPECT_THAT(hits.count, ElementsAre(0, 1));
}

TEST(Matcher, counts_over_all_texts_up_to_the_maximum) {
    const auto patterns = compiled({"/viagra/", "/\\d/", "/[xyz]/"});
    const auto matcher = Matcher::build(entries(patterns, 3), {});
    Hits hits(3);
    for (const std::string_view text : {"viagra viagra 1 x", "viagra viagra 2"}) {
        matcher->match(text, Matcher::Text::other, hits);
    }
    EXPECT_THAT(hits.count, ElementsAre(3, 2, 1));
}

TEST(Matcher, keeps_rules_off_the_subject_that_ask_for_it) {
    const auto patterns = compiled({"/offer/", "/\\d/", "/[xyz]/"});
    auto made = entries(patterns);
    made[0].skips_subject = made[1].skips_subject = true;
    const auto matcher = Matcher::build(made, {});
    Hits hits(3);
    matcher->match("offer 1 x", Matcher::Text::subject, hits);
    EXPECT_THAT(hits.count, ElementsAre(0, 0, 1));
}

TEST(Matcher, runs_patterns_alone_when_their_set_does_not_compile) {
    const auto patterns = compiled({"/\\d{5}/", "/[v-z]{9}/", "/^.{3}$/"});
    const auto matcher = Matcher::build(entries(patterns), {.memory_per_set = 10});
    EXPECT_EQ(matcher->always_run(), 3U);
    Hits hits(3);
    matcher->match("12345", Matcher::Text::other, hits);
    EXPECT_THAT(hits.count, ElementsAre(1, 0, 0));
}

// What the speed-up must never change: rule by rule is the reference.

/// Bodies, links and headers made of words of the patterns themselves and of noise.
class TextMaker {
public:
    explicit TextMaker(const Patterns& patterns) {
        for (const auto& pattern : patterns) {
            for (const auto& group : pattern->atoms()) {
                words_.insert(words_.end(), group.begin(), group.end());
            }
        }
        for (const auto* noise :
             {"the", "your", "\xC3\xA9t\xC3\xA9", "http://", "www.", ".test/", "42", "1,000,000",
              "$", "\xE9", "<a href=\"", "\n", "@example.com", "AAAA"}) {
            words_.emplace_back(noise);
        }
    }
    std::string make() {
        std::string text;
        for (auto count = random_() % 30; count > 0; --count) {
            text += words_[random_() % words_.size()];
            if (random_() % 3 != 0) text += ' ';
            if (random_() % 9 == 0)
                std::transform(text.begin(), text.end(), text.begin(), [](char c) {
                    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
                });
        }
        return random_() % 2 != 0 ? text + "\n" : text;
    }

private:
    std::mt19937 random_{7};
    std::vector<std::string> words_;
};

/// The rules in which `matcher` and one pattern after the other disagree on `text`.
std::vector<std::size_t> differing(const Matcher& matcher, const Patterns& patterns,
                                   const std::string& text) {
    Hits hits(patterns.size());
    matcher.match(text, Matcher::Text::other, hits);
    std::vector<std::size_t> out;
    for (std::size_t rule = 0; rule < patterns.size(); ++rule) {
        if ((hits.count[rule] > 0) != patterns[rule]->matches(text)) out.push_back(rule);
    }
    return out;
}

void expect_same_as_rule_by_rule(const Patterns& patterns, const Matcher::Sizes& sizes,
                                 int rounds) {
    const auto matcher = Matcher::build(entries(patterns), sizes);
    ASSERT_TRUE(matcher);
    TextMaker maker(patterns);
    for (int round = 0; round < rounds; ++round) {
        const auto text = maker.make();
        ASSERT_THAT(differing(*matcher, patterns, text), testing::IsEmpty()) << text;
    }
}

Patterns shipped() {
    std::vector<RuleFile> files;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(BAILIFF_SOURCE "/rules/sets", error)) {
        if (entry.path().extension() != ".cf") continue;
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        files.push_back({entry.path().filename(), text.str()});
    }
    Patterns patterns;
    for (const auto& rule : read_rules(files).rules) {
        if (rule.pattern) patterns.push_back(rule.pattern);
    }
    return patterns;
}

TEST(Matcher, finds_what_rule_by_rule_finds_in_the_shipped_set) {
    const auto patterns = shipped();
    EXPECT_GE(patterns.size(), 100U);
    expect_same_as_rule_by_rule(patterns, {}, 400);
}

/// The random patterns of perl_cases.txt.
Patterns random_patterns() {
    std::ifstream file(BAILIFF_SOURCE "/tests/rules/perl_cases.txt");
    Patterns patterns;
    for (std::string line; std::getline(file, line);) {
        std::string pattern;
        for (std::size_t at = 0; line[at] != ' '; at += 2) {
            pattern += static_cast<char>(std::stoi(line.substr(at, 2), nullptr, 16));
        }
        auto one = Pattern::compile("m\x01" + pattern + "\x01is");
        if (one) patterns.push_back(*std::move(one));
    }
    return patterns;
}

TEST(Matcher, finds_what_rule_by_rule_finds_with_random_patterns) {
    expect_same_as_rule_by_rule(random_patterns(), {}, 200);
}

TEST(Matcher, finds_what_rule_by_rule_finds_with_starved_sets) {
    expect_same_as_rule_by_rule(random_patterns(), {.memory_per_set = 40 << 10}, 100);
}

}  // namespace
}  // namespace bailiff::rules
