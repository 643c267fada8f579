#include "src/message/uri_list.hpp"

#include <bailiff/limits.hpp>

#include "tests/message/table.hpp"

namespace bailiff::uri {
namespace {

std::vector<std::string> list_of(const std::string& link, const std::string& base) {
    UriList list;
    list.add_link(link, base);
    return list.take();
}

class Link : public testing::TestWithParam<ListRow> {};
TEST_P(Link, is_listed_raw_and_cleaned) {
    EXPECT_EQ(list_of(GetParam().input, ""), GetParam().want);
}
using V = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    UriList, Link,
    testing::Values(
        ListRow{"clean", "http://a.test/x", V{"http://a.test/x"}},
        ListRow{"unclean", "http://A.test:80/x", V{"http://A.test:80/x", "http://a.test/x"}},
        ListRow{"blanks_inside", " ht\ntp://a.\ttest/ ", V{"http://a.test/"}},
        ListRow{"without_scheme", "//a.test/x", V{"http://a.test/x"}},
        ListRow{"backslashes", "\\\\a.test\\x", V{"http:\\\\a.test\\x", "http://a.test/x"}},
        ListRow{"host_only", "www.a.test/x", V{"http://www.a.test/x"}},
        ListRow{"bare", "example.com", V{"http://example.com"}},
        ListRow{"bare_with_port", "example.com:80/x",
                V{"http://example.com:80/x", "http://example.com/x"}},
        ListRow{"fragment", "#top", V{}}, ListRow{"relative", "img/x.png", V{}},
        ListRow{"site_relative", "/x", V{}},
        ListRow{"mailto", "mailto:ann@example.com", V{"mailto:ann@example.com"}},
        ListRow{"cid", "cid:1@x", V{"cid:1@x"}}, ListRow{"tel", "tel:+100", V{"tel:+100"}},
        ListRow{"script", "javascript:x()", V{"javascript:x()"}},
        ListRow{"data_page", "data:text/html,<b>x", V{"data:text/html,<b>x"}},
        ListRow{"data_image", "data:image/png;base64,AAAA", V{"data:image/png;base64"}},
        ListRow{"empty", " ", V{}}),
    name_of<ListRow>);

class Relative : public testing::TestWithParam<Row> {};
TEST_P(Relative, link_is_resolved_by_its_base) {
    EXPECT_EQ(list_of(GetParam().input, "http://a.test/d/page?x/y").at(0), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(UriList, Relative,
                         testing::Values(Row{"in_directory", "x.html", "http://a.test/d/x.html"},
                                         Row{"from_root", "/x", "http://a.test/x"},
                                         Row{"absolute", "http://b.test/", "http://b.test/"},
                                         Row{"other_host", "//b.test/", "http://b.test/"}),
                         name_of<Row>);

TEST(UriList, holds_each_address_once_in_order) {
    UriList list;
    list.add_text("http://b.test/ http://a.test/ http://b.test/");
    list.add_link("http://a.test/", "");
    EXPECT_FALSE(list.cut());
    EXPECT_EQ(list.take(), (V{"http://b.test/", "http://a.test/"}));
}

TEST(UriList, is_bounded_in_number_and_says_so) {
    UriList list;
    for (int i = 0; i < 100'000; ++i) list.add_text("http://a.test/" + std::to_string(i));
    EXPECT_TRUE(list.cut());
    EXPECT_EQ(list.take().size(), limits::uris_max);
}

TEST(UriList, is_bounded_in_length_and_says_so) {
    UriList list;
    list.add_text("http://a.test/" + std::string(1'000'000, 'x'));
    EXPECT_TRUE(list.cut());
    EXPECT_EQ(list.take().at(0).size(), limits::uri_bytes_max);
}

TEST(UriList, says_so_when_blanks_hide_the_end_of_a_link) {
    UriList list;
    list.add_link("http://a.test/" + std::string(1'000'000, '\n') + "x", "");
    EXPECT_TRUE(list.cut());
}

TEST(UriList, is_not_cut_by_embedded_images) {
    UriList list;
    list.add_link("data:image/png;base64," + std::string(1'000'000, 'A'), "");
    EXPECT_FALSE(list.cut());
}

}  // namespace
}  // namespace bailiff::uri
