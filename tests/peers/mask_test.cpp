#include "src/peers/mask.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bailiff {
namespace {

struct Row {
    std::string name, input, want;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}
class MaskAddress : public testing::TestWithParam<Row> {};
class Defang : public testing::TestWithParam<Row> {};
class MaskText : public testing::TestWithParam<Row> {};
const auto name_of = [](const auto& row) { return row.param.name; };

TEST_P(MaskAddress, is) {
    EXPECT_EQ(mask_address(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Mask, MaskAddress,
    testing::Values(Row{"plain", "alice.martin@example.org", "a***@example.org"},
                    Row{"capitals", "Alice@EXAMPLE.org", "A***@example.org"},
                    Row{"one_letter", "a@example.org", "***@example.org"},
                    Row{"no_at", "alice", "***"}, Row{"empty", "", "***"},
                    Row{"empty_local", "@example.org", "***@example.org"},
                    Row{"empty_domain", "alice@", "***"},
                    Row{"quoted_local", "\"alice @ home\"@example.org", "***@example.org"},
                    Row{"last_at", "a@b@example.org", "a***@example.org"},
                    Row{"utf8_local", "élise@example.org", "***@example.org"},
                    Row{"utf8_domain", "bob@exämple.org", "b***@exämple.org"},
                    Row{"literal", "bob@[192.0.2.1]", "b***@[192.0.2.1]"},
                    Row{"newline", "bob@example.org\r\nTo: x", "***"},
                    Row{"zero", std::string("b\0b@e.org", 9), "b***@e.org"},
                    Row{"zero_in_domain", std::string("bob@e\0.org", 10), "***"},
                    Row{"bidi_in_domain", "bob@e\u202e.org", "***"},
                    Row{"no_utf8", "bob@e\xff.org", "***"},
                    Row{"long_domain", "bob@" + std::string(256, 'd'), "***"},
                    Row{"angles", "<bob@example.org>", "***"}),
    name_of);

TEST(KeyedAddress, is_one_value_for_one_person) {
    const auto keyed = keyed_address("alice@example.org", "key");
    EXPECT_THAT(keyed, testing::MatchesRegex("[a-z2-7]{16}@example\\.org"));
    EXPECT_EQ(keyed_address("ALICE@Example.ORG", "key"), keyed);
    EXPECT_NE(keyed_address("alice@example.org", "other"), keyed);
    EXPECT_NE(keyed_address("alicf@example.org", "key"), keyed);
    EXPECT_NE(keyed_address("alice@example.com", "key").substr(0, 16), keyed.substr(0, 16));
    EXPECT_THAT(keyed_address("no address", "key"), testing::MatchesRegex("[a-z2-7]{16}"));
}

/// By openssl dgst -sha256 -hmac key | base32.
TEST(KeyedAddress, is_what_others_compute) {
    EXPECT_EQ(keyed_address("alice@example.org", "key"), "464kr5rortb3kyrm@example.org");
}

TEST_P(Defang, is) {
    EXPECT_EQ(defang(GetParam().input), GetParam().want);
    EXPECT_EQ(defang(GetParam().want), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Mask, Defang,
    testing::Values(Row{"link", "https://a.b.example/p?q", "hxxps[:]//a[.]b[.]example/p?q"},
                    Row{"address", "to b.c@a.example.", "to b.c[@]a[.]example."},
                    Row{"bare", "see a.example/x", "see a[.]example/x"},
                    Row{"address_in_link", "http://a.b/?u=b@c.example",
                        "hxxp[:]//a[.]b/?u=b[@]c[.]example"},
                    Row{"number", "1.5 192.0.2.1", "1.5 192.0.2.1"},
                    Row{"sentence", "End.", "End."}, Row{"dots", "wait... x", "wait... x"},
                    Row{"mailto", "mailto:b@a.example", "mailto:b[@]a[.]example"},
                    Row{"utf8", "héé.example", "héé[.]example"}),
    name_of);

TEST_P(MaskText, is) {
    const std::vector<std::string> others{"Durand", "x", "Jean Petit"};
    EXPECT_EQ(mask_text(GetParam().input, others), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Mask, MaskText,
    testing::Values(Row{"address", "Ask alice@example.org, now", "Ask a***@example.org, now"},
                    Row{"two", "a.b@c.example;d.e@f.example", "a***@c.example;d***@f.example"},
                    Row{"adjacent", "a.b@c.example@d.example", "a***@c.example@d.example"},
                    Row{"in_angles", "<alice@example.org>", "<a***@example.org>"},
                    Row{"in_link", "https://a.example/?u=alice@b.example&x",
                        "https://a.example/?u=a***@b.example&x"},
                    Row{"percent", "https://a.example/?u=alice%40b.example",
                        "https://a.example/?u=a***@b.example"},
                    Row{"atext", "o=x/alice!#@b.example", "o***@b.example"},
                    Row{"quoted", "\"alice x\"@b.example", "***@b.example"},
                    Row{"lone_at", "5 @ home", "5 @ home"},
                    Row{"others", "DURAND and jean petit met x", "*** and *** met x"},
                    Row{"telephone", "+33 6 12 34 56 78", "+** * ** ** ** 78"},
                    Row{"telephone_plain", "call 0612345678.", "call ********78."},
                    Row{"telephone_dots", "06.12.34.56.78", "**.**.**.**.78"},
                    Row{"telephone_parentheses", "+1 (555) 123-4567", "+* (***) ***-**67"},
                    Row{"telephone_wide", "06\u202f12\u00a034\u201156 78",
                        "**\u202f**\u00a0**\u2011** 78"},
                    Row{"card", "4111 1111 1111 1111", "**** **** **** **11"},
                    Row{"iban", "FR76 3000 6000 0112 3456 7890 189 ok", "FR76*** ok"},
                    Row{"iban_plain", "de89370400440532013000", "de89***"},
                    Row{"iban_letters", "MT84MALT011000012345MTLCAST001S", "MT84***"},
                    Row{"iban_dashes", "GB29-NWBK-6016-1331-9268-19", "GB29***"},
                    Row{"short_number", "1234567", "1234567"},
                    Row{"date", "2026-11-23 10:20", "2026-11-23 10:20"},
                    Row{"no_date", "2026-13-23", "****-**-23"},
                    Row{"ipv4", "192.168.100.200", "192.168.100.200"},
                    Row{"no_ipv4", "192.168.100.300", "***.***.***.*00"},
                    Row{"version", "no AB12 some words here 1", "no AB12 some words here 1"},
                    Row{"hash", "deadbeef12345678901234", "deadbeef12345678901234"},
                    Row{"empty", "", ""}),
    name_of);

/// Bounded, whatever it is given, and defanged for good.
TEST(MaskText, takes_hostile_input) {
    const std::string bytes = "@%40.\"\\ 1+(-[]a\xc3\xff\r\n\0<FR76";
    unsigned state = 1;
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (int i = 0; i < 40; ++i) {
            state = state * 1'103'515'245U + 12'345U;
            text += bytes[(state >> 16U) % bytes.size()];
        }
        EXPECT_LE(mask_text(text, {}).size(), text.size() * 4);
        EXPECT_EQ(defang(defang(text)), defang(text)) << testing::PrintToString(text);
    }
    for (const char c : {'@', '"', '1', '.', 'a', '+'})
        EXPECT_FALSE(mask_text(std::string(100'000, c), {}).empty());
}

}  // namespace
}  // namespace bailiff
