#include "src/message/uri_clean.hpp"

#include "tests/message/table.hpp"

namespace bailiff::uri {
namespace {

class Cleaned : public testing::TestWithParam<ListRow> {};
TEST_P(Cleaned, forms) {
    EXPECT_EQ(cleaned(GetParam().input), GetParam().want);
}
TEST_P(Cleaned, at_a_glance) {
    const auto& [name, input, want] = GetParam();
    if (is_clean(input)) {
        EXPECT_EQ(want, std::vector{input});
    }
    for (const auto& form : want) {
        if (is_clean(form)) {
            EXPECT_EQ(cleaned(form), std::vector{form});
        }
    }
}
TEST(IsClean, knows_most_links) {
    EXPECT_TRUE(is_clean("https://www.shop-1.test/x/Y?id=1&u=2#z"));
    EXPECT_TRUE(is_clean("http://a.test"));
    for (const auto* other : {"http://A.test/", "http://a.test:80/", "http://u@a.test/",
                              "http://1.2.3.4/", "http://a.test./", "http://a.test?x",
                              "http://a.test/%41", "http://a.test/?u=http://b.test", "http:///a/"})
        EXPECT_FALSE(is_clean(other)) << other;
}
using V = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Uri, Cleaned,
    testing::Values(
        ListRow{"clean_already", "http://a.test/x?Y=1#z", V{"http://a.test/x?Y=1#z"}},
        ListRow{"capitals", "HTTP://A.Test/X", V{"http://a.test/X"}},
        ListRow{"percent", "http://%61.test/%78%2520", V{"http://a.test/x%20"}},
        ListRow{"percent_not_printable", "http://a.test/%00%0a%20%C3",
                V{"http://a.test/%00%0a%20%C3"}},
        ListRow{"backslashes", "http:\\\\a.test\\x?a\\b", V{"http://a.test/x?a\\b"}},
        ListRow{"one_slash", "http:/a.test/x", V{"http://a.test/x"}},
        ListRow{"no_slash", "https:a.test/x", V{"https://a.test/x"}},
        ListRow{"many_slashes", "http://///a.test/x", V{"http://a.test/x"}},
        ListRow{"no_path_before_query", "http://a.test?x", V{"http://a.test/?x"}},
        ListRow{"user", "http://bank.example:pw@a.test/x", V{"http://a.test/x"}},
        ListRow{"user_with_sign", "http://a@b@a.test/", V{"http://a.test/"}},
        ListRow{"sign_in_path", "http://a.test/@x", V{"http://a.test/@x"}},
        ListRow{"default_port", "http://a.test:80/x", V{"http://a.test/x"}},
        ListRow{"default_port_tls", "https://a.test:443", V{"https://a.test"}},
        ListRow{"empty_port", "http://a.test:/x", V{"http://a.test/x"}},
        ListRow{"other_port", "http://a.test:8080/x", V{"http://a.test:8080/x"}},
        ListRow{"dots_around", "http://.a.test../x", V{"http://a.test/x"}},
        ListRow{"idn",
                "http://B\xC3\xBC"
                "cher.test/",
                V{"http://xn--bcher-kva.test/"}},
        ListRow{"wide_dot", "http://a\xE3\x80\x82test/", V{"http://a.test/"}},
        ListRow{"wide_letters", "http://\xEF\xBD\x81.test/", V{"http://a.test/"}},
        ListRow{"invalid_idn", "http://\xFF.test/", V{"http://\xFF.test/"}},
        ListRow{"integer", "http://3221225985/x", V{"http://192.0.2.1/x"}},
        ListRow{"hex", "http://0xC0000201/", V{"http://192.0.2.1/"}},
        ListRow{"octal", "http://0300.0.02.01/", V{"http://192.0.2.1/"}},
        ListRow{"ipv6", "http://[2001:DB8::1]:80/", V{"http://[2001:db8::1]/"}},
        ListRow{"redirect", "http://a.test/?u=http://B.test/x",
                V{"http://a.test/?u=http://B.test/x", "http://B.test/x", "http://b.test/x"}},
        ListRow{"redirect_encoded", "http://a.test/?u=https%3A%2F%2Fb.test&v=1",
                V{"http://a.test/?u=https://b.test&v=1", "https://b.test", "https://b.test&v=1",
                  "https://b.test&v=1"}},
        ListRow{"not_ours", "mailto:a@b.test", V{}}, ListRow{"script", "javascript:alert(1)", V{}},
        ListRow{"nothing_after_scheme", "http://", V{}}, ListRow{"empty", "", V{}},
        ListRow{"absurd_host", "http://" + std::string(5'000, 'a'), V{}}),
    name_of<ListRow>);

class Dotted : public testing::TestWithParam<Row> {};
TEST_P(Dotted, address) {
    EXPECT_EQ(dotted_ipv4(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Uri, Dotted,
    testing::Values(Row{"four", "192.0.2.1", "192.0.2.1"}, Row{"three", "192.0.513", "192.0.2.1"},
                    Row{"two", "192.513", "192.0.2.1"}, Row{"one", "3221225985", "192.0.2.1"},
                    Row{"mixed", "0xC0.0.02.1", "192.0.2.1"},
                    Row{"largest", "4294967295", "255.255.255.255"},
                    Row{"too_large", "4294967296", ""}, Row{"part_too_large", "192.0.2.256", ""},
                    Row{"five", "1.2.3.4.5", ""}, Row{"bad_octal", "089.0.2.1", ""},
                    Row{"empty_part", "192..2.1", ""}, Row{"final_dot", "192.0.2.", ""},
                    Row{"name", "a.test", ""}, Row{"bare_prefix", "0x", ""}, Row{"empty", "", ""},
                    Row{"flood", std::string(100'000, '9'), ""}),
    name_of<Row>);

}  // namespace
}  // namespace bailiff::uri
