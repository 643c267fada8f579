// What a peer, Signal Spam and a CSIRT receive, read back by other programs.
#include "src/peers/abuse_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "src/peers/redact.hpp"
#include "src/peers/report_values.hpp"

namespace bailiff {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// Counts, so that each test sees the same.
class Counting final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) byte = next_++;
    }

private:
    std::uint8_t next_ = 0xf0;
};

const std::string raw_header =
    "Received: from shop by mx for <alice.martin@example.org>; now\r\n"
    "From: Shop <news@shop.example>\r\nTo: alice.martin@example.org\r\nSubject: Win\r\n\r\n";

PeerReport example() {
    PeerReport report;
    report.from = "Abuse desk <abuse@host.example>";
    report.to = "abuse@peer.example";
    report.date = "Mon, 23 Nov 2026 10:30:00 +0000";
    report.message_id = "<r1@host.example>";
    report.case_id = "C-1";
    report.stop = "write to abuse@host.example";
    report.reporter = report.sender = {"Host", "abuse@host.example", "host.example"};
    report.source_ip = "192.0.2.1";
    report.source_port = 40'000;
    report.arrived = *parse_rfc3339("2026-11-23T10:20:30.456Z");
    report.reported = *parse_rfc3339("2026-11-23T10:30:00Z");
    report.confidence = 0.5;
    report.mail_from = "bounce@shop.example";
    report.subject = "Win, Alice.Martin";
    report.original_message_id = "<m1@shop.example>";
    report.uris = {"https://shop.example/?u=1", "https://shop.example/?u=alice.martin"};
    report.domains = {"shop.example"};
    report.recipients = {"alice.martin@example.org"};
    report.header = *redacted_message(raw_header, {report.recipients, "", BodyRule::headers_only});
    return report;
}

struct Answer {
    int status = -1;
    std::string text;
};

/// What Python reads.
Answer read_back(const std::string& message) {
    const auto base = fs::temp_directory_path() / ("bailiff-arf-" + std::to_string(getpid()));
    const auto eml = base.string() + ".eml", out = base.string() + ".out";
    std::ofstream(eml, std::ios::binary) << message;
    const auto command = std::string("python3 '") + BAILIFF_SOURCE +
                         "/tests/peers/arf_check.py' '" + eml + "' >'" + out + "' 2>&1";
    const int status = std::system(command.c_str());
    std::ostringstream text;
    text << std::ifstream(out).rdbuf();
    fs::remove(eml);
    fs::remove(out);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str()};
}

std::string made(const PeerReport& report) {
    Counting entropy;
    const auto message = abuse_report(report, entropy);
    EXPECT_TRUE(message) << (message ? "" : message.error().what);
    return message ? *message : "";
}

TEST(AbuseReport, is_read_by_others) {
    const auto answer = read_back(made(example()));
    EXPECT_EQ(answer.status, 0) << answer.text;
    for (const auto* part :
         {R"(["Original-Mail-From", "<bounce@shop.example>"])",
          R"(["Arrival-Date", "Mon, 23 Nov 2026 10:20:30 +0000"])", R"(["Source-IP", "192.0.2.1"])",
          R"(["Reported-URI", "https://shop.example/?u=1"])",
          R"(["Reported-URI", "https://shop.example/?u=***"])",
          R"(["Reported-Domain", "shop.example"])", R"("smtp_from": "bounce@shop.example")",
          R"("type": "spam")", R"("source_port": 40000)", R"("subject": "Win, ***")",
          R"("timestamp": "2026-11-23T10:30:00.000Z")", R"(["To", "abuse@peer.example"])",
          "Received (UTC):   2026-11-23T10:20:30.456Z", "write to abuse@host.example",
          R"(From: Shop <news@shop.example>\r\nTo: a***@example.org\r\n)"})
        EXPECT_THAT(answer.text, HasSubstr(part));
    EXPECT_THAT(answer.text, Not(HasSubstr("lice.martin")));
    EXPECT_THAT(answer.text, Not(HasSubstr("lice.Martin")));
}

TEST(AbuseReport, of_bulk_needs_its_number) {
    auto report = example();
    report.type = AbuseType::bulk_messaging;
    report.recipient_count = 99;
    Counting entropy;
    EXPECT_FALSE(abuse_report(report, entropy));
    report.recipient_count = 100;
    const auto answer = read_back(made(report));
    EXPECT_EQ(answer.status, 0) << answer.text;
    EXPECT_THAT(answer.text, HasSubstr(R"("recipient_count": 100)"));
}

