#include "src/peers/redact.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bailiff/digest.hpp>
#include <cctype>

#include "src/peers/mask.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> canaries{"alice.martin@example.org", "bob@example.net",
                                        "\"carol x\"@example.org", "élodie@example.org",
                                        "kate+news@example.org"};

std::string small(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::string redacted(const std::string& raw, BodyRule body = BodyRule::headers_only) {
    const auto copy = redacted_message(raw, {canaries, "", body});
    EXPECT_TRUE(copy) << (copy ? "" : copy.error().what);
    return copy ? *copy : "";
}

/// Where a canary hides; `sign` is what must not be found in the copy, in lower case.
struct Place {
    std::string name, field, sign = "alice.martin";
};
std::ostream& operator<<(std::ostream& out, const Place& place) {
    return out << place.name;
}
class HidingPlace : public testing::TestWithParam<Place> {};
const auto name_of = [](const auto& row) { return row.param.name; };

TEST_P(HidingPlace, is_seen) {
    const auto raw = "From: Shop <news@shop.example>\r\n" + GetParam().field +
                     "\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\nbody\r\n";
    ASSERT_THAT(small(raw), HasSubstr(GetParam().sign)) << "the row hides nothing";
    const auto with_nobody = redacted_message(raw, {});
    ASSERT_TRUE(with_nobody);
    const auto copy = redacted(raw);
    EXPECT_THAT(small(copy), Not(HasSubstr(GetParam().sign)));
    EXPECT_THAT(small(copy), Not(HasSubstr("alice.martin")));
    EXPECT_THAT(copy, testing::StartsWith("From: Shop <news@shop.example>\r\n"));
    EXPECT_THAT(copy, testing::EndsWith("\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n"));
}
INSTANTIATE_TEST_SUITE_P(
    Fields, HidingPlace,
    testing::Values(
        Place{"to", "To: Alice <alice.martin@example.org>"},
        Place{"to_name", "To: \"Alice.Martin\" <x@other.example>"},
        Place{"cc_many", "Cc: x@y.example, alice.martin@example.org"},
        Place{"bcc", "Bcc: ALICE.MARTIN@EXAMPLE.ORG"},
        Place{"delivered_to", "Delivered-To: alice.martin@example.org"},
        Place{"x_original_to", "X-Original-To: alice.martin@example.org"},
        Place{"received_for", "Received: from a by b (x)\r\n\tfor <alice.martin@example.org>; now"},
        Place{"received_comment", "Received: from a (to Alice.Martin) by b; now"},
        Place{"subject", "Subject: Dear Alice.Martin, win"},
        Place{"message_id", "Message-ID: <1.alice.martin@example.org>"},
        Place{"references", "References: <a@b>\r\n <alice.martin.1@example.org>"},
        Place{"folded", "Subject: alice.mar\r\n tin@example.org", "alice.mar"},
        Place{"folded_tab", "X-A: alice\r\n\t.martin", "alice\r\n\t.martin"},
        Place{"folded_twice", "X-A: ali\r\n \r\n  ce.martin", "ce.martin"},
        Place{"b_word", "Subject: =?utf-8?B?YWxpY2UubWFydGlu?=", "ywxpy2uubwfydglu"},
        Place{"b_words_split",
              "Subject: =?utf-8?B?YWxpY2Uu?=\r\n =?utf-8?b?bWFydGlu?=", "bwfydglu"},
        Place{"b_words_split_within_group",
              "Subject: =?utf-8?B?YWxpY2?= =?utf-8?B?UubWFydGlu?=", "uubwfydglu"},
        Place{"b_word_capitals", "Subject: =?UTF-8?b?QUxJQ0UuTUFSVElO?=", "quxjq0uutufsvelo"},
        Place{"q_word", "Subject: =?utf-8?Q?alice=2Emartin?=", "alice=2e"},
        Place{"q_word_all",
              "Subject: =?iso-8859-1?q?=61=6C=69=63=65=2E=6D=61=72=74=69=6E?=", "=61=6c"},
        Place{"q_words_split", "Subject: =?utf-8?Q?=61lice.mar?= =?utf-8?Q?tin?=", "lice.mar"},
        Place{"word_in_quotes", "From2: \"=?utf-8?B?YWxpY2UubWFydGlu?=\" <a@b>",
              "ywxpy2uubwfydglu"},
        Place{"word_without_end", "X-A: =?utf-8?B?YWxpY2UubWFydGlu", "ywxpy2uubwfydglu"},
        Place{"word_within_word",
              "X-A: =?utf-8?B?PT91dGYtOD9CP1lXeHBZMlV1YldGeWRHbHU/PQ==?=", "yldgewr"},
        Place{"word_utf16", "X-A: =?utf-16le?B?YQBsAGkAYwBlAC4AbQBhAHIAdABpAG4A?=", "yqbsagka"},
        Place{"word_unknown_charset", "X-A: =?x-ebcdic?Q?=81=93=89=83=85?=", "=81=93"},
        Place{"rfc2231", "Content-Disposition: attachment; filename*=utf-8''%61lice%2Emartin.pdf",
              "%61lice"},
        Place{"rfc2231_parts", "Content-Type: a/b; name*0=\"alice.m\";\r\n name*1=\"artin.pdf\"",
              "artin.pdf"},
        Place{"rfc2231_order", "Content-Type: a/b; name*1*=%61rtin; name*0*=utf-8''alice%2em",
              "%61rtin"},
        Place{"file_name", "Content-Disposition: attachment; filename=\"for-ALICE.martin.pdf\""},
        Place{"percent", "List-Unsubscribe: <https://s.example/?u=alice%2Emartin%40example.org>",
              "alice%2e"},
        Place{"percent_all", "X-U: http://s.example/%61%6c%69%63%65%2e%6d%61%72%74%69%6e",
              "%61%6c"},
        Place{"verp", "Return-Path: <bounce-alice.martin=example.org@s.example>"},
        Place{"verp_short", "Return-Path: <bounce-bob=example.net@s.example>", "bob=example.net"},
        Place{"short_local", "X-A: mail for bob@example.net today", "bob@example.net"},
        Place{"at_in_words", "X-A: bob(at)example.net", "bob(at)example.net"},
        Place{"blanks_around_at", "X-A: bob @ example.net", "bob @ example.net"},
        Place{"comment_within", "X-A: alice.(my friend)martin@example.org", "(my friend)martin"},
        Place{"quoted", "X-A: \"alice\".martin@example.org", "\"alice\".martin"},
        Place{"backslash", "X-A: \"al\\ice.mart\\in\"@example.org", "al\\ice"},
        Place{"quoted_local_part", "X-A: hello Carol X", "carol x"},
        Place{"base64_token", "X-Token: id=YWxpY2UubWFydGluQGV4YW1wbGUub3Jn;", "ywxpy2uubwf"},
        Place{"base64_shifted", "X-Token: eHhhbGljZS5tYXJ0aW4", "hhbgljzs5tyxj"},
        Place{"base64_folded", "X-Token: YWxpY2Uu\r\n bWFydGlu", "bwfydglu"},
        Place{"hexadecimal", "X-Token: 616c6963652e6d617274696e", "616c6963"},
        Place{"character_references", "X-A: &#97;lice&#x2e;martin", "&#97;lice"},
        Place{"zeros", std::string("X-A: a\0lice.martin", 18), std::string("a\0lice", 6)},
        Place{"zero_in_short", std::string("X-A: k\0ate", 10), std::string("k\0ate", 5)},
        Place{"before_the_plus", "Subject: Dear Kate", "kate"},
        Place{"percent_twice", "X-U: http://s.example/%2561lice%252emartin", "%2561lice"},
        Place{"comment_and_quotes", "X-A: \"alice\".(x)martin@example.org", "(x)martin"},
        Place{"tags", "X-A: alice<b></b>.martin", "alice<b>"},
        Place{"quoted_printable", "X-A: =61lice=2Emartin", "=61lice"},
        Place{"zero_width", "X-A: alice\u200b.martin", "alice\u200b"},
        Place{"field_name", "X-alice.martin: 1"}, Place{"no_field", "alice.martin@example.org"},
        Place{"utf8_capital", "Subject: pour ÉLODIE", "lodie"},
        Place{"utf8_word_latin1", "Subject: =?iso-8859-1?Q?=C9lodie?=", "=c9lodie"},
        Place{"latin1_bytes", "Subject: \xc9lodie", "\xc9lodie"}),
    name_of);

TEST(Redact, keeps_what_is_of_the_sender) {
    const std::string header =
        "Received: from shop.example ([192.0.2.1]) by mx.example.org; now\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=shop.example;\r\n\tb=AbCd+/=\r\n"
        "From: =?utf-8?Q?Caf=C3=A9?= <news@shop.example>\r\n"
        "Subject: =?utf-8?B?R3JhbmRlcyBhZmZhaXJlcw==?= (only today)\r\n"
        "Message-ID: <1@example.org>\r\n"
        "To: undisclosed-recipients:;\r\n"
        "Content-Type: multipart/mixed; boundary=\"a b\"\r\n\r\n";
    EXPECT_EQ(redacted(header + "--a b\r\n"), header);
}

TEST(Redact, names_recipients_masked_or_keyed) {
    const std::string raw =
        "Received: by b for <dave.long@other.example>; now\r\n"
        "To: Alice <alice.martin@example.org>,\r\n \"B\" <bob@example.net>\r\n\r\n";
    EXPECT_EQ(redacted(raw),
              "Received: by b for <d***@other.example>; now\r\n"
              "To: a***@example.org,\r\n b***@example.net\r\n\r\n");
    const auto keyed = redacted_message(raw, {canaries, "key", BodyRule::headers_only});
    ASSERT_TRUE(keyed);
    EXPECT_EQ(*keyed, "Received: by b for <" + keyed_address("dave.long@other.example", "key") +
                          ">; now\r\nTo: " + keyed_address("alice.martin@example.org", "key") +
                          ",\r\n " + keyed_address("bob@example.net", "key") + "\r\n\r\n");
}

/// To and Cc are the sender's words: they take out whole addresses, and never his own.
TEST(Redact, takes_out_addresses_of_to_elsewhere) {
    EXPECT_EQ(redacted("From: me@shop.example\r\nTo: received@a.example, me@shop.example\r\n"
                       "Subject: received for received@a.example by me@shop.example\r\n\r\n"),
              "From: me@shop.example\r\nTo: r***@a.example,\r\n m***@shop.example\r\n"
              "Subject: received for ***@a.example by me@shop.example\r\n\r\n");
}

TEST(Redact, copes_with_recipients_named_as_our_words) {
    const std::vector<std::string> named{"redacted@x.example",
                                         "received@x.example",
                                         "****@x.example",
                                         "subject@x.example",
                                         "@",
                                         "",
                                         "x"};
    const auto copy = redacted_message(
        "Received: by mx received\r\nSubject: subject\r\n"
        "X-Redacted: redacted ****\r\nTo: ****@x.example\r\n\r\n",
        {named, "", BodyRule::headers_only});
    ASSERT_TRUE(copy);
    EXPECT_EQ(*copy,
              "Received: by mx ***\r\nSubject: ***\r\nX-Redacted: *** ***\r\n"
              "To: ***@x.example\r\n\r\n");
}

const std::string multipart =
    "From: a@shop.example\r\nContent-Type: multipart/mixed; boundary=\"x-Alice.Martin-1\"\r\n\r\n"
    "preamble for alice.martin\r\n"
    "--x-Alice.Martin-1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "Dear ALICE.Martin,\r\nplain line\r\nbob@example.net\r\n=?utf-8?B?YWxpY2UubWFydGlu?=\r\n"
    "--x-Alice.Martin-1\r\nContent-Type: message/rfc822\r\n\r\n"
    "To: alice.martin@example.org\r\n\r\ninner alice.martin\r\n"
    "--x-Alice.Martin-1--\r\nepilogue\r\n";

TEST(Redact, keeps_a_body_of_text) {
    EXPECT_EQ(redacted(multipart, BodyRule::kept),
              "From: a@shop.example\r\nContent-Type: multipart/mixed; boundary=\"x-***-1\"\r\n\r\n"
              "preamble for ***\r\n"
              "--x-***-1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
              "Dear ***,\r\nplain line\r\n***@example.net\r\n[***]\r\n"
              "--x-***-1\r\nContent-Type: message/rfc822\r\n\r\n"
              "To: a***@example.org\r\n\r\ninner ***\r\n"
              "--x-***-1--\r\nepilogue\r\n");
}

TEST(Redact, replaces_text_that_hides_a_name_over_lines) {
    EXPECT_EQ(redacted("From: a@b\r\n\r\nhello alice.\r\nmartin\r\n", BodyRule::kept),
              "From: a@b\r\n\r\n[***]\r\n");
}

struct Encoded {
    std::string name, header;
};
std::ostream& operator<<(std::ostream& out, const Encoded& row) {
    return out << row.name;
}
class EncodedBody : public testing::TestWithParam<Encoded> {};

TEST_P(EncodedBody, is_refused_or_dropped) {
    const std::string body = "YWxpY2UubWFydGlu\r\n";
    const auto raw = "From: a@b\r\n" + GetParam().header + "\r\n\r\n" + body;
    const auto kept = redacted_message(raw, {canaries, "", BodyRule::kept});
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().fault, Fault::invalid_input);
    EXPECT_THAT(kept.error().what, HasSubstr("cannot be kept"));
    const auto dropped = redacted_message(raw, {canaries, "", BodyRule::drop_encoded_bodies});
    ASSERT_TRUE(dropped);
    EXPECT_THAT(*dropped,
                testing::EndsWith("\r\n\r\n[18 bytes, SHA-256 " + sha256(body).hex() + "]\r\n"));
    EXPECT_THAT(small(*dropped), Not(HasSubstr("encoding: b")));
}
INSTANTIATE_TEST_SUITE_P(
    Bodies, EncodedBody,
    testing::Values(
        Encoded{"base64", "Content-Transfer-Encoding: base64"},
        Encoded{"quoted_printable", "Content-Transfer-Encoding:\r\n Quoted-Printable"},
        Encoded{"comment", "Content-Transfer-Encoding: (x) base64"},
        Encoded{"unknown", "Content-Transfer-Encoding: x-uuencode"},
        Encoded{"twice", "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64"},
        Encoded{"two_types", "Content-Type: text/plain\r\nContent-Type: text/html"},
        Encoded{"utf7", "Content-Type: text/plain; charset=utf-7"},
        Encoded{"utf16", "Content-Type: text/plain; charset=\"UTF-16\""},
        Encoded{"no_boundary", "Content-Type: multipart/mixed"},
        Encoded{"boundary_in_parts", "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b"},
        Encoded{"boundary_twice", "Content-Type: multipart/mixed; boundary=a; boundary=b"},
        Encoded{"comment_in_type", "Content-Type: multipart/mixed (x; boundary=a"}),
    name_of);

