// The small readers of text, as tables.
#include <gtest/gtest.h>

#include "milter/address.hpp"
#include "milter/door.hpp"
#include "milter/reply_text.hpp"
#include "milter/uid_header.hpp"
#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using test::FakeMacros;
using Kind = Reply::Kind;

struct TextCase {
    std::string input, want;
};

TEST(WithoutBrackets, takes_off_one_outer_pair) {
    for (const auto& [input, want] :
         std::vector<TextCase>{{"<a@example.com>", "a@example.com"},
                               {"a@example.com", "a@example.com"},
                               {"<>", ""},
                               {"", ""},
                               {"<", "<"},
                               {">", ">"},
                               {"<a@example.com", "<a@example.com"},
                               {"<<a>>", "<a>"},
                               {"<\"x>\"@example.com>", "\"x>\"@example.com"},
                               {"<@relay.example:a@example.com>", "@relay.example:a@example.com"}})
        EXPECT_EQ(without_brackets(input), want) << input;
}

TEST(PlainIp, gives_every_address_one_form) {
    for (const auto& [input, want] :
         std::vector<TextCase>{{"192.0.2.7", "192.0.2.7"},
                               {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
                               {"IPv6:2001:db8::1", "2001:db8::1"},
                               {"ipv6:2001:db8::1", "2001:db8::1"},
                               {"::ffff:192.0.2.7", "192.0.2.7"},
                               {"IPv6:", "IPv6:"},
                               {"192.0.2.007", "192.0.2.007"},
                               {"unknown", "unknown"},
                               {"", ""},
                               {std::string("192.0.2.7\0x", 11), "192.0.2.7"}})
        EXPECT_EQ(plain_ip(input), want) << input;
}

struct UidCase {
    std::string value;
    std::optional<std::uint32_t> want;
};

TEST(ParseUid, takes_digits_and_nothing_else) {
    for (const auto& [value, want] : std::vector<UidCase>{{"1001", 1001},
                                                          {" \t1001 \t", 1001},
                                                          {"0", 0},
                                                          {"0000001001", 1001},
                                                          {"4294967295", 4294967295U},
                                                          {"4294967296", std::nullopt},
                                                          {"00000001001", std::nullopt},
                                                          {"", std::nullopt},
                                                          {"  ", std::nullopt},
                                                          {"+1", std::nullopt},
                                                          {"-1", std::nullopt},
                                                          {"1 2", std::nullopt},
                                                          {"1\n 2", std::nullopt},
                                                          {"1\n", std::nullopt},
                                                          {"1\r", std::nullopt},
                                                          {"0x10", std::nullopt},
                                                          {"1e3", std::nullopt},
                                                          {std::string("1\0", 2), std::nullopt},
                                                          {"\xd9\xa1", std::nullopt}})
        EXPECT_EQ(parse_uid(value), want) << value;
}

TEST(IsHeader, ignores_letter_case_and_blanks_before_the_colon) {
    for (const auto* same : {"X-Submit-Uid", "x-submit-uid", "X-SUBMIT-UID \t"})
        EXPECT_TRUE(is_header(same, "X-Submit-Uid")) << same;
    for (const auto* other : {"", " X-Submit-Uid", "X-Submit-Uid2", "X_Submit_Uid", "X-Submit-Ui"})
        EXPECT_FALSE(is_header(other, "X-Submit-Uid")) << other;
}

struct DoorCase {
    const char* name;
    FakeMacros macros;
    const char* address;
    Door want;
};

TEST(TellDoor, believes_the_tag_only) {
    const DoorTags tags{"SUBMISSION", "pickup"};
    for (const auto& row : std::vector<DoorCase>{
             {"own macro", {{"{bailiff_door}", "pickup"}}, "192.0.2.7", Door::local},
             {"without braces", {{"bailiff_door", "pickup"}}, "", Door::local},
             {"daemon name", {{"{daemon_name}", "SUBMISSION"}}, "127.0.0.1", Door::submission},
             {"own macro before daemon name",
              {{"{bailiff_door}", "SUBMISSION"}, {"{daemon_name}", "pickup"}},
              "",
              Door::submission},
             {"a tag of others is not looked past",
              {{"{bailiff_door}", "other"}, {"{daemon_name}", "pickup"}},
              "127.0.0.1",
              Door::unknown},
             {"letter case counts", {{"{bailiff_door}", "Pickup"}}, "", Door::unknown},
             {"untagged from loopback", {}, "127.0.0.1", Door::unknown},
             {"untagged from elsewhere", {}, "192.0.2.7", Door::unknown}})
        EXPECT_EQ(tell_door(tags, row.macros, row.address), row.want) << row.name;
}

TEST(TellDoor, an_empty_tag_names_no_door) {
    EXPECT_EQ(tell_door({}, FakeMacros{{"{daemon_name}", ""}}, "127.0.0.1"), Door::unknown);
}

struct ReplyCase {
    Reply reply;
    const char *code, *enhanced, *text;
};

TEST(SmtpReply, is_one_safe_line_of_the_right_class) {
    for (const auto& row : std::vector<ReplyCase>{
             {{Kind::reject, "5.7.1 case B1"}, "550", "5.7.1", "case B1"},
             {{Kind::reject, "case B1"}, "550", "5.7.1", "case B1"},
             {{Kind::tempfail, "4.3.2 later"}, "451", "4.3.2", "later"},
             {{Kind::tempfail, "5.7.1 later"}, "451", "4.7.1", "5.7.1 later"},
             {{Kind::reject, "5.700.999 x"}, "550", "5.700.999", "x"},
             {{Kind::reject, "5.7.1234 x"}, "550", "5.7.1", "5.7.1234 x"},
             {{Kind::reject, "5.7.1x"}, "550", "5.7.1", "5.7.1x"},
             {{Kind::reject, "5.7."}, "550", "5.7.1", "5.7."},
             {{Kind::reject, "5.7.2"}, "550", "5.7.2", "Refused"},
             {{Kind::reject, ""}, "550", "5.7.1", "Refused"},
             {{Kind::tempfail, "   "}, "451", "4.7.1", "Try again later"},
             {{Kind::reject, "100% sure"}, "550", "5.7.1", "100%% sure"},
             {{Kind::reject, "a\r\nb\tc\x01\xff"}, "550", "5.7.1", "a  b c??"}}) {
        const auto got = smtp_reply(row.reply);
        EXPECT_EQ(got.code, row.code) << row.reply.text;
        EXPECT_EQ(got.enhanced, row.enhanced) << row.reply.text;
        EXPECT_EQ(got.text, row.text) << row.reply.text;
    }
}

TEST(SmtpReply, is_bounded_even_when_every_byte_is_doubled) {
    const auto got = smtp_reply({Kind::reject, std::string(5'000, '%')});
    EXPECT_EQ(got.text.size(), 2 * reply_bytes_max);
}

TEST(QuarantineReason, is_one_line_and_never_empty) {
    EXPECT_EQ(quarantine_reason("case B1\r\nx"), "case B1  x");
    EXPECT_EQ(quarantine_reason(""), "held by bailiff");
    EXPECT_EQ(quarantine_reason("\n"), "held by bailiff");
    EXPECT_EQ(quarantine_reason(std::string(5'000, 'x')).size(), reply_bytes_max);
}

}  // namespace
}  // namespace bailiff
