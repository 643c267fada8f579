#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <regex>

#include "src/report/report_page.hpp"
#include "src/report/words.hpp"
#include "tests/report/report_example.hpp"

namespace bailiff {
namespace {

using testing::Each;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Case {
    std::string name;
    std::function<ReportFacts()> facts;
};
std::ostream& operator<<(std::ostream& out, const Case& row) {
    return out << row.name;
}
const Case cases[] = {
    {"example", example_report}, {"bare", bare_report}, {"hostile", hostile_report}};

class Report : public testing::TestWithParam<Case> {
protected:
    [[nodiscard]] std::string html(Language language) const {
        return report_html(GetParam().facts(), language);
    }
};
INSTANTIATE_TEST_SUITE_P(Report, Report, testing::ValuesIn(cases),
                         [](const auto& row) { return row.param.name; });

std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
        found.push_back(at->str());
    return found;
}

/// What stands between each `opening` and the `closing` that follows it.
std::vector<std::string> between(const std::string& text, std::string_view opening,
                                 std::string_view closing) {
    std::vector<std::string> found;
    for (std::size_t at = 0; (at = text.find(opening, at)) != std::string::npos;) {
        at += opening.size();
        const auto end = std::min(text.find(closing, at), text.size());
        found.push_back(text.substr(at, end - at));
        at = end;
    }
    return found;
}

/// "p class=..", "/p", in order; the language is in the first.
std::vector<std::string> tags(const std::string& html) {
    return between(html.substr(html.find("<style>")), "<", ">");
}

/// Every sentence of a page, whatever it stands in.
Sentences sentences(const page::Page& page) {
    Sentences all{page.title, page.subtitle, page.footer};
    all.insert(all.end(), page.notice.begin(), page.notice.end());
    const auto add_table = [&](const page::Table& table) {
        for (const auto& column : table.columns) all.push_back(column.name);
        for (const auto& row : table.rows)
            for (const auto& cell : row) all.push_back(cell.text);
    };
    for (const auto& section : page.sections) {
        all.push_back(section.title);
        for (const auto& block : section.blocks)
            if (const auto* one = std::get_if<Sentence>(&block))
                all.push_back(*one);
            else if (const auto* list = std::get_if<Sentences>(&block))
                all.insert(all.end(), list->begin(), list->end());
            else
                add_table(std::get<page::Table>(block));
    }
    return all;
}

/// The numbers in a text, without what separates thousands and decimals.
std::vector<std::string> numbers(std::string text) {
    text = std::regex_replace(text, std::regex("1er"), "1");
    text = std::regex_replace(text, std::regex("([0-9])(,|\\.|\u202f|\u00a0| )(?=[0-9])"), "$1");
    auto found = all_matches(text, "[0-9]+");
    std::ranges::sort(found);
    return found;
}

TEST_P(Report, says_in_both_languages_the_same_things_in_the_same_places) {
    EXPECT_THAT(tags(html(Language::fr)), ElementsAreArray(tags(html(Language::en))));
    EXPECT_THAT(between(html(Language::fr), "<code>", "</code>"),
                ElementsAreArray(between(html(Language::en), "<code>", "</code>")));
}

TEST_P(Report, leaves_no_sentence_empty_and_none_without_its_translation) {
    for (const auto& sentence : sentences(page_of(GetParam().facts()))) {
        EXPECT_FALSE(sentence.en.empty()) << sentence.fr;
        EXPECT_FALSE(sentence.fr.empty()) << sentence.en;
    }
    for (const auto* empty : {"<p></p>", "<td></td>", "\"></th>", "<li></li>", "<code></code>"})
        EXPECT_EQ(html(Language::en).find(empty), std::string::npos) << empty;
}

TEST_P(Report, carries_the_same_numbers_in_both_sentences) {
    for (const auto& sentence : sentences(page_of(GetParam().facts())))
        EXPECT_EQ(numbers(sentence.en), numbers(sentence.fr)) << sentence.en << "\n" << sentence.fr;
}

TEST_P(Report, loads_nothing_and_links_nowhere) {
    for (const auto language : {Language::en, Language::fr}) {
        const auto text = html(language);
        for (const auto* word : {"<script", "<a ", "<img", "<link", "<iframe", "<form",
                                 " src=", " href=", "url(", "@import", "://", "javascript:"})
            EXPECT_EQ(text.find(word), std::string::npos) << word;
        EXPECT_THAT(text, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    }
}

TEST_P(Report, has_no_character_that_hides_or_reorders) {
    for (const auto language : {Language::en, Language::fr}) {
        const auto text = html(language);
        for (const auto* bad : {"\u202e", "\u2066", "\x01", "\x7f", "\xff", "\xc0"})
            EXPECT_EQ(text.find(bad), std::string::npos) << bad;
    }
}

TEST_P(Report, each_row_is_as_long_as_its_head_and_columns_fill_the_page) {
    for (const auto& section : page_of(GetParam().facts()).sections)
        for (const auto& block : section.blocks) {
            const auto* table = std::get_if<page::Table>(&block);
            if (table == nullptr) continue;
            int percent = 0;
            for (const auto& column : table->columns) percent += column.percent;
            EXPECT_EQ(percent, 100) << section.title.en;
            for (const auto& row : table->rows) EXPECT_EQ(row.size(), table->columns.size());
        }
}

TEST_P(Report, french_breaks_no_line_before_double_punctuation) {
    const auto text = html(Language::fr);
    for (const auto& words : between(text.substr(text.find("<header>")), ">", "<"))
        for (const auto* bad : {" :", " ;", " !", " ?", " »", " %", "« "})
            EXPECT_EQ(words.find(bad), std::string::npos) << words;
}

TEST_P(Report, can_be_kept_for_looking) {
    const auto* folder = std::getenv("BAILIFF_KEEP_REPORTS");
    for (const auto language : {Language::en, Language::fr}) {
        const auto text = html(language);
        EXPECT_TRUE(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>\n"));
        const auto name = GetParam().name + (language == Language::fr ? ".fr.html" : ".en.html");
        if (folder != nullptr) std::ofstream(std::string(folder) + "/" + name) << text;
    }
}

TEST(ReportText, hostile_text_is_shown_and_does_nothing) {
    const auto text = report_html(hostile_report(), Language::fr);
    EXPECT_THAT(text,
                HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;‹U+202E›gpj.exe‹U+2066›"
                          "‹U+0001›‹U+007F›&quot;&#39;&amp;amp; hxxp[:]//evil[.]example/a.b"));
    EXPECT_THAT(text, HasSubstr("‹0xFF›‹0xC0› www[.]evil[.]example"));
    EXPECT_THAT(text, HasSubstr("RULE_59"));
    EXPECT_THAT(text, HasSubstr("abrégé"));
}

TEST(ReportText, recipients_are_masked_even_if_nobody_did_before) {
    const auto text = report_html(example_report(), Language::en);
    EXPECT_THAT(text, HasSubstr("a***@example.org"));
    EXPECT_THAT(text, Not(HasSubstr("alice@")));
}

TEST(ReportText, a_withheld_subject_is_not_looked_at) {
    auto facts = example_report();
    facts.message.subject.value = "very private";
    EXPECT_THAT(report_html(facts, Language::en), Not(HasSubstr("very private")));
    facts.message.subject_is_withheld = false;
    EXPECT_THAT(report_html(facts, Language::en), HasSubstr("very private"));
}

TEST(ReportText, every_fact_reaches_the_reader) {
    const auto facts = example_report();
    const auto text = report_html(facts, Language::fr);
    for (const auto& expected : {std::string("2001:db8:41:7::2f"),
                                 std::string("50412"),
                                 std::string("WIN-5KQ0"),
                                 std::string("TLSv1.3"),
                                 std::string("info@shop.example.net"),
                                 std::string("PLAIN"),
                                 std::string("4XkQ2J1zT4z9rM"),
                                 std::string("250"),
                                 facts.message.digest.hex(),
                                 std::string("48213"),
                                 std::string("4711@shop.example.net"),
                                 facts.verdict.rule_set,
                                 std::string("OUT_PHISH_BANK"),
                                 std::string("5,25"),
                                 std::string("14,25"),
                                 std::string("RSPAMD_UNAVAILABLE"),
                                 std::string("2026-11-24 03:02:11.730 UTC"),
                                 std::string("Reviewer One"),
                                 std::string("secret des correspondances"),
                                 std::string("logiciel de facturation"),
                                 facts.seal.bag->hex(),
                                 facts.seal.key_fingerprint,
                                 facts.seal.stamp_authority,
                                 facts.seal.log_origin,
                                 std::string("48211"),
                                 std::string("48300"),
                                 std::string("susceptibles de relever de"),
                                 std::string("hxxps[:]//login[.]bank[.]example/"),
                                 std::string("strate 2"),
                                 std::string("coupée après 250"),
                                 std::string("24 novembre 2026 à 03:02:07 UTC")})
        EXPECT_THAT(text, HasSubstr(expected));
    EXPECT_THAT(text, Not(HasSubstr("coupable ")));
}

TEST(ReportText, the_seal_is_told_row_by_row) {
    auto facts = example_report();
    facts.seal.previous = sha256("before");
    const auto section = page::evidence(facts);
    std::vector<std::string> values;
    for (const auto& row : std::get<page::Table>(section.blocks.at(1)).rows)
        values.push_back(row.at(1).text.fr);
    EXPECT_THAT(values, testing::ElementsAre(
                            "B0123456789ABCDEF", sha256("bag").hex(), sha256("before").hex(),
                            "2026-11-24 03:02:09.100 UTC", "evidence@host.example",
                            facts.seal.key_fingerprint, "Example Time Stamping Unit 1",
                            "2026-11-24 03:02:10.000 UTC", "log.host.example/evidence", "48211",
                            "48300", "bailiff 0.4.0"));
}

TEST(ReportText, what_the_report_cannot_know_of_its_own_seal_it_says) {
    const auto text = report_html(bare_report(), Language::en);
    EXPECT_THAT(text, HasSubstr("made after this report, which is itself part of what is sealed"));
    EXPECT_THAT(text, HasSubstr("pending when this report was written"));
    EXPECT_THAT(text, HasSubstr("No service of a customer could be named"));
    EXPECT_THAT(text, HasSubstr("No measure was decided"));
}

TEST(ReportText, nothing_recorded_is_told_as_a_number) {
    const auto text = report_html(bare_report(), Language::en);
    EXPECT_EQ(text.find("00000000"), std::string::npos);
    const auto section = page::verdict(bare_report());
    const auto& table = std::get<page::Table>(section.blocks.at(3));
    for (const auto& row : table.rows) EXPECT_EQ(row.back().text.en, "not recorded");
}

TEST(ReportText, what_is_always_said_of_the_limits) {
    const auto text = report_html(bare_report(), Language::fr);
    for (const auto* word : {"personne physique", "NAT", "horloge", "peuvent être faux", "erroné",
                             "exactitude", "limites fixes"})
        EXPECT_THAT(text, HasSubstr(word));
}

TEST(ReportText, the_timeline_is_in_order) {
    const auto section = page::timeline(example_report());
    const auto& table = std::get<page::Table>(section.blocks.at(1));
    std::vector<std::string> times;
    for (const auto& row : table.rows) times.push_back(row.front().text.en);
    EXPECT_TRUE(std::ranges::is_sorted(times));
    EXPECT_EQ(times.size(), 12U);
}

TEST(Words, every_value_has_words) {
    for (const auto kind : action_kinds) EXPECT_FALSE(words::of(kind).fr.empty());
    for (const auto family : families) EXPECT_FALSE(words::of(family).fr.empty());
    for (int at = 0; at <= static_cast<int>(ActionState::observed); ++at)
        EXPECT_FALSE(words::of(static_cast<ActionState>(at)).fr.empty());
    for (int at = 0; at <= static_cast<int>(IdentityKind::domain); ++at)
        EXPECT_FALSE(words::of(static_cast<IdentityKind>(at)).fr.empty());
}

TEST(Words, numbers_and_days) {
    EXPECT_EQ(words::points(-1500).fr, "-1,5");
    EXPECT_EQ(words::points(-5).en, "-0.005");
    EXPECT_EQ(words::points(0).en, "0.0");
    EXPECT_EQ(words::points(std::numeric_limits<MilliPoints>::min()).en, "-2147483.648");
    EXPECT_EQ(words::number(1234567).en, "1,234,567");
    EXPECT_EQ(words::number(999).fr, "999");
    const auto first = *parse_rfc3339("2026-08-01T00:00:05.999Z");
    EXPECT_EQ(words::day_and_time(first).fr, "1er août 2026 à 00:00:05 UTC");
    EXPECT_EQ(words::day_and_time(first).en, "1 August 2026 at 00:00:05 UTC");
}

}  // namespace
}  // namespace bailiff