TEST(Redact, drops_encoded_parts_and_keeps_the_others) {
    const std::string head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
    const std::string part = "YWxpY2UubWFydGlu\r\n";
    EXPECT_EQ(redacted(head + "Content-Transfer-Encoding: base64\r\n\r\n" + part +
                           "--b\r\n\r\nplain\r\n--b--\r\n",
                       BodyRule::drop_encoded_bodies),
              head + "Content-Transfer-Encoding: 7bit\r\n\r\n[18 bytes, SHA-256 " +
                  sha256(part).hex() + "]\r\n--b\r\n\r\nplain\r\n--b--\r\n");
}

TEST(Redact, refuses_a_boundary_that_hides_a_name) {
    const auto kept = redacted_message(
        "Content-Type: multipart/mixed; boundary=YWxpY2UubWFydGlu\r\n\r\n"
        "--YWxpY2UubWFydGlu--\r\n",
        {canaries, "", BodyRule::drop_encoded_bodies});
    ASSERT_FALSE(kept);
    EXPECT_THAT(kept.error().what, HasSubstr("boundary"));
    EXPECT_FALSE(redacted_message(std::string(2'000'000, 'x'), {{}, "", BodyRule::kept}));
}

/// With the field, the boundary would be gone.
TEST(Redact, refuses_a_boundary_beside_a_hidden_name) {
    const std::string raw =
        "Content-Type: multipart/mixed; boundary=b; name=YWxpY2UubWFydGlu\r\n\r\n--b--\r\n";
    const auto kept = redacted_message(raw, {canaries, "", BodyRule::kept});
    ASSERT_FALSE(kept);
    EXPECT_THAT(kept.error().what, HasSubstr("boundary"));
    EXPECT_EQ(redacted(raw), "Content-Type: [***]\r\n\r\n");
}

