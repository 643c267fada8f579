#include "src/rspamd/question.hpp"

#include "tests/rspamd/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using namespace std::string_literals;

Submission full_submission() {
    Submission submission;
    submission.envelope.login = "shop@example.com";
    submission.envelope.mail_from = "a@example.com";
    submission.envelope.rcpt_to = {"b@example.net", "c@example.net"};
    submission.envelope.client_address = "192.0.2.1";
    submission.envelope.helo = "client.example";
    submission.envelope.queue_id = "4ABC";
    submission.raw = "Message-ID: <one@example.com>\r\n\r\nhello\r\n";
    return submission;
}

HttpRequest ask(const Submission& submission, const RspamdOptions& options = {}) {
    CountingEntropy entropy;
    return make_question(submission, options, entropy, SteadyInstant{}).request;
}

TEST(RspamdQuestion, tells_the_envelope) {
    const auto submission = full_submission();
    const auto request = ask(submission);
    EXPECT_THAT(request.headers,
                ElementsAre(Pair("User", "shop@example.com"), Pair("From", "a@example.com"),
                            Pair("Rcpt", "b@example.net"), Pair("Rcpt", "c@example.net"),
                            Pair("IP", "192.0.2.1"), Pair("Helo", "client.example"),
                            Pair("Queue-Id", "4ABC"),
                            Pair("Settings", R"({"symbols":{"BAILIFF_REQUEST":{"options":)"
                                             R"(["000000000000000000000000"]}}})")));
    EXPECT_EQ(request.body.data(), submission.raw.data());  // not copied
    EXPECT_EQ(request.body.size(), submission.raw.size());
}

TEST(RspamdQuestion, leaves_out_what_is_not_known) {
    Submission submission;
    const auto request = ask(submission);
    EXPECT_THAT(request.headers, ElementsAre(Pair("From", "<>"), Pair("Settings", testing::_)));
}

