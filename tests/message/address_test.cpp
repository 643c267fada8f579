#include "src/message/address.hpp"

#include <bailiff/limits.hpp>

#include "tests/message/table.hpp"

namespace bailiff {
namespace {

class AddressOf : public testing::TestWithParam<Row> {};
TEST_P(AddressOf, is_the_first) {
    EXPECT_EQ(address_of(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Header, AddressOf,
    testing::Values(
        Row{"bare", "ann@Example.COM", "ann@example.com"},
        Row{"in_angles", "Ann <ann@example.com>", "ann@example.com"},
        Row{"local_part_keeps_its_case", "<Ann@EXAMPLE.com>", "Ann@example.com"},
        Row{"comment_before", "(bob@example.org) ann@example.com", "ann@example.com"},
        Row{"comment_after", "ann@example.com (Ann @ home)", "ann@example.com"},
        Row{"comment_in_comment", "(a (b) c) ann@example.com", "ann@example.com"},
        Row{"address_in_display_name", "\"bob@example.org\" <ann@example.com>", "ann@example.com"},
        Row{"bare_address_in_front_of_angles", "bob@example.org <ann@example.com>",
            "ann@example.com"},
        Row{"angle_in_quotes", "\"<bob@example.org>\" <ann@example.com>", "ann@example.com"},
        Row{"quoted_local_part", "\"a b\"@Example.com", "\"a b\"@example.com"},
        Row{"at_sign_in_quoted_local_part", "<\"a@b\"@example.com>", "\"a@b\"@example.com"},
        Row{"first_of_several", "ann@example.com, bob@example.org", "ann@example.com"},
        Row{"empty_first", ", ,ann@example.com", "ann@example.com"},
        Row{"group", "team: ann@example.com, bob@example.org;", "ann@example.com"},
        Row{"empty_group", "undisclosed-recipients:;", ""},
        Row{"source_route", "<@a.test,@b.test:ann@example.com>", "ann@example.com"},
        Row{"null_sender", "<>", ""}, Row{"nothing", "", ""}, Row{"blanks_only", " \t ", ""},
        Row{"no_domain", "root", "root"},
        Row{"words_and_no_angles", "Ann Lee ann@example.com", "ann@example.com"},
        Row{"folded", "Ann\r\n <ann@example.com>", "ann@example.com"},
        Row{"blanks_inside", "< ann@example.com >", "ann@example.com"},
        Row{"angle_never_closed", "Ann <ann@example.com", "ann@example.com"},
        Row{"quote_never_closed", "\"Ann <ann@example.com>", "ann@example.com"},
        Row{"escaped_quotes_never_closed", R"("\"\" <ann@example.com>)", "ann@example.com"},
        Row{"display_name_alone", "\"ann@example.com\"", ""},
        Row{"domain_literal", "<ann@[IPv6:2001:DB8::1]>", "ann@[ipv6:2001:db8::1]"},
        Row{"bare_domain_literal", "ann@[IPv6:2001:DB8::1]", "ann@[ipv6:2001:db8::1]"},
        Row{"final_dot", "ann@example.com.", "ann@example.com"},
        Row{"control_character", "<ann\x01@example.com>", ""},
        Row{"utf8", "<ann@ex\xC3\xA4mple.com>", "ann@ex\xC3\xA4mple.com"},
        Row{"too_long", "<" + std::string(limits::address_bytes_max, 'a') + "@example.com>", ""}),
    name_of<Row>);

class DomainOf : public testing::TestWithParam<Row> {};
TEST_P(DomainOf, is_what_follows_the_last_at) {
    EXPECT_EQ(domain_of(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Address, DomainOf,
                         testing::Values(Row{"plain", "ann@Example.COM", "example.com"},
                                         Row{"none", "ann", ""}, Row{"empty", "", ""},
                                         Row{"two_signs", "a@b@example.com", "example.com"},
                                         Row{"final_dot", "a@example.com.", "example.com"},
                                         Row{"nothing_after", "a@", ""}),
                         name_of<Row>);

class CanonicalIp : public testing::TestWithParam<Row> {};
TEST_P(CanonicalIp, has_one_form) {
    EXPECT_EQ(canonical_ip(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Text, CanonicalIp,
    testing::Values(Row{"v4", "192.0.2.1", "192.0.2.1"},
                    Row{"v6_long", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1"},
                    Row{"v6_mapped", "::ffff:192.0.2.1", "192.0.2.1"},
                    Row{"v6_mapped_in_hex", "::ffff:c000:0201", "192.0.2.1"},
                    Row{"prefix", "IPv6:2001:db8::1", "2001:db8::1"},
                    Row{"brackets", "[192.0.2.1]", "192.0.2.1"},
                    Row{"brackets_and_prefix", "[IPv6:2001:db8::1]", "2001:db8::1"},
                    Row{"octal_is_none", "0300.0.2.1", ""}, Row{"short_is_none", "192.0.2", ""},
                    Row{"name_is_none", "example.com", ""}, Row{"unknown_is_none", "unknown", ""},
                    Row{"empty", "", ""}, Row{"nul_inside", std::string("192.0.2.1\0x", 11), ""},
                    Row{"very_long", std::string(10'000, '1'), ""}),
    name_of<Row>);

TEST(AddressOf, is_total_on_a_flood_of_openers) {
    for (const auto* piece : {"(", "\"", "<", ",", ":", "\\", "@", "[", "\\\"", "a\\\"", "<\\\""}) {
        std::string flood = "\"";
        while (flood.size() < 1'000'000) flood += piece;
        EXPECT_LE(address_of(flood).size(), limits::address_bytes_max) << piece;
    }
}

TEST(NetworkOf, is_what_a_provider_gives_one_customer) {
    EXPECT_EQ(network_of("192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    EXPECT_EQ(network_of("2001:db8:1:ffff::1"), network_of("2001:db8:1::9"));
    EXPECT_NE(network_of("2001:db8:2::1"), network_of("2001:db8:1::1"));
    for (const auto* none : {"", "unknown", "192.0.2", "192.0.2.1/24"})
        EXPECT_EQ(network_of(none), "");
}

}  // namespace
}  // namespace bailiff