TEST(Redact, leaves_nothing_where_our_mark_is_a_name) {
    const auto copy = redacted_message(
        "X-Token: YWxpY2UubWFydGlu\r\n\r\n",
        {{"alice.martin@example.org", "***]@x.example"}, "", BodyRule::headers_only});
    ASSERT_TRUE(copy);
    EXPECT_EQ(*copy, "X-Token:\r\n\r\n");
}

TEST(Redact, of_one_value) {
    EXPECT_EQ(redacted_value("Dear Alice.Martin", canaries), "Dear ***");
    EXPECT_EQ(redacted_value("=?utf-8?B?YWxpY2UubWFydGlu?=", canaries), "[***]");
    EXPECT_EQ(redacted_value("https://shop.example/x", canaries), "https://shop.example/x");
}

void expect_bounded(const std::string& raw) {
    const auto fields = static_cast<std::size_t>(std::ranges::count(raw, '\n')) + 2;
    for (const auto rule :
         {BodyRule::headers_only, BodyRule::kept, BodyRule::drop_encoded_bodies}) {
        const auto copy = redacted_message(raw, {canaries, "key", rule});
        if (!copy) continue;
        EXPECT_LE(copy->size(), raw.size() + fields * redact_growth_bytes_max);
        EXPECT_THAT(small(*copy), Not(HasSubstr("alice.martin")));
        EXPECT_THAT(small(*copy), Not(HasSubstr("bob@example.net")));
    }
}

