#include "src/message/paragraphs.hpp"

#include <gmock/gmock.h>

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

class Collapsed : public testing::TestWithParam<Row> {};
TEST_P(Collapsed, text) {
    EXPECT_EQ(collapsed(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Paragraphs, Collapsed,
                         testing::Values(Row{"blanks", "a \t b", "a b"},
                                         Row{"one_line_end", "a\nb", "a b"},
                                         Row{"two_line_ends", "a\n\nb", "a\nb"},
                                         Row{"blanks_between_line_ends", "a\n \t\nb", "a\nb"},
                                         Row{"many", "a\n\n\n\nb", "a\nb"},
                                         Row{"blanks_outside_stay_one", "a  \n\n  b", "a \n b"},
                                         Row{"crlf", "a\r\n\r\nb", "a \nb"},
                                         Row{"no_break_space",
                                             "a\xC2\xA0\xC2\xA0"
                                             "b",
                                             "a b"},
                                         Row{"wide_space",
                                             "a\xE3\x80\x80"
                                             "b",
                                             "a b"},
                                         Row{"thin_space",
                                             "a\xE2\x80\x89"
                                             "b",
                                             "a b"},
                                         Row{"line_separator",
                                             "a\xE2\x80\xA8"
                                             "b",
                                             "a b"},
                                         Row{"zero_width_stays",
                                             "a\xE2\x80\x8B"
                                             "b",
                                             "a\xE2\x80\x8B"
                                             "b"},
                                         Row{"soft_hyphen_stays",
                                             "a\xC2\xAD"
                                             "b",
                                             "a\xC2\xAD"
                                             "b"},
                                         Row{"nul_goes", std::string("vi\0agra", 7), "viagra"},
                                         Row{"nul_among_blanks", std::string("a \0 b", 5), "a b"},
                                         Row{"only_nuls", std::string(100, '\0'), ""},
                                         Row{"cut_character", "a\xE2\x80", "a\xE2\x80"},
                                         Row{"empty", "", ""}),
                         name_of<Row>);

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    append_lines(lines, text);
    return lines;
}
std::vector<std::string> chunks_of(const std::string& text) {
    std::vector<std::string> chunks;
    append_chunks(chunks, text);
    return chunks;
}

using testing::ElementsAre;
const std::string x1000(1'000, 'x'), x2000(2'000, 'x'), x2048(2'048, 'x'), x3000(3'000, 'x');

TEST(Lines, each_end_in_a_line_end) {
    EXPECT_THAT(lines_of("a\nb"), ElementsAre("a\n", "b\n"));
}
TEST(Lines, up_to_the_limit_stay_whole) {
    EXPECT_THAT(lines_of(x2048), ElementsAre(x2048 + "\n"));
}
TEST(Lines, above_it_are_cut_after_the_last_space) {
    EXPECT_THAT(lines_of("a " + x1000 + " " + x2000),
                ElementsAre("a " + x1000 + " \n", x2000 + "\n"));
}
TEST(Lines, without_a_space_are_cut_at_the_limit) {
    EXPECT_THAT(lines_of(x2048 + "yy"), ElementsAre(x2048 + "\n", "yy\n"));
}
TEST(Lines, are_never_cut_within_a_character) {
    EXPECT_THAT(lines_of("x" + std::string(x2000 + x2000).replace(2046, 1, "\xE2\x82\xAC")),
                ElementsAre("x" + std::string(2'046, 'x') + "\n",
                            "\xE2\x82\xAC" + std::string(1'953, 'x') + "\n"));
}
TEST(Lines, of_stray_continuation_bytes_end) {
    EXPECT_EQ(lines_of(std::string(100'000, '\x80')).size(), 49U);
}

TEST(Chunks, up_to_2_kb_are_whole) {
    EXPECT_THAT(chunks_of(x2048), ElementsAre(x2048));
}
TEST(Chunks, of_nothing_are_none) {
    EXPECT_TRUE(chunks_of("").empty());
}
TEST(Chunks, end_at_a_line_end) {
    EXPECT_THAT(chunks_of(x3000 + "\n" + x3000), ElementsAre(x3000 + "\n", x3000));
}
TEST(Chunks, else_at_a_tag_end) {
    EXPECT_THAT(chunks_of(x3000 + "> " + x3000), ElementsAre(x3000 + ">", " " + x3000));
}
TEST(Chunks, else_at_a_space) {
    EXPECT_THAT(chunks_of(x3000 + " " + x3000), ElementsAre(x3000 + " ", x3000));
}
TEST(Chunks, lose_no_byte) {
    std::string text, joined;
    for (int i = 0; i < 5'000; ++i)
        text += "word" + std::string(static_cast<std::size_t>(i % 97), '>') + "\n";
    for (const auto& chunk : chunks_of(text)) joined += chunk;
    EXPECT_EQ(joined, text);
}

}  // namespace
}  // namespace bailiff::mime
