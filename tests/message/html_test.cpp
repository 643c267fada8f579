#include "src/message/html.hpp"

#include "tests/message/table.hpp"

namespace bailiff::html {
namespace {

class Text : public testing::TestWithParam<Row> {};
TEST_P(Text, is_rendered) {
    EXPECT_EQ(render(GetParam().input).text, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Html, Text,
    testing::Values(
        Row{"plain", "hello", "hello"}, Row{"inline_tags_join", "via<b>gra</b>", "viagra"},
        Row{"unknown_tags_join", "via<zz>gra", "viagra"},
        Row{"comment_joins", "via<!-- x -->gra", "viagra"}, Row{"br", "a<br>b", "a\nb"},
        Row{"br_closed", "a<br/>b", "a\nb"}, Row{"div", "a<div>b</div>c", "a\nb\nc"},
        Row{"p", "a<p>b</p>c", "a\n\nb\n\nc"}, Row{"cell", "a<td>b</td>c", "a b c"},
        Row{"heading", "<h1>a</h1>b", "a b"}, Row{"blanks_collapse", "a \n\t b", "a b"},
        Row{"blanks_trimmed_at_breaks", "a <br> b", "a\nb"},
        Row{"nbsp",
            "a&nbsp;&nbsp;b\xC2\xA0"
            "c",
            "a b c"},
        Row{"curly_quotes", "&ldquo;a\xE2\x80\x9D", "\"a\""},
        Row{"capitals", "a<BR>b<ScRiPt>x</SCRIPT>c", "a\nbc"},
        Row{"script_goes", "a<script>if (a<b) x();</script>b", "ab"},
        Row{"style_goes", "a<style>p{}</style>b", "ab"},
        Row{"script_never_closed", "a<script>b", "a"},
        Row{"title_stays", "<title>T</title>b", "\n\nT\n\nb"},
        Row{"hidden_stays", "<p style='display:none'>x</p>", "\n\nx\n\n"},
        Row{"no_tag", "1 < 2 > 0", "1 < 2 > 0"}, Row{"no_tag_at_the_end", "a <", "a <"},
        Row{"tag_never_closed", "a<b href=", "a"},
        Row{"declaration", "<!DOCTYPE html>a<?xml x?>b", "ab"},
        Row{"comment_never_closed", "a<!-- b > c", "a c"}, Row{"empty_comment", "a<!-->b", "ab"},
        Row{"conditional_comment", "a<!--[if mso]>x<![endif]-->b", "ab"},
        Row{"greater_in_attribute", "<a title=\"x > y\">b</a>", "b"},
        Row{"quote_never_closed", "<a href=\"x>b", "b"},
        Row{"zero_width_stays",
            "a\xE2\x80\x8B"
            "b",
            "a\xE2\x80\x8B"
            "b"},
        Row{"other_bytes_stay", "\xC3\xA9\xE2\x82\xAC\xC2\xA9", "\xC3\xA9\xE2\x82\xAC\xC2\xA9"},
        Row{"nul", std::string("a\0b", 3), std::string("a\0b", 3)}, Row{"empty", "", ""}),
    name_of<Row>);

class Links : public testing::TestWithParam<ListRow> {};
TEST_P(Links, are_collected) {
    EXPECT_EQ(render(GetParam().input).links, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Html, Links,
    testing::Values(
        ListRow{"href", "<a href=\"http://a.test/\">x</a>", {"http://a.test/"}},
        ListRow{"single_quotes", "<a href='x'>", {"x"}}, ListRow{"no_quotes", "<a href=x>", {"x"}},
        ListRow{"blanks", "<a  HREF = \"x\" >", {"x"}},
        ListRow{"slash_before_name", "<img/src=\"x\"/>", {"x"}},
        ListRow{"references", "<a href=\"?a=1&amp;b&#x3D;2\">", {"?a=1&b=2"}},
        ListRow{"kinds",
                "<img src=1><form action=2><td background=3><a data-saferedirecturl=4>",
                {"1", "2", "3", "4"}},
        ListRow{"refresh",
                "<meta http-equiv=refresh content=\"0; URL=http://a.test/\">",
                {"http://a.test/"}},
        ListRow{"refresh_quoted", "<meta content=\"0;url='http://a.test/'\">", {"http://a.test/"}},
        ListRow{"other_meta", "<meta name=x content=\"text/html; charset=utf-8\">", {}},
        ListRow{"content_elsewhere", "<a content=\"url=x\">", {}},
        ListRow{"in_a_comment", "<!-- <a href=x> -->", {}},
        ListRow{"in_an_end_tag", "</a href=x>", {}}, ListRow{"empty", "<a href=\"\">", {}},
        ListRow{"after_many_attributes",
                "<a " + std::string(10'000, 'b') + " c d e='f' href=x>",
                {"x"}},
        ListRow{"quote_never_closed", "<a href=\"http://a.test/>x", {"http://a.test/"}},
        ListRow{"tag_never_closed", "<a href=http://a.test/", {"http://a.test/"}}),
    name_of<ListRow>);

TEST(Links, know_the_first_base) {
    EXPECT_EQ(render("<base href=http://a.test/><base href=x>").base, "http://a.test/");
}

TEST(Links, are_bounded) {
    std::string text;
    for (std::size_t i = 0; i <= links_max; ++i) text += "<a href=x>";
    const auto rendered = render(text);
    EXPECT_EQ(rendered.links.size(), links_max);
    EXPECT_TRUE(rendered.links_cut);
}

}  // namespace
}  // namespace bailiff::html
