#include "src/message/linkify.hpp"

#include "tests/message/table.hpp"

namespace bailiff::uri {
namespace {

std::vector<std::string> links_in(const std::string& text) {
    std::vector<std::string> links;
    Linkifier linkifier(text);
    while (const auto link = linkifier.next())
        links.push_back(std::string(link->prefix).append(link->text));
    return links;
}

class Linkify : public testing::TestWithParam<ListRow> {};
TEST_P(Linkify, text) {
    EXPECT_EQ(links_in(GetParam().input), GetParam().want);
}
using V = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Text, Linkify,
    testing::Values(
        ListRow{"http", "see http://a.test/x?y=1#z now", V{"http://a.test/x?y=1#z"}},
        ListRow{"capitals", "HTTPS://A.TEST/", V{"HTTPS://A.TEST/"}},
        ListRow{"glued_to_a_word", "hierhttp://a.test/", V{"http://a.test/"}},
        ListRow{"after_a_colon", "Link:http://a.test/", V{"http://a.test/"}},
        ListRow{"ftp", "ftp://a.test/f", V{"ftp://a.test/f"}},
        ListRow{"no_host", "http:// alone", V{"http://"}},
        ListRow{"www", "www.a.test/x", V{"http://www.a.test/x"}},
        ListRow{"ftp_dot", "ftp.a.test", V{"ftp://ftp.a.test"}},
        ListRow{"www_alone", "the www. and more", V{}},
        ListRow{"www_idn",
                "www.b\xC3\xBC"
                "cher.test/",
                V{"http://www.b\xC3\xBC"
                  "cher.test/"}},
        ListRow{"bare", "go to example.com today", V{"http://example.com"}},
        ListRow{"bare_with_path", "example.com/x?y", V{"http://example.com/x?y"}},
        ListRow{"bare_with_port", "example.com:8080/x", V{"http://example.com:8080/x"}},
        ListRow{"bare_in_han_text",
                "\xE8\xAF\xB7"
                "example.com\xE6\x9F\xA5",
                V{"http://example.com"}},
        ListRow{"bare_unknown_suffix", "see file.txt and e.g. this...", V{}},
        ListRow{"two_bare", "example.com,example.org",
                V{"http://example.com", "http://example.org"}},
        ListRow{"underscores", "_example.com_", V{"http://example.com"}},
        ListRow{"mail", "write to Ann.Lee+x@example.com.", V{"mailto:Ann.Lee+x@example.com"}},
        ListRow{"mail_in_angles", "<ann@example.com>", V{"mailto:ann@example.com"}},
        ListRow{"mailto", "mailto:ann@example.com", V{"mailto:ann@example.com"}},
        ListRow{"mail_twice", "a@example.com,b@example.com",
                V{"mailto:a@example.com", "mailto:b@example.com"}},
        ListRow{"mail_unknown_suffix", "a@b.c3", V{}},
        ListRow{"signs_only", "@@@ ++@ @example", V{}},
        ListRow{"user_in_address", "http://bank.example@a.test/", V{"http://bank.example@a.test/"}},
        // Where a link ends.
        ListRow{"full_stop", "http://a.test/x.", V{"http://a.test/x"}},
        ListRow{"many_marks", "http://a.test/x?!...", V{"http://a.test/x"}},
        ListRow{"in_parentheses", "(http://a.test/x)", V{"http://a.test/x"}},
        ListRow{"own_parentheses", "http://a.test/x_(y)", V{"http://a.test/x_(y)"}},
        ListRow{"own_parentheses_and_others", "((http://a.test/x_(y)))", V{"http://a.test/x_(y)"}},
        ListRow{"in_brackets", "[http://a.test/x]", V{"http://a.test/x"}},
        ListRow{"in_quotes", "\"http://a.test/x\"", V{"http://a.test/x"}},
        ListRow{"curly_quotes", "\xE2\x80\x9Chttp://a.test/x\xE2\x80\x9D", V{"http://a.test/x"}},
        ListRow{"wide_stop", "http://a.test/x\xE3\x80\x82", V{"http://a.test/x"}},
        ListRow{"zero_width", "http://a.test/x\xE2\x80\x8By", V{"http://a.test/x"}},
        ListRow{"line_end", "http://a.test/x\ny", V{"http://a.test/x"}},
        ListRow{"nul", std::string("http://a.test/x\0y", 17), V{"http://a.test/x"}},
        ListRow{"inner_stays_inside", "http://a.test/?u=http://b.test/",
                V{"http://a.test/?u=http://b.test/"}}),
    name_of<ListRow>);

TEST(Linkify, is_total_on_floods) {
    for (const auto* piece :
         {"@", "www.", "http://", "a.", "a@", "(", ".com", "://", "a@a.", "\xE2\x80"}) {
        std::string text;
        while (text.size() < 1'000'000) text += piece;
        EXPECT_LE(links_in(text).size(), text.size() / 3) << piece;
    }
}

}  // namespace
}  // namespace bailiff::uri