TEST(AbuseReport, goes_without_xarf_where_xarf_has_no_word) {
    auto bounce = example(), portless = example();
    bounce.mail_from.clear();
    portless.source_port = 0;
    for (const auto& report : {bounce, portless}) {
        const auto answer = read_back(made(report));
        EXPECT_EQ(answer.status, 0) << answer.text;
        EXPECT_THAT(answer.text, HasSubstr(R"("xarf": null)"));
        Counting entropy;
        EXPECT_FALSE(xarf_report(report, entropy));
    }
    EXPECT_THAT(read_back(made(bounce)).text, HasSubstr(R"(["Original-Mail-From", "<>"])"));
}

struct Foreign {
    std::string name;
    std::function<void(PeerReport&)> set;
};
std::ostream& operator<<(std::ostream& out, const Foreign& row) {
    return out << row.name;
}
const auto name_of = [](const auto& row) { return row.param.name; };
const std::string injected = "x\r\nBcc: victim@x.example\r\n\r\n--=_evil";

class HostileValue : public testing::TestWithParam<Foreign> {};

/// A stranger's values never stop a report.
TEST_P(HostileValue, is_made_to_fit) {
    auto report = example();
    GetParam().set(report);
    const auto message = made(report);
    const auto answer = read_back(message);
    EXPECT_EQ(answer.status, 0) << answer.text;
    EXPECT_THAT(message, Not(HasSubstr("\r\nBcc:")));
}
INSTANTIATE_TEST_SUITE_P(
    Values, HostileValue,
    testing::Values(
        Foreign{"mail_from", [](auto& r) { r.mail_from = injected; }},
        Foreign{"mail_from_utf8", [](auto& r) { r.mail_from = "é@shop.example"; }},
        Foreign{"mail_from_quoted", [](auto& r) { r.mail_from = "\"a b\"@shop.example"; }},
        Foreign{"mail_from_canary", [](auto& r) { r.mail_from = "b-alice.martin=x@shop.example"; }},
        Foreign{"mail_from_long", [](auto& r) { r.mail_from = std::string(5'000, 'x') + "@s.e"; }},
        Foreign{"subject", [](auto& r) { r.subject = injected; }},
        Foreign{"subject_long", [](auto& r) { r.subject = std::string(70'000, 's'); }},
        Foreign{"subject_600", [](auto& r) { r.subject = std::string(600, 's'); }},
        Foreign{"subject_bytes", [](auto& r) { r.subject = "\xff\xfe\u202e é"; }},
        Foreign{"message_id", [](auto& r) { r.original_message_id = injected; }},
        Foreign{"message_id_300", [](auto& r) { r.original_message_id = std::string(300, 'm'); }},
        Foreign{"uri",
                [](auto& r) {
                    r.uris = {"http://a/" + injected, "no link", ""};
                }},
        Foreign{"uri_long", [](auto& r) { r.uris = {"http://a/" + std::string(5'000, 'x')}; }},
        Foreign{"uris_many",
                [](auto& r) {
                    for (int i = 0; i < 500; ++i)
                        r.uris.push_back("http://a.example/" + std::to_string(i));
                }},
        Foreign{"domain",
                [](auto& r) {
                    r.domains = {injected, "a b", "..", "x"};
                }},
        Foreign{"header_8bit", [](auto& r) { r.header = "Subject: \xff é\nX: y \r\n\r\n"; }},
        Foreign{"header_long", [](auto& r) { r.header = "X: " + std::string(3'000, 'x'); }},
        Foreign{"header_zero", [](auto& r) { r.header = std::string("X: \0\r\r\n", 7); }},
        Foreign{"header_empty", [](auto& r) { r.header.clear(); }},
        Foreign{"no_facts", [](auto& r) { r.subject.clear(), r.original_message_id.clear(); }},
        Foreign{"ipv6", [](auto& r) { r.source_ip = "2001:db8::1"; }}),
    name_of);

class OwnValue : public testing::TestWithParam<Foreign> {};

TEST_P(OwnValue, is_refused) {
    auto report = example();
    GetParam().set(report);
    Counting entropy;
    const auto message = abuse_report(report, entropy), xarf = xarf_report(report, entropy);
    ASSERT_FALSE(message);
    ASSERT_FALSE(xarf);
    EXPECT_EQ(message.error().what, xarf.error().what);
}
INSTANTIATE_TEST_SUITE_P(
    Values, OwnValue,
    testing::Values(Foreign{"from", [](auto& r) { r.from = injected; }},
                    Foreign{"to", [](auto& r) { r.to = "a@b\nBcc: c@d"; }},
                    Foreign{"to_empty", [](auto& r) { r.to = " "; }},
                    Foreign{"to_long", [](auto& r) { r.to = std::string(901, 'a'); }},
                    Foreign{"date", [](auto& r) { r.date = "x\r"; }},
                    Foreign{"message_id", [](auto& r) { r.message_id = injected; }},
                    Foreign{"user_agent", [](auto& r) { r.user_agent = injected; }},
                    Foreign{"stop", [](auto& r) { r.stop = "é"; }},
                    Foreign{"case_id", [](auto& r) { r.case_id = "C 1]\r\n"; }},
                    Foreign{"source_ip", [](auto& r) { r.source_ip = "192.0.2.1\r\nX: y"; }},
                    Foreign{"org", [](auto& r) { r.reporter.org = injected; }},
                    Foreign{"contact", [](auto& r) { r.reporter.contact = "nobody"; }},
                    Foreign{"domain", [](auto& r) { r.sender.domain = "a b"; }},
                    Foreign{"confidence", [](auto& r) { r.confidence = 1.5; }},
                    Foreign{"header", [](auto& r) { r.header.resize((5U << 20) + 1, 'x'); }}),
    name_of);

TEST(AbuseReport, knows_addresses) {
    for (const auto* text : {"192.0.2.1", "0.0.0.0", "::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8",
                             "::ffff:192.0.2.1", "1::8"})
        EXPECT_TRUE(is_ip_address(text)) << text;
    for (const auto* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", ":",
                             ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                             "g::", "::1%eth0", "1.2.3.4::", "1:2:3:4:5:6:7::8"})
        EXPECT_FALSE(is_ip_address(text)) << text;
    for (const auto* text : {"a@b", "a.b+c=d@e-f.example"}) EXPECT_TRUE(is_plain_address(text));
    for (const auto* text : {"", "<>", "@b", "a@", "a b@c", ".a@b", "a.@b", "a..b@c", "a@b..c",
                             "a@-b", "\"a\"@b", "a@b\r\n", "a@[192.0.2.1]"})
        EXPECT_FALSE(is_plain_address(text)) << text;
}

TEST(AbuseReport, random_uuid_has_its_marks) {
    Counting entropy;
    EXPECT_EQ(random_uuid(entropy), "f0f1f2f3-f4f5-46f7-b8f9-fafbfcfdfeff");
}

TEST(SignalSpam, form_carries_the_message) {
    EXPECT_EQ(signal_spam_form("\xfb\xff\xbf?"), "message=%2B%2F%2B%2FPw%3D%3D");
    EXPECT_EQ(signal_spam_form(""), "message=");
}

TEST(Misp, event_names_no_recipient) {
    Counting entropy;
    const auto json = misp_event_json({"Spam for alice.martin",
                                       *parse_rfc3339("2026-11-23"),
                                       "news@shop.example",
                                       "Win, Alice.Martin",
                                       "<m1@shop.example>",
                                       "192.0.2.1",
                                       {"https://shop.example/?u=alice.martin", "no link"},
                                       {std::string(64, 'a'), "short"},
                                       {"alice.martin@example.org"}},
                                      entropy);
    for (
        const auto* part :
        {R"({"Event":{"uuid":")", R"("info":"Spam for ***","date":"2026-11-23")",
         R"("type":"email-src","category":"Payload delivery","to_ids":false,"value":"news@shop.example","object_relation":"from"})",
         R"("value":"Win, ***","object_relation":"subject"})",
         R"("value":"<m1@shop.example>","object_relation":"message-id"})",
         R"("type":"ip-src","category":"Network activity","to_ids":false,"value":"192.0.2.1"})",
         R"("type":"url","category":"Network activity","to_ids":false,"value":"https://shop.example/?u=***"})",
         R"("name":"email","meta-category":"network")"})
        EXPECT_THAT(json, HasSubstr(part));
    EXPECT_THAT(json, HasSubstr("\"value\":\"" + std::string(64, 'a')));
    for (const auto* part : {"artin", "no link", "short", "email-dst"})
        EXPECT_THAT(json, Not(HasSubstr(part)));
}

TEST(Misp, event_without_facts_has_no_object) {
    Counting entropy;
    const auto json =
        misp_event_json({"x\r\n\xff", {}, "", "", "", "nowhere", {}, {}, {}}, entropy);
    EXPECT_THAT(json, HasSubstr(R"("info":"x???")"));
    EXPECT_THAT(json, HasSubstr(R"("Attribute":[],"Object":[])"));
}

}  // namespace
}  // namespace bailiff
