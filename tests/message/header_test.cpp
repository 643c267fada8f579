#include "src/message/header.hpp"

#include <bailiff/limits.hpp>

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

/// "name|raw|" for each field, then what is left as the body.
std::string shown(const std::string& text) {
    const auto block = read_header(text);
    std::string out;
    for (const auto& field : block.fields)
        out += std::string(field.name) + "|" + raw_text(field.body) + "|";
    return out + "body:" + text.substr(block.end);
}

class Block : public testing::TestWithParam<Row> {};
TEST_P(Block, is_split_into_fields) {
    EXPECT_EQ(shown(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Header, Block,
    testing::Values(Row{"two", "A: 1\nB:2\n\nx", "A| 1|B|2|body:x"},
                    Row{"crlf", "A: 1\r\nB: 2\r\n\r\nx\r\n", "A| 1|B| 2|body:x\r\n"},
                    Row{"fold", "A: 1\n 2\n\t3\n\nx", "A| 1\n 2\n\t3|body:x"},
                    Row{"fold_crlf", "A: 1\r\n 2\r\n\r\nx", "A| 1\n 2|body:x"},
                    Row{"blank_before_colon", "A : 1\n\n", "A| 1|body:"},
                    Row{"empty_value", "A:\n\nx", "A||body:x"},
                    Row{"mbox_line", "From ann@example.com Mon\nA: 1\n\nx", "A| 1|body:x"},
                    // Where the body begins when the blank line is missing.
                    Row{"no_header_at_all", "Hello there\nyou\n", "body:Hello there\nyou\n"},
                    Row{"blank_line_first", "\nA: 1\n", "body:A: 1\n"},
                    Row{"boundary_line", "A: 1\n--b\nB: 2\n", "A| 1|body:--b\nB: 2\n"},
                    Row{"one_bad_line", "A: 1\nbad line\nB: 2\n\nx", "A| 1|B| 2|body:x"},
                    Row{"four_bad_lines", "A: 1\nb a\nb b\nb c\nb d\n\nx",
                        "A| 1|body:b a\nb b\nb c\nb d\n\nx"},
                    Row{"bad_lines_to_the_end", "A: 1\nhello\nyou", "A| 1|body:hello\nyou"},
                    Row{"only_headers", "A: 1\nB: 2", "A| 1|B| 2|body:"}, Row{"empty", "", "body:"},
                    Row{"odd_bytes_in_a_name", "A: 1\n\xFF\x01: 2\nB: 3\n\n", "A| 1|B| 3|body:"},
                    Row{"blank_in_a_name", "A: 1\nno field: 2\nB: 3\n\n", "A| 1|B| 3|body:"},
                    Row{"fold_first", " A: 1\nB: 2\n", "body: A: 1\nB: 2\n"}),
    name_of<Row>);

TEST(Block, ends_reading_at_the_field_limit_and_finds_the_body) {
    std::string text;
    for (int i = 0; i < 500'000; ++i) text += "A: 1\n";
    const auto block = read_header(text + "\nbody");
    EXPECT_TRUE(block.cut);
    EXPECT_EQ(block.fields.size(), limits::header_count_max);
    EXPECT_EQ(block.end, text.size() + 1);
}

TEST(Block, ends_reading_at_the_byte_limit) {
    const auto text = "A: " + std::string(limits::header_bytes_max, 'x') + "\nB: 2\n\n";
    EXPECT_TRUE(read_header(text).cut);
}

class Value : public testing::TestWithParam<Row> {};
TEST_P(Value, is_what_a_person_reads) {
    EXPECT_EQ(decoded_value({"Subject", GetParam().input}), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Header, Value,
    testing::Values(
        Row{"trimmed", "  hello \t", "hello"}, Row{"fold_is_one_space", " a\n \t b", "a b"},
        Row{"fold_crlf", " a\r\n b", "a b"},
        Row{"q_word", "=?utf-8?Q?caf=C3=A9_x?=", "caf\xC3\xA9 x"},
        Row{"b_word", "=?UTF-8?B?aGVsbG8=?=", "hello"}, Row{"language", "=?utf-8*en?Q?hi?=", "hi"},
        Row{"latin1", "=?iso-8859-1?Q?caf=E9?=", "caf\xC3\xA9"},
        Row{"text_around", "a =?utf-8?Q?b?= c", "a b c"},
        Row{"blank_between_words_goes", "=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
        Row{"fold_between_words_goes", "=?utf-8?Q?a?=\n =?utf-8?Q?b?=", "ab"},
        Row{"no_blank_between_words", "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
        Row{"other_charsets_side_by_side", "=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=", "a\xC3\xA9"},
        Row{"character_split_between_words", "=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "\xC3\xA9"},
        Row{"blanks_in_a_q_word", "=?utf-8?Q?a b?=", "a b"},
        Row{"decoded_once", "=?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?=", "=?utf-8?Q?x?="},
        Row{"line_ends_inside", "=?utf-8?Q?a=0D=0ABcc:_x?=", "a  Bcc: x"},
        Row{"nul_inside", "=?utf-8?Q?a=00b?=", "a b"},
        Row{"raw_nul", std::string("a\0b", 3), "a b"},
        Row{"unknown_charset", "=?no-such?Q?caf=E9?=", "caf\xC3\xA9"},
        Row{"unknown_encoding", "=?utf-8?X?a?=", "=?utf-8?X?a?="},
        Row{"never_closed", "=?utf-8?Q?a", "=?utf-8?Q?a"}, Row{"bare_opener", "=?", "=?"},
        Row{"eight_bit_utf8", "caf\xC3\xA9", "caf\xC3\xA9"},
        Row{"eight_bit_latin1", "caf\xE9", "caf\xC3\xA9"},
        Row{"eight_bit_beside_a_word", "\xE9 =?utf-8?Q?a?=", "\xC3\xA9 a"}),
    name_of<Row>);

class Untouched : public testing::TestWithParam<std::string> {};
TEST_P(Untouched, fields_of_ids_and_traces_are_not_decoded) {
    EXPECT_EQ(decoded_value({GetParam(), " =?utf-8?Q?a?= "}), "=?utf-8?Q?a?=");
}
INSTANTIATE_TEST_SUITE_P(Header, Untouched,
                         testing::Values("Received", "MESSAGE-ID", "Date", "MIME-Version",
                                         "References", "In-Reply-To", "List-Id", "list-unsubscribe",
                                         "Resent-Date"));

}  // namespace
}  // namespace bailiff::mime
