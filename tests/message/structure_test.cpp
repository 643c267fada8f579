#include "src/message/structure.hpp"

#include <bailiff/limits.hpp>

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

/// "type[bytes] ..." of the leaves, then the symbols of the limits.
std::string shown(const std::string& raw) {
    const auto structure = split(raw);
    std::string out;
    for (const auto& leaf : structure.leaves) {
        out += leaf.type + (leaf.encoding == Encoding::identity ? "[" : "*[");
        out += std::string(leaf.bytes) + "] ";
    }
    for (const auto& each : structure.limits) out += each.symbol + " ";
    return out;
}

std::string multipart(const std::string& body, const std::string& parameters = "boundary=b") {
    return "Content-Type: multipart/mixed; " + parameters + "\n\n" + body;
}

class Split : public testing::TestWithParam<Row> {};
TEST_P(Split, into_leaves) {
    EXPECT_EQ(shown(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Structure, Split,
    testing::Values(
        Row{"simple", "A: 1\n\nhello\n", "text/plain[hello\n] "},
        Row{"html", "Content-Type: text/html\n\n<b>", "text/html[<b>] "},
        Row{"two_parts", multipart("--b\n\none\n--b\n\ntwo\n--b--\n"),
            "text/plain[one] text/plain[two] "},
        Row{"crlf", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n",
            "text/plain[one] "},
        Row{"preamble_and_epilogue_go", multipart("pre\n--b\n\none\n--b--\nepi\n"),
            "text/plain[one] "},
        Row{"blanks_after_boundary", multipart("--b \t\n\none\n--b-- \n"), "text/plain[one] "},
        Row{"never_closed", multipart("--b\n\none\n"), "text/plain[one\n] "},
        Row{"dashes_in_text", multipart("--b\n\n-- \n--\n--c\n--b--"), "text/plain[-- \n--\n--c] "},
        Row{"boundary_of_dashes", multipart("----x\n\none\n----x--\n", "boundary=\"--x\""),
            "text/plain[one] "},
        Row{"boundary_that_ends_in_dashes",
            multipart("--x--\n\none\n--x----\n", "boundary=\"x--\""), "text/plain[one] "},
        Row{"part_without_blank_line", multipart("--b\nContent-Type: text/html\n--b--\n"),
            "text/html[] "},
        Row{"part_of_text_at_once", multipart("--b\nhello there\n--b--\n"),
            "text/plain[hello there] "},
        Row{"nested",
            multipart("--b\nContent-Type: multipart/alternative; "
                      "boundary=c\n\n--c\n\none\n--c--\n--b\n\ntwo\n--b--"),
            "text/plain[one] text/plain[two] "},
        Row{"inner_never_closed",
            multipart("--b\nContent-Type: multipart/alternative; "
                      "boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--"),
            "text/plain[one] text/plain[two] "},
        Row{"without_boundary", "Content-Type: multipart/mixed\n\nhello", "text/plain[hello] "},
        Row{"message", "Content-Type: message/rfc822\n\nSubject: x\nContent-Type: text/html\n\n<b>",
            "text/html[<b>] "},
        Row{"digest",
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\none\n--b--",
            "text/plain[one] "},
        Row{"encoded_message",
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogMQoKb25l",
            "text/plain[one] "},
        // Where mail clients disagree: every reading, and a finding (B08).
        Row{"no_part_at_all", multipart("hello\n"), "text/plain[hello\n] AMBIGUOUS_MIME "},
        Row{"closed_at_once", multipart("hello\n--b--\n"), "text/plain[hello] AMBIGUOUS_MIME "},
        Row{"two_boundaries", multipart("--b\n\none\n--c\n\ntwo\n", "boundary=b; boundary=c"),
            "text/plain[one] text/plain[two\n] AMBIGUOUS_MIME "},
        Row{"two_content_types",
            "Content-Type: text/plain\n" + multipart("pre\n--b\n\none\n--b--\nepi"),
            "text/plain[pre] text/plain[one] text/plain[epi] AMBIGUOUS_MIME "},
        Row{"two_types_of_a_leaf", "Content-Type: text/plain\nContent-Type: text/html\n\nx",
            "text/plain[x] text/html[x] AMBIGUOUS_MIME "},
        Row{"two_encodings",
            "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n\neA==",
            "text/plain*[eA==] text/plain[eA==] AMBIGUOUS_MIME "},
        Row{"prefix_of_boundary", multipart("--b\n\none\n--bx\n\ntwo\n--b--"),
            "text/plain[one\n--bx\n\ntwo] AMBIGUOUS_MIME "},
        Row{"part_after_the_end", multipart("--b\n\none\n--b--\n--b\n\ntwo\n"),
            "text/plain[one] text/plain[two\n] AMBIGUOUS_MIME "},
        Row{"innermost_of_equal_boundaries",
            multipart("--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n"),
            "text/plain[one] "},
        Row{"empty", "", "text/plain[] "}, Row{"only_blank_line", "\n", "text/plain[] "}),
    name_of<Row>);

TEST(Split, reads_parts_up_to_the_limit_and_says_so_beyond) {
    std::string body;
    for (std::size_t i = 0; i < limits::mime_parts_max; ++i) body += "--b\n\nx\n";
    EXPECT_TRUE(split(multipart(body + "--b--\n")).limits.empty());
    const auto more = split(multipart(body + body));
    EXPECT_EQ(more.leaves.size(), limits::mime_parts_max);
    EXPECT_EQ(more.limits.at(0).symbol, "MIME_TOO_MANY_PARTS");
}

std::string nested_messages(std::size_t n) {
    std::string raw;
    for (std::size_t i = 0; i < n; ++i) raw += "Content-Type: message/rfc822\n\n";
    return raw + "\nlast";
}

TEST(Split, reads_levels_up_to_the_limit_and_says_so_beyond) {
    EXPECT_TRUE(split(nested_messages(limits::mime_depth_max)).limits.empty());
    const auto raw = nested_messages(limits::mime_depth_max + 1);
    const auto deep = split(raw);
    EXPECT_EQ(deep.limits.at(0).symbol, "MIME_TOO_DEEP");
    EXPECT_TRUE(deep.leaves.at(0).bytes.ends_with("last"));
}

}  // namespace
}  // namespace bailiff::mime
