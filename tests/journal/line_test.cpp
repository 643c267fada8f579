#include "src/journal/line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

using namespace std::string_literals;

struct EscapeCase {
    std::string_view name;
    std::string input;
    std::string_view want;
    friend std::ostream& operator<<(std::ostream& out, const EscapeCase& row) {
        return out << row.name;
    }
};
class Escaped : public testing::TestWithParam<EscapeCase> {};
TEST_P(Escaped, stays_within_its_quotes) {
    EXPECT_EQ(escaped(GetParam().input), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    rows, Escaped,
    testing::Values(EscapeCase{"empty", "", ""}, EscapeCase{"plain", "a b=c", "a b=c"},
                    EscapeCase{"quote", "a\" b=\"c", R"(a\" b=\"c)"},
                    EscapeCase{"backslash", "a\\", R"(a\\)"},
                    EscapeCase{"line_ends", "a\r\nb\tc", R"(a\r\nb\tc)"},
                    EscapeCase{"ansi", "\x1b[2J", R"(\x1b[2J)"},
                    EscapeCase{"nul", "a\0b"s, R"(a\x00b)"},
                    EscapeCase{"delete", "\x7f", R"(\x7f)"},
                    EscapeCase{"c1_as_utf8", "\xc2\x9b", R"(\xc2\x9b)"},
                    EscapeCase{"c1_as_byte", "\x9b", R"(\x9b)"},
                    EscapeCase{"utf8", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
                               "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
                    EscapeCase{"right_to_left_override", "\xe2\x80\xae", R"(\xe2\x80\xae)"},
                    EscapeCase{"line_separator", "\xe2\x80\xa8", R"(\xe2\x80\xa8)"},
                    EscapeCase{"overlong_newline", "\xc0\x8a", R"(\xc0\x8a)"},
                    EscapeCase{"overlong_three", "\xe0\x80\x8a", R"(\xe0\x80\x8a)"},
                    EscapeCase{"surrogate", "\xed\xa0\x80", R"(\xed\xa0\x80)"},
                    EscapeCase{"cut_sequence", "\xe2\x82", R"(\xe2\x82)"},
                    EscapeCase{"beyond_unicode", "\xf4\x90\x80\x80", R"(\xf4\x90\x80\x80)"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(JournalLine, names_role_severity_event_and_fields) {
    EXPECT_EQ(journal_line("milter", Severity::warning, "rspamd.away",
                           {{"reason", "it said \"no\""}, {"count", "3"}}),
              R"(milter warning rspamd.away reason="it said \"no\"" count="3")");
    EXPECT_EQ(journal_line("enforcer", Severity::alarm, "x", {}), "enforcer alarm x");
}

TEST(JournalLine, lets_no_name_or_key_forge_a_field) {
    EXPECT_EQ(journal_line("a b", Severity::info, "n\n", {{"k=\"v\" x", "1"}}),
              R"(a_b info n_ k__v__x="1")");
}

TEST(JournalLine, cuts_a_long_value_and_a_long_line) {
    const auto value = journal_line("r", Severity::info, "n", {{"k", std::string(5'000, 'x')}});
    EXPECT_EQ(value, "r info n k=\"" + std::string(1'000, 'x') + "...\"");
    const auto line = journal_line("r", Severity::info, "n",
                                   {{"a", std::string(2'000, '\1')}, {"b", "never seen"}});
    EXPECT_EQ(line, "r info n cut=\"1\"");
}

}  // namespace
}  // namespace bailiff
