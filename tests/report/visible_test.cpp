#include "src/report/visible.hpp"

#include <bailiff/defanged.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace bailiff {
namespace {

struct Row {
    std::string name, input, want;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}
class Visible : public testing::TestWithParam<Row> {};
class Defanged : public testing::TestWithParam<Row> {};
class French : public testing::TestWithParam<Row> {};
const auto name_of = [](const auto& row) { return row.param.name; };

TEST_P(Visible, is) {
    EXPECT_EQ(visible(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Text, Visible,
    testing::Values(Row{"plain", "abc é 漢", "abc é 漢"}, Row{"empty", "", ""},
                    Row{"bidi", "a\u202eb\u2069", "a‹U+202E›b‹U+2069›"},
                    Row{"newline", "a\r\nb", "a‹U+000D›‹U+000A›b"},
                    Row{"zero", std::string("a\0b", 3), "a‹U+0000›b"},
                    Row{"zero_width", "a\u200bb", "a‹U+200B›b"},
                    Row{"tag_letters", "a\U000e0041", "a‹U+E0041›"},
                    Row{"no_utf8", "a\xff\xe2\x82", "a‹0xFF›‹0xE2›‹0x82›"},
                    Row{"overlong", "\xc0\xaf", "‹0xC0›‹0xAF›"},
                    Row{"surrogate", "\xed\xa0\x80", "‹0xED›‹0xA0›‹0x80›"},
                    Row{"filler", "a\u3164", "a‹U+3164›"},
                    Row{"two_marks", "a\u0302\u0301x", "a\u0302\u0301x"},
                    Row{"third_mark", "a\u0302\u0301\u0300", "a\u0302\u0301‹U+0300›"},
                    Row{"french_blank_stays", "a\u00a0: b\u202f;", "a\u00a0: b\u202f;"}),
    name_of);

TEST_P(Defanged, is) {
    EXPECT_EQ(defanged(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Text, Defanged,
    testing::Values(Row{"web", "https://a.b.example/c.d?e=f.g",
                        "hxxps[:]//a[.]b[.]example/c.d?e=f.g"},
                    Row{"capitals", "HTTP://A.B", "hxxp[:]//A[.]B"},
                    Row{"ftp", "(ftp://a.b)", "(fxp[:]//a[.]b)"},
                    Row{"other_scheme", "abc+d://a.b", "abc+d[:]//a[.]b"},
                    Row{"no_scheme", "://a.b", "[:]//a[.]b"},
                    Row{"user_and_port", "http://u:p@a.b:80/x.y", "hxxp[:]//u:p@a[.]b:80/x.y"},
                    Row{"www", "see www.a.example.", "see www[.]a[.]example[.]"},
                    Row{"www_within_a_word", "awww.a", "awww.a"},
                    Row{"two", "http://a.b http://c.d", "hxxp[:]//a[.]b hxxp[:]//c[.]d"},
                    Row{"nested", "http://a.b/http://c.d", "hxxp[:]//a[.]b/hxxp[:]//c[.]d"},
                    Row{"scheme_after_host_dots", "www.http://a.b", "www[.]hxxp[:]//a[.]b"},
                    Row{"plain_dots", "1.5 a.b", "1.5 a.b"}),
    name_of);

TEST_P(French, is) {
    EXPECT_EQ(french_blanks(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Text, French,
                         testing::Values(Row{"colon", "Motif : x", "Motif\u00a0: x"},
                                         Row{"others", "a ; b ! c ?", "a\u202f; b\u202f! c\u202f?"},
                                         Row{"quotes", "« oui »", "«\u00a0oui\u00a0»"},
                                         Row{"nothing_to_do", "a:b 12:30 c", "a:b 12:30 c"}),
                         name_of);

TEST(Escaped, is_harmless_between_tags_and_in_attributes) {
    EXPECT_EQ(in_html("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

TEST(Defanged, after_visible_no_pair_of_characters_makes_a_link) {
    const std::array<std::string, 6> pieces{"http", "://", "www.", "a.b", " ", "\u202e"};
    for (const auto& one : pieces)
        for (const auto& two : pieces)
            for (const auto& three : pieces)
                EXPECT_EQ(defanged(visible(one + two + three)).find("://"), std::string::npos);
}

}  // namespace
}  // namespace bailiff
