#include <gmock/gmock.h>
#include <ostream>
#include <rules/address_list.hpp>
#include <rules/header_text.hpp>

namespace bailiff::rules {
namespace {

struct TextCase {
    std::string_view name, target;
    std::optional<std::string> want;
    friend std::ostream& operator<<(std::ostream& out, const TextCase& row) {
        return out << row.name;
    }
};

Submission submission() {
    Submission made;
    made.envelope.mail_from = "shop@example.com";
    return made;
}

Message message() {
    Message made;
    made.fields = {
        {"Received", " from a\n\tby =?utf-8?q?b?=", "from a by b"},
        {"From", " =?utf-8?q?J=C3=A9?= <a@example.com>", "J\xC3\xA9 <a@example.com>"},
        {"To", " b@example.com,\n c@example.com", "b@example.com, c@example.com"},
        {"CC", " d@example.com", "d@example.com"},
        {"Subject", " one\n  two ", "one two"},
        {"subject", " three", "three"},
        {"Message-ID", " <1@example.com>", "<1@example.com>"},
        {"X-Message-Id", " ", ""},
    };
    return made;
}

class HeaderText : public testing::TestWithParam<TextCase> {};

TEST_P(HeaderText, is_what_the_rule_sees) {
    const auto target = parse_header_target(GetParam().target);
    ASSERT_TRUE(target) << target.error().what;
    EXPECT_EQ(find_header_text(*target, submission(), message()), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    rows, HeaderText,
    testing::Values(TextCase{"decoded", "From", "J\xC3\xA9 <a@example.com>\n"},
                    TextCase{"any_case_and_all_of_a_name", "SUBJECT", "one two\nthree\n"},
                    TextCase{"raw", "Subject:raw", " one\n  two \n three\n"},
                    TextCase{"trace_is_not_decoded", "Received", "from a by =?utf-8?q?b?=\n"},
                    TextCase{"address", "From:addr", "a@example.com"},
                    TextCase{"display_name", "From:name", "J\xC3\xA9"},
                    TextCase{"addresses", "To:addr", "b@example.com\nc@example.com"},
                    TextCase{"to_then_cc", "ToCc", "b@example.com, c@example.com\nd@example.com\n"},
                    TextCase{"to_then_cc_addresses", "ToCc:addr",
                             "b@example.com\nc@example.com\nd@example.com"},
                    TextCase{"message_id_that_is_not_empty", "MESSAGEID", "<1@example.com>\n"},
                    TextCase{"mail_from", "EnvelopeFrom", "shop@example.com"},
                    TextCase{"absent", "Reply-To", std::nullopt}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(HeaderText, of_all_keeps_order_and_case) {
    auto two = message();
    two.fields.resize(2);
    EXPECT_EQ(find_header_text(*parse_header_target("ALL"), {}, two),
              "Received: from a by =?utf-8?q?b?=\nFrom: J\xC3\xA9 <a@example.com>\n");
    EXPECT_EQ(find_header_text(*parse_header_target("ALL:raw"), {}, two),
              "Received: from a\n\tby =?utf-8?q?b?=\nFrom: =?utf-8?q?J=C3=A9?= <a@example.com>\n");
}

TEST(HeaderText, of_the_null_sender_is_unset) {
    EXPECT_EQ(find_header_text(*parse_header_target("EnvelopeFrom"), {}, {}), std::nullopt);
}

class BadTarget : public testing::TestWithParam<std::string> {};

TEST_P(BadTarget, is_refused) {
    EXPECT_FALSE(parse_header_target(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(rows, BadTarget,
                         testing::Values("", ":addr", "From:addr:raw", "From:host", "F\xC3\xA9",
                                         "ALL:addr", "X-Spam-Relays-Untrusted", "ALL-TRUSTED"));

struct ListCase {
    std::string_view name, raw, address, display;
    friend std::ostream& operator<<(std::ostream& out, const ListCase& row) {
        return out << row.name;
    }
};

class FirstAddress : public testing::TestWithParam<ListCase> {};

TEST_P(FirstAddress, is_read_before_words_are_decoded) {
    const auto listed = read_addresses(GetParam().raw);
    ASSERT_FALSE(listed.empty());
    EXPECT_EQ(listed[0].address, GetParam().address);
    EXPECT_EQ(listed[0].name, GetParam().display);
}

INSTANTIATE_TEST_SUITE_P(
    rows, FirstAddress,
    testing::Values(ListCase{"bare", " a@example.com", "a@example.com", ""},
                    ListCase{"named", "A  B <a@example.com>", "a@example.com", "A B"},
                    ListCase{"quoted", "\"B, A\" <a@example.com>, x", "a@example.com", "B, A"},
                    ListCase{"comment", "a@example.com (A (b) C)", "a@example.com", "A (b) C"},
                    ListCase{"single_quotes", "'A' <a@example.com>", "a@example.com", "A"},
                    ListCase{"encoded_brackets",
                             "=?utf-8?q?v=40example.net_=3Cv=40example.net=3E=2C?= <a@b.example>",
                             "a@b.example", "v@example.net <v@example.net>,"},
                    ListCase{"quoted_local_part", "\"a b\"@example.com", "\"ab\"@example.com", ""},
                    ListCase{"group", "friends: a@example.com, b@example.com;", "a@example.com",
                             ""},
                    ListCase{"no_end", "A <a@example.com", "a@example.com", "A"},
                    ListCase{"folded", "A\n B\n <a@example.com>", "a@example.com", "A B"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(AddressList, is_total) {
    const std::string_view bytes = "<>\"(),:;\\@ a=?\n";
    std::string text;
    std::uint32_t state = 1;
    for (int round = 0; round < 20'000; ++round) {
        state = state * 1'664'525 + 1'013'904'223;
        text += bytes[(state >> 16) % bytes.size()];
        if (text.size() > 24) text.erase(0, 1);
        EXPECT_LE(read_addresses(text).size(), text.size());
    }
}

TEST(EncodedWords, are_decoded_and_joined) {
    EXPECT_EQ(decode_words("=?utf-8?B?w6k=?= =?UTF-8*fr?q?_b?= c"), "\xC3\xA9 b c");
    EXPECT_EQ(decode_words("=?iso-8859-1?q?=E9?="), "\xC3\xA9");
    EXPECT_EQ(decode_words("a =?x?y?z?= =?utf-8?q?open"), "a =?x?y?z?= =?utf-8?q?open");
}

}  // namespace
}  // namespace bailiff::rules
