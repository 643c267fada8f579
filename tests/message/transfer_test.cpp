#include "src/message/transfer.hpp"

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

constexpr std::size_t plenty = 1'000'000;

class Base64 : public testing::TestWithParam<Row> {};
TEST_P(Base64, is_decoded) {
    EXPECT_EQ(decode_base64(GetParam().input, plenty), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Transfer, Base64,
    testing::Values(Row{"plain", "aGVsbG8gd29ybGQ=", "hello world"}, Row{"empty", "", ""},
                    Row{"lines", "aGVs\r\nbG8=\r\n", "hello"},
                    Row{"one_character_a_line", "a\nG\nV\ns\nb\nG\n8\n=", "hello"},
                    Row{"junk_between", "aGV*s-bG8=", "hello"},
                    Row{"no_padding", "aGVsbG8", "hello"}, Row{"no_padding_one_byte", "aA", "h"},
                    Row{"a_lone_character", "aGVsa", "hel"},
                    Row{"too_much_padding", "aGVsbG8====", "hello"},
                    Row{"padding_first", "=aGVsbG8=", "hello"},
                    Row{"two_encodings_joined", "aGVsbG8=\nIHdvcmxk", "hello world"},
                    Row{"joined_on_one_line", "aGU=bGxv", "hello"},
                    Row{"footer", "aGVsbG8=\n\n-- \na list footer", "hello"},
                    Row{"nul_bytes", std::string("aGVs\0bG8=", 9), "hello"},
                    Row{"high_bytes",
                        "\xFF"
                        "aGVs\xC3\xA9"
                        "bG8=",
                        "hello"}),
    name_of<Row>);

class Quoted : public testing::TestWithParam<Row> {};
TEST_P(Quoted, is_decoded) {
    EXPECT_EQ(decode_quoted_printable(GetParam().input, plenty), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Transfer, Quoted,
    testing::Values(Row{"plain", "a=3Db", "a=b"}, Row{"small_hex", "a=3db", "a=b"},
                    Row{"soft_break", "via=\ngra", "viagra"},
                    Row{"soft_break_crlf", "via=\r\ngra", "viagra"},
                    Row{"blanks_before_soft_break", "via= \t\ngra", "viagra"},
                    Row{"blanks_at_the_end", "via= ", "via"}, Row{"no_escape", "a=zzb", "a=zzb"},
                    Row{"blank_and_no_break", "a= b", "a= b"},
                    Row{"nul", std::string("a\0=41", 5), std::string("a\0A", 3)},
                    Row{"empty", "", ""}),
    name_of<Row>);

class Named : public testing::TestWithParam<Row> {};
TEST_P(Named, only_the_two_exact_names_count) {
    const std::string names[] = {"identity", "base64", "quoted-printable"};
    EXPECT_EQ(names[static_cast<std::size_t>(encoding_of(GetParam().input))], GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Transfer, Named,
                         testing::Values(Row{"base64", " Base64 ", "base64"},
                                         Row{"quoted", "QUOTED-PRINTABLE", "quoted-printable"},
                                         Row{"eight_bit", "8bit", "identity"},
                                         Row{"unknown", "x-uuencode", "identity"},
                                         Row{"longer", "base64x", "identity"},
                                         Row{"empty", "", "identity"}),
                         name_of<Row>);

TEST(Decode, keeps_the_beginning_and_the_end_of_what_is_too_large) {
    const auto text = "first\n" + std::string(900'000, 'x') + "\nlast";
    const auto result = decode(Encoding::identity, text, 300'000);
    EXPECT_TRUE(result.cut);
    EXPECT_EQ(result.size, text.size());
    EXPECT_LE(result.bytes.size(), 300'001U);
    EXPECT_TRUE(result.bytes.starts_with("first\n"));
    EXPECT_TRUE(result.bytes.ends_with("last"));
}

TEST(Decode, reads_the_end_of_long_base64_in_step) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4\n";  // x, 24 times
    text += "bGFzdA==\n";
    const auto result = decode(Encoding::base64, text, 200'000);
    EXPECT_TRUE(result.cut);
    EXPECT_TRUE(result.bytes.ends_with("xxxlast"));
}

TEST(Decode, stores_nothing_once_the_budget_is_spent) {
    const auto result = decode(Encoding::base64, "aGVsbG8=", 0);
    EXPECT_TRUE(result.cut && result.bytes.empty());
    EXPECT_EQ(result.size, 5U);
}

/// The result must not depend on where our buffers end.
TEST(Decode, agrees_with_itself_on_every_length) {
    std::string bytes, wrong;
    for (std::size_t n = 0; n < 200; ++n) {
        std::string encoded;
        for (const char c : bytes)
            encoded +=
                std::string("=") + "0123456789ABCDEF"[c >> 4 & 15] + "0123456789ABCDEF"[c & 15];
        if (decode_quoted_printable(encoded, plenty) != bytes) wrong += std::to_string(n) + " ";
        if (decoded_size(Encoding::quoted_printable, encoded) != bytes.size()) wrong += "size ";
        bytes += static_cast<char>(n * 7);
    }
    EXPECT_EQ(wrong, "");
}

TEST(WithNewlines, turns_crlf_only) {
    EXPECT_EQ(with_newlines("a\r\nb\rc\n\r\r\n"), "a\nb\rc\n\r\n");
}

}  // namespace
}  // namespace bailiff::mime
