#include "src/message/parse.hpp"

#include <gmock/gmock.h>

#include <array>
#include <bailiff/limits.hpp>
#include <thread>

#include "tests/message/table.hpp"

namespace bailiff {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* whole =
    "From: Ann <ann@example.com>\r\n"
    "Subject: =?utf-8?Q?Caf=C3=A9?=\r\n =?utf-8?Q?_time?=\r\n"
    "X-Test:  a\r\n\tb \r\n"
    "Content-Type: multipart/alternative; boundary=\"b\"\r\n"
    "\r\n"
    "--b\r\n"
    "Content-Type: text/plain; charset=ISO-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "Caf=E9 at\r\nhttp://a.test/\r\n\r\nBye\r\n"
    "--b\r\n"
    "Content-Type: TEXT/HTML\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "PGEgaHJlZj0iaHR0cDovL2IudGVzdC8iPng8L2E+PHA+SGk8L3A+\r\n"
    "--b\r\n"
    "Content-Type: image/png; name=p.png\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "AAAAAAAA\r\n"
    "--b--\r\n";

TEST(Parse, gives_fields_raw_and_decoded) {
    const auto fields = parse(whole).fields;
    ASSERT_THAT(fields, SizeIs(4));
    EXPECT_EQ(fields[1].name, "Subject");
    EXPECT_EQ(fields[1].raw, " =?utf-8?Q?Caf=C3=A9?=\n =?utf-8?Q?_time?=");
    EXPECT_EQ(fields[1].value, "Caf\xC3\xA9 time");
    EXPECT_EQ(fields[2].raw, "  a\n\tb ");
    EXPECT_EQ(fields[2].value, "a b");
}

TEST(Parse, gives_leaves_with_their_text) {
    const auto parts = parse(whole).parts;
    ASSERT_THAT(parts, SizeIs(3));
    EXPECT_EQ(parts[0].charset, "iso-8859-1");
    EXPECT_EQ(parts[0].text, "Caf\xE9 at\nhttp://a.test/\n\nBye");
    EXPECT_EQ(parts[1].type, "text/html");
    EXPECT_EQ(parts[1].size, 39U);
    EXPECT_EQ(parts[2].file_name, "p.png");
    EXPECT_EQ(parts[2].size, 6U);
    EXPECT_EQ(parts[2].text, "");
}

TEST(Parse, gives_body_rawbody_and_addresses) {
    const auto message = parse(whole);
    EXPECT_THAT(message.body, ElementsAre("Caf\xC3\xA9 time\n", "Caf\xC3\xA9 at http://a.test/\n",
                                          "Bye x\n", "Hi\n"));
    EXPECT_THAT(message.rawbody, ElementsAre("Caf\xE9 at\nhttp://a.test/\n\nBye",
                                             "<a href=\"http://b.test/\">x</a><p>Hi</p>"));
    EXPECT_THAT(message.uris, ElementsAre("http://a.test/", "http://b.test/"));
    EXPECT_THAT(message.limits, IsEmpty());
}

class Body : public testing::TestWithParam<ListRow> {};
TEST_P(Body, is_the_subject_and_then_paragraphs) {
    EXPECT_EQ(parse(GetParam().input).body, GetParam().want);
}
using V = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Parse, Body,
    testing::Values(ListRow{"plain", "Subject: s\n\nhello\n", V{"s\n", "hello\n"}},
                    ListRow{"no_subject", "A: 1\n\nhello\n", V{"\n", "hello\n"}},
                    ListRow{"last_subject", "Subject: a\nSUBJECT: b\n\n", V{"b\n"}},
                    ListRow{"only_headers", "Subject: s", V{"s\n"}},
                    ListRow{"no_headers", "hello there\n", V{"\n", "hello there\n"}},
                    ListRow{"empty", "", V{"\n"}}, ListRow{"blank_lines", "\n\n \n\n", V{"\n"}},
                    ListRow{"only_nuls", std::string(10'000, '\0'), V{"\n"}},
                    ListRow{"blank_lines_first", "\n\n\nhello\n", V{"\n", "hello\n"}},
                    ListRow{"attachment_named_html",
                            "Content-Type: application/octet-stream; name=x.HTML\n\n<b>hi</b>",
                            V{"\n", "hi\n"}},
                    ListRow{"calendar_is_left_out", "Content-Type: text/calendar\n\nhi", V{"\n"}},
                    ListRow{"binary_is_left_out", "Content-Type: application/pdf\n\nhi", V{"\n"}},
                    ListRow{"zero_width_stays",
                            "\nvi\xE2\x80\x8B"
                            "a\xC2\xADgra",
                            V{"\n",
                              "vi\xE2\x80\x8B"
                              "a\xC2\xADgra\n"}},
                    ListRow{"nul_goes", std::string("\nvia\0gra", 8), V{"\n", "viagra\n"}}),
    name_of<ListRow>);

TEST(Parse, keeps_delivery_reports_in_rawbody_only) {
    const auto message = parse("Content-Type: message/delivery-status\n\nStatus: 5.1.1\n");
    EXPECT_THAT(message.rawbody, ElementsAre("Status: 5.1.1\n"));
    EXPECT_THAT(message.body, ElementsAre("\n"));
    EXPECT_EQ(message.parts.at(0).text, "");
}

TEST(Parse, links_of_the_subject_come_first) {
    EXPECT_THAT(parse("Subject: www.a.test\n\nhttp://b.test/").uris,
                ElementsAre("http://www.a.test", "http://b.test/"));
}

TEST(Parse, links_of_html_attributes_come_before_those_of_its_text) {
    EXPECT_THAT(parse("Content-Type: text/html\n\nhttp://b.test/ <a href=http://a.test/>").uris,
                ElementsAre("http://a.test/", "http://b.test/"));
}

/// Each limit shows under its name; nothing is cut in silence.
struct LimitRow {
    std::string name, symbol, raw;
};
std::ostream& operator<<(std::ostream& out, const LimitRow& row) {
    return out << row.symbol;
}
class Limit : public testing::TestWithParam<LimitRow> {};
TEST_P(Limit, shows_as_a_state) {
    const auto message = parse(GetParam().raw);
    EXPECT_THAT(message.limits, ElementsAre(Field(&Finding::symbol, GetParam().symbol)));
    EXPECT_TRUE(message.limits.at(0).families.empty());
}
std::string times(std::size_t n, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) all += text;
    return all;
}
INSTANTIATE_TEST_SUITE_P(
    Parse, Limit,
    testing::Values(
        LimitRow{"bytes", "MESSAGE_CUT",
                 "Content-Type: a/b\n\n" + std::string(limits::message_bytes_max, 'x')},
        LimitRow{"fields", "HEADERS_CUT", times(limits::header_count_max + 1, "A: 1\n")},
        LimitRow{"field_bytes", "HEADERS_CUT",
                 "A: " + std::string(limits::header_bytes_max, 'x') + "\n"},
        LimitRow{"mime_field_bytes", "HEADERS_CUT",
                 "Content-Type: a/b" + times(100'000, ";") + "\n"},
        LimitRow{"depth", "MIME_TOO_DEEP", times(10'000, "Content-Type: message/rfc822\n\n")},
        LimitRow{"parts", "MIME_TOO_MANY_PARTS",
                 "Content-Type: multipart/mixed; boundary=b\n\n" + times(2'000, "--b\n\n")},
        LimitRow{"part_text", "PARTIAL",
                 "\n" + times(limits::part_text_bytes_max / 5 + 1, "word ")},
        LimitRow{"all_text", "PARTIAL",
                 "Content-Type: multipart/mixed; boundary=b\n\n" +
                     times(9, "--b\n\n" + times(limits::text_bytes_max / 8 / 5, "word ") + "\n")},
        LimitRow{"uri_count", "URIS_CUT",
                 "Content-Type: text/html\n\n" + times(2'000, "<a href=a><a href=http://a.test/>") +
                     [] {
                         std::string all;
                         for (int i = 0; i < 3'000; ++i)
                             all += "<a href=http://a.test/" + std::to_string(i) + ">";
                         return all;
                     }()},
        LimitRow{"uri_bytes", "URIS_CUT", "\nhttp://a.test/" + std::string(20'000, 'x')},
        LimitRow{"twice", "AMBIGUOUS_MIME",
                 "Content-Type: text/plain\nContent-Type: text/plain\n\nx"}),
    name_of<LimitRow>);

TEST(Parse, sees_what_stands_at_the_end_of_a_part_that_is_too_large) {
    const auto message = parse("\n" + times(1'000'000, "word ") + "\n\nhttp://a.test/last\n");
    EXPECT_THAT(message.uris, Contains("http://a.test/last"));
}

/// For the thread sanitizer above all: what threads share must be ready or locked.
TEST(Parse, gives_the_same_in_every_thread) {
    prepare_parser();
    const std::string raw =
        "Subject: =?iso-2022-jp?B?GyRCJUYbKEI=?= =?gb2312?Q?=C4=E3?=\n\nhttp://b\xC3\xBC.test/";
    std::array<V, 4> found;
    std::vector<std::thread> threads;
    for (auto& mine : found)
        threads.emplace_back([&raw, &mine] {
            for (int i = 0; i < 200; ++i) mine = parse(raw).body;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_THAT(found, testing::Each(
                           ElementsAre("\xE3\x83\x86\xE4\xBD\xA0\n", "http://b\xC3\xBC.test/\n")));
}

}  // namespace
}  // namespace bailiff
