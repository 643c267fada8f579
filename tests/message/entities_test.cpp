#include "src/message/entities.hpp"

#include "tests/message/table.hpp"

namespace bailiff::html {
namespace {

class Reference : public testing::TestWithParam<Row> {};
TEST_P(Reference, in_text) {
    EXPECT_EQ(decoded(GetParam().input, Where::text), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Html, Reference,
    testing::Values(Row{"named", "a&amp;b", "a&b"}, Row{"accent", "caf&eacute;", "caf\xC3\xA9"},
                    Row{"decimal", "&#118;iagra", "viagra"}, Row{"hex", "&#x76;iagra", "viagra"},
                    Row{"capital_x", "&#X76;", "v"}, Row{"no_semicolon", "&#118iagra", "viagra"},
                    Row{"named_no_semicolon", "a &copy b", "a \xC2\xA9 b"},
                    Row{"leading_zeros", "&#0000000000000000000000118;", "v"},
                    Row{"as_windows_1252", "&#146;", "\xE2\x80\x99"},
                    Row{"too_large", "&#99999999999;", "\xEF\xBF\xBD"},
                    Row{"surrogate", "&#xD800;", "\xEF\xBF\xBD"},
                    Row{"zero", "&#0;", "\xEF\xBF\xBD"}, Row{"unknown", "&nosuch;", "&nosuch;"},
                    Row{"bare", "a & b", "a & b"}, Row{"last", "a&", "a&"},
                    Row{"no_digits", "&#;&#x;", "&#;&#x;"},
                    Row{"ascii_in_disguise", "http&colon;&sol;&sol;example&period;com",
                        "http://example.com"},
                    Row{"soft_hyphen", "a&shy;b",
                        "a\xC2\xAD"
                        "b"}),
    name_of<Row>);

TEST(Reference, in_an_attribute_needs_its_semicolon_or_a_number) {
    EXPECT_EQ(decoded("?a=1&copy=2&amp;b&#61;3", Where::attribute), "?a=1&copy=2&b=3");
}

}  // namespace
}  // namespace bailiff::html