TEST(Redact, survives_pieces_in_any_order) {
    const std::vector<std::string> pieces{"\r\n",
                                          "\n",
                                          "\r",
                                          " ",
                                          "\t",
                                          ":",
                                          ";",
                                          "To",
                                          "Received",
                                          "Subject: ",
                                          "for <",
                                          ">",
                                          "\"",
                                          "(",
                                          ")",
                                          "\\",
                                          "alice",
                                          ".martin",
                                          "Alice.Martin",
                                          "@example.org",
                                          "bob@example.net",
                                          "=?utf-8?B?",
                                          "=?utf-8?Q?",
                                          "?=",
                                          "YWxpY2Uu",
                                          "bWFydGlu",
                                          "=2E",
                                          "%40",
                                          "--b",
                                          "--b--",
                                          "Content-Type: multipart/mixed; boundary=b\r\n",
                                          "Content-Transfer-Encoding: base64\r\n",
                                          "Content-Type: message/rfc822\r\n",
                                          "\r\n\r\n",
                                          std::string("\0", 1),
                                          "\xff",
                                          "é",
                                          "*0*=",
                                          "&#97;",
                                          "<",
                                          "a@b.c,"};
    unsigned state = 7;
    for (int round = 0; round < 3'000; ++round) {
        std::string raw;
        for (int i = 0; i < 30; ++i) {
            state = state * 1'103'515'245U + 12'345U;
            raw += pieces[(state >> 16U) % pieces.size()];
        }
        expect_bounded(raw);
    }
}

TEST(Redact, survives_large_and_deep_input) {
    std::string many = "To: ", deep, fields;
    for (int i = 0; i < 2'500; ++i) {
        many += "a@b.example, ";
        deep += "Content-Type: message/rfc822\r\n\r\n";
        fields += "A:b\r\n";
    }
    expect_bounded(many + "\r\n\r\n");
    expect_bounded(deep);
    expect_bounded(fields + "\r\n");
    for (const auto* run : {"(", "=?", "<", "\"", "a", "@", "%40", "&#", ";*=", "=?utf-8?Q?"}) {
        std::string raw = "Subject: ";
        while (raw.size() < 60'000) raw += run;
        expect_bounded(raw + "\r\n\r\n");
    }
    expect_bounded("Subject: " + std::string(1'500'000, 'x'));
}

}  // namespace
}  // namespace bailiff
