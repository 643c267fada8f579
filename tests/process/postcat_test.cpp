// What postcat(1) prints, read as its own marks say and not as a message would have it.
#include "src/process/postcat_text.hpp"

#include <gmock/gmock.h>

namespace bailiff::process {
namespace {

const std::vector<QueueFile> files{{"/q/active/4AAA", "4AAA", "active"},
                                   {"/q/deferred/4/4BBB", "4BBB", "deferred"}};

std::string mark(const std::string& what, const std::string& path) {
    return "*** " + what + " " + path + " ***\n";
}

std::string printed(const QueueFile& file, const std::string& envelope, const std::string& header) {
    return mark("ENVELOPE RECORDS", file.path) +
           "message_size:             430             270               1\n"
           "message_arrival_time: Mon Nov 23 05:35:17 2026\n" +
           envelope + mark("MESSAGE CONTENTS", file.path) + header +
           mark("HEADER EXTRACTED", file.path) + mark("MESSAGE FILE END", file.path) + "\n";
}

const std::string by_smtp =
    "named_attribute: sasl_method=PLAIN\nnamed_attribute: sasl_username=a@shop.example\n"
    "sender: a@shop.example\nnamed_attribute: log_client_address=198.51.100.1\n"
    "named_attribute: client_address=192.0.2.7\nrecipient: x@dest.example\n";
const std::string by_script = "sender: f@blog.example\nrecipient: x@dest.example\n";

TEST(Postcat, tells_login_and_address_of_smtp_mail) {
    const auto mails = parse_postcat(printed(files[0], by_smtp, "Subject: x\n"), files);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].queue_id, "4AAA");
    EXPECT_EQ(mails[0].queue, "active");
    EXPECT_EQ(mails[0].login, "a@shop.example");
    EXPECT_EQ(mails[0].client_address, "192.0.2.7");
    EXPECT_EQ(mails[0].mail_from, "a@shop.example");
    EXPECT_EQ(mails[0].uid, std::nullopt);
    EXPECT_EQ(to_rfc3339(mails[0].arrived), "2026-11-23T05:35:17.000Z");
}

TEST(Postcat, tells_the_uid_of_the_topmost_received_only) {
    const std::string own = "Received: by node1 (Postfix, from userid 12345)\n\tid 4AAA; now\n";
    const std::string forged = "Received: by node1 (Postfix, from userid 777)\n";
    EXPECT_EQ(parse_postcat(printed(files[0], by_script, own + forged), files)[0].uid, 12345U);
    EXPECT_EQ(parse_postcat(printed(files[0], by_script, "X-Top: 1\n" + own), files)[0].uid,
              12345U);
    EXPECT_EQ(parse_postcat(
                  printed(files[0], by_script, "Received: from a (b [c])\n\tby node1\n" + forged),
                  files)[0]
                  .uid,
              std::nullopt);
}

/// SMTP mail whose own Received was taken out by the operator's header checks.
TEST(Postcat, believes_no_uid_of_smtp_mail) {
    const std::string forged = "Received: by node1 (Postfix, from userid 777)\n";
    EXPECT_EQ(parse_postcat(printed(files[0], by_smtp, forged), files)[0].uid, std::nullopt);
    const std::string no_login = "named_attribute: client_address=192.0.2.7\n";
    EXPECT_EQ(parse_postcat(printed(files[0], no_login, forged), files)[0].uid, std::nullopt);
}

TEST(Postcat, believes_the_first_of_each_name) {
    const std::string twice = by_smtp +
                              "named_attribute: sasl_username=victim@b.example\n"
                              "named_attribute: client_address=203.0.113.1\n";
    const auto mails = parse_postcat(printed(files[0], twice, ""), files);
    EXPECT_EQ(mails[0].login, "a@shop.example");
    EXPECT_EQ(mails[0].client_address, "192.0.2.7");
}

/// Header lines that look like the marks and records of another file.
TEST(Postcat, takes_no_record_from_a_message) {
    const std::string evil = mark("ENVELOPE RECORDS", files[1].path) +
                             "named_attribute: sasl_username=victim@b.example\n" +
                             mark("MESSAGE FILE END", files[1].path);
    const auto mails =
        parse_postcat(printed(files[0], by_smtp, evil) + printed(files[1], by_script, ""), files);
    ASSERT_EQ(mails.size(), 2U);
    EXPECT_EQ(mails[0].login, "a@shop.example");
    EXPECT_EQ(mails[1].login, "");
    EXPECT_EQ(mails[1].queue_id, "4BBB");
}

TEST(Postcat, gives_whole_messages_only) {
    const auto whole = printed(files[0], by_smtp, "") + printed(files[1], by_script, "");
    std::size_t most = 0;
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        const auto mails = parse_postcat(std::string_view(whole).substr(0, cut), files);
        for (const auto& mail : mails) EXPECT_NE(mail.arrived, Instant{});
        ASSERT_GE(mails.size(), most);
        most = mails.size();
    }
    EXPECT_EQ(most, 2U);
}

class NoUid : public testing::TestWithParam<std::string> {};
TEST_P(NoUid, is_read) {
    EXPECT_EQ(parse_postcat(printed(files[0], by_script, GetParam() + "\n"), files)[0].uid,
              std::nullopt);
}
INSTANTIATE_TEST_SUITE_P(Headers, NoUid,
                         testing::Values("Received: by n (Postfix, from userid )",
                                         "Received: by n (Postfix, from userid 1 2)",
                                         "Received: by n (Postfix, from userid -1)",
                                         "Received: by n (Postfix, from userid 4294967296)",
                                         "Received: by n (Postfix, from userid 1) x",
                                         "Received: from n (Postfix, from userid 1)",
                                         "X-Received: by n (Postfix, from userid 1)"));

}  // namespace
}  // namespace bailiff::process
