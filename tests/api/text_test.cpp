#include "src/api/text.hpp"

#include <gmock/gmock.h>

#include "src/api/desk_json.hpp"
#include "src/api/printable.hpp"
#include "tests/api/fake_desk.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;

struct Escape {
    const char* name;
    std::string text, want;
};
class Escaped : public testing::TestWithParam<Escape> {};
TEST_P(Escaped, shows_what_it_does_not_print) {
    EXPECT_EQ(printable(GetParam().text), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Text, Escaped,
    testing::Values(
        Escape{"plain", "Caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
               "Caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        Escape{"escape", "\x1b[2J", "\\x1b[2J"}, Escape{"line_end", "a\r\nb", "a\\x0d\\x0ab"},
        Escape{"nul", std::string("a\0b", 3), "a\\x00b"}, Escape{"del", "\x7f", "\\x7f"},
        Escape{"c1",
               "\xc2\x9b"
               "2J",
               "\\u{9b}2J"},
        Escape{"override", "\xe2\x80\xae", "\\u{202e}"},
        Escape{"zero_width", "\xe2\x80\x8b", "\\u{200b}"},
        Escape{"tag", "\xf3\xa0\x81\x81", "\\u{e0041}"},
        Escape{"no_utf8",
               "\xff"
               "a\x80",
               "\\xffa\\x80"},
        Escape{"cut", "\xe2\x82", "\\xe2\\x82"}, Escape{"too_long_form", "\xc0\xaf", "\\xc0\\xaf"},
        Escape{"too_long_form_of_three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
        Escape{"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
        Escape{"too_far", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}),
    [](const auto& row) { return row.param.name; });

TEST(CaseText, shows_the_case_at_a_glance) {
    EXPECT_EQ(case_show_text(case_json(hostile_case())),
              R"(Case B0123456789ABCDEF  open
  opened       2026-01-02T03:04:05.678Z, messages 1
  path         zero_tolerance, mode enforce
  service      shop of 2025-01-01T00:00:00.000Z
               now terminated since 2026-01-02T03:04:05.678Z by case B0123456789ABCDEF, on probation until 2026-12-24T00:00:00.000Z
  account      a1
               now active
  attribution  proven: The login belongs to this service.
               proven   login 'shop@example.com' from {auth_authen} -> shop
               asserted domain '\x1b[2J.example' from From -> -
  verdict      confirmed, 15.2 points
               rules 8.0  rspamd 7.2  behaviour 0.0  reputation 0.0  complaint 0.0
  why          Two families agree.

Findings
     8.0  rules       HACKED_FORM                  text )"
              "\xef\xbf\xbd\xef\xbf\xbd"
              R"( of a form
     7.2  rspamd      PHISHING                     \u{202e}gpj.exe
     0.0  state       URIS_CUT                     more than 2000 links

Message
  door         submission, 1970-01-01T00:00:00.000Z
  login        shop@example.com
  uid          -
  client        [192.0.2.7] helo a\x0d\x0aHistory
  from         <shop@example.com>
  to           2: a***@example.net, b***@example.org
  queue id     -
  size         1234 bytes, SHA-256 0000000000000000000000000000000000000000000000000000000000000000

Actions
  act  service.terminate shop                 verified  attempts 2  panel: done)"
              "\xef\xbf\xbd"
              R"(

Held mail
  4abcDEF              2026-01-02T03:04:05.678Z
  and 3 more

History
  2026-01-02T03:04:05.678Z  milter       opened
  2026-01-02T03:04:05.678Z  Alex Example released (customer \x07 called)
)");
}

TEST(CaseText, lists_a_line_a_case) {
    EXPECT_EQ(case_list_text(case_list_json({hostile_case().record})),
              "CASE              OPENED                    STATE      PATH           MODE    "
              "VERDICT   POINTS  SENDER   SERVICE  ACCOUNT  MESSAGES  STILL HELD\n"
              "B0123456789ABCDEF 2026-01-02T03:04:05.678Z  open       zero_tolerance enforce "
              "confirmed   15.2  proven   shop  a1  messages 1 held 4\n");
    EXPECT_EQ(case_list_text(case_list_json({})), "No cases.\n");
}

struct Foreign {
    const char* name;
    std::string text;
};
class ForeignJson : public testing::TestWithParam<Foreign> {};
TEST_P(ForeignJson, is_no_accident) {
    EXPECT_THAT(case_list_text(GetParam().text), testing::EndsWith("\n"));
    EXPECT_THAT(case_show_text(GetParam().text), testing::EndsWith("\n"));
}
const std::string deep = std::string(500'000, '[') + std::string(500'000, ']');
INSTANTIATE_TEST_SUITE_P(
    Text, ForeignJson,
    testing::Values(
        Foreign{"empty", ""}, Foreign{"no_json", "<html>"}, Foreign{"null", "null"},
        Foreign{"list", "[]"}, Foreign{"cases_of_numbers", R"({"cases":[1,null,[]]})"},
        Foreign{"cases_no_list", R"({"cases":7})"}, Foreign{"case_empty", R"({"case":{}})"},
        Foreign{"wrong_types", R"({"case":{"id":[],"verdict":7,"events":"x","held":{"a":1},)"
                               R"("attribution":[1]},"actions":true})"},
        Foreign{"deep", R"({"case":{"id":)" + deep + R"(},"cases":[{"id":)" + deep + "}]}"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace bailiff