TEST(RspamdQuestion, leaves_out_groups_that_judge_mail_coming_in_and_cuts_none_of_the_list) {
    RspamdOptions options;
    for (int i = 0; i < 40; ++i) options.groups_off.push_back("a_group_of_symbols_" + std::to_string(i));
    const auto settings = header_of(ask(full_submission(), options), "Settings");
    EXPECT_THAT(settings, StartsWith(R"({"symbols":{"BAILIFF_REQUEST":{"options":)"
                                     R"(["000000000000000000000000"]}},)"
                                     R"("groups_disabled":["a_group_of_symbols_0","a_group)"));
    EXPECT_THAT(settings, EndsWith(R"(,"a_group_of_symbols_39"]})"));
}

TEST(RspamdQuestion, asks_for_settings_by_id_and_then_for_no_echo) {
    const auto submission = full_submission();
    RspamdOptions options;
    options.settings_id = "outbound";
    const auto request = ask(submission, options);
    EXPECT_THAT(request.headers, Contains(Pair("Settings-ID", "outbound")));
    EXPECT_THAT(request.headers, Not(Contains(Pair("Settings", testing::_))));
}

TEST(RspamdQuestion, lets_no_value_end_its_line) {
    Submission submission;
    submission.envelope.login = "a\r\nSettings-ID: x"s;
    submission.envelope.helo = "h\0\x1b\x7f\xc3\xa9"s;
    submission.envelope.mail_from = "\n";
    const auto request = ask(submission);
    EXPECT_EQ(header_of(request, "User"), "aSettings-ID: x");
    EXPECT_EQ(header_of(request, "Helo"), "h\xc3\xa9");
    EXPECT_EQ(header_of(request, "From"), "");
}

TEST(RspamdQuestion, is_bounded) {
    Submission submission;
    submission.envelope.rcpt_to.assign(1'000, "b@example.net");
    submission.envelope.helo.assign(100'000, 'h');
    const auto request = ask(submission);
    EXPECT_THAT(request.headers, SizeIs(103));
    EXPECT_THAT(header_of(request, "Helo"), SizeIs(1'024));
}

struct UrlCase {
    std::string_view name, socket, url, want;
    friend std::ostream& operator<<(std::ostream& out, const UrlCase& row) {
        return out << row.name;
    }
};
class RspamdUrl : public testing::TestWithParam<UrlCase> {};
TEST_P(RspamdUrl, ends_at_the_scan) {
    const Submission submission;
    RspamdOptions options;
    options.socket = GetParam().socket;
    options.url = GetParam().url;
    const auto request = ask(submission, options);
    EXPECT_EQ(request.url, GetParam().want);
    EXPECT_EQ(request.unix_socket, GetParam().socket);
}
INSTANTIATE_TEST_SUITE_P(
    rows, RspamdUrl,
    testing::Values(UrlCase{"socket", "/run/r.sock", "", "http://rspamd/checkv2"},
                    UrlCase{"socket_wins", "/run/r.sock", "http://127.0.0.1:11333",
                            "http://rspamd/checkv2"},
                    UrlCase{"host", "", "http://127.0.0.1:11333", "http://127.0.0.1:11333/checkv2"},
                    UrlCase{"root", "", "http://[::1]:11333/", "http://[::1]:11333/checkv2"},
                    UrlCase{"path", "", "http://h/x/checkv2", "http://h/x/checkv2"}),
    [](const auto& row) { return std::string(row.param.name); });

struct AnswerCase {
    std::string_view name, raw, request_id, message_id;
    bool fits;
    friend std::ostream& operator<<(std::ostream& out, const AnswerCase& row) {
        return out << row.name;
    }
};
class IsAnswer : public testing::TestWithParam<AnswerCase> {};
TEST_P(IsAnswer, only_to_its_own_question) {
    Submission submission;
    submission.raw = GetParam().raw;
    CountingEntropy entropy;
    const auto question = make_question(submission, {}, entropy, SteadyInstant{});
    RspamdReply reply;
    reply.request_id = GetParam().request_id == "own" ? question.id : GetParam().request_id;
    reply.message_id = GetParam().message_id;
    EXPECT_EQ(check_is_answer(reply, question, submission).has_value(), GetParam().fits);
}
constexpr std::string_view one = "From: a\r\nMessage-ID: <one@example.com>\r\nTo: b\r\n\r\nx";
INSTANTIATE_TEST_SUITE_P(
    rows, IsAnswer,
    testing::Values(
        AnswerCase{"echo", one, "own", "one@example.com", true},
        AnswerCase{"other_echo", one, "ffffffffffffffffffffffff", "one@example.com", false},
        AnswerCase{"empty_echo", one, "none", "one@example.com", false},
        // The echo came back: how a sender spells the Message-ID no longer matters.
        AnswerCase{"echo_decides", one, "own", "two@example.com", true},
        AnswerCase{"message_id", one, "", "one@example.com", true},
        AnswerCase{"other_message_id", one, "", "two@example.com", false},
        AnswerCase{"message_id_gone", one, "", "undef", false},
        AnswerCase{"name_in_other_case", "mESSAGE-iD:<one@example.com>\r\n\r\n", "", "two@x",
                   false},
        AnswerCase{"none_of_its_own", "From: a\r\n\r\nMessage-ID: <one@example.com>\r\n", "",
                   "two@example.com", true},
        // Two parsers may read these differently.
        AnswerCase{"two", "Message-ID: <a@x>\r\nMessage-ID: <b@x>\r\n\r\n", "", "c", true},
        AnswerCase{"folded", "Message-ID: <a@x>\r\n more\r\n\r\n", "", "c", true},
        AnswerCase{"comment", "Message-ID: <a(b)@x>\r\n\r\n", "", "c", true},
        AnswerCase{"encoded", "Message-ID: <=?utf-8?q?a?=@x>\r\n\r\n", "", "c", true},
        AnswerCase{"bytes", "Message-ID: <a\xff@x>\r\n\r\n", "", "c", true},
        AnswerCase{"bare_line_feed", "A: b\nC: d\r\nMessage-ID: <a@x>\r\n\r\n", "", "c", true},
        AnswerCase{"empty_message", "", "", "undef", true}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
