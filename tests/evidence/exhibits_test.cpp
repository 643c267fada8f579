// What the milter notes of a message that opens a case.
#include "src/evidence/exhibits.hpp"

#include <gtest/gtest.h>

#include <bailiff/case.hpp>
#include <nlohmann/json.hpp>

#include "src/evidence/content_class.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::json;

TEST(SessionExhibit, tells_each_fact_with_its_source_and_instant) {
    Submission submission;
    submission.connection.server_address = "192.0.2.1";
    submission.connection.tls_version = "TLSv1.3";
    submission.envelope.received = Instant(std::chrono::hours(1));
    const auto file = session_exhibit(submission, sha256("salt"));
    EXPECT_EQ(file.path, "2-identification/session.json");
    const auto json = Json::parse(file.bytes);
    EXPECT_EQ(json["server_ip"]["value"], "192.0.2.1");
    EXPECT_EQ(json["tls_version"]["src"], "postfix {tls_version}");
    EXPECT_EQ(json["tls_version"]["at"], "1970-01-01T01:00:00.000Z");
    EXPECT_TRUE(json["cert_subject"]["value"].is_null());
    EXPECT_EQ(json["salt"].get<std::string>().size(), 32U);
}

TEST(RatesExhibit, has_a_login_only_if_there_was_one) {
    TrafficFacts facts{.rates = Rates{3, 40, 500}, .habits = {}, .strikes = 2, .at = {}};
    auto json = Json::parse(rates_exhibit(facts, sha256("salt")).bytes);
    EXPECT_EQ(json["service"]["recipients_last_hour"], 500);
    EXPECT_EQ(json["suspect_messages_within_a_day"], 2);
    EXPECT_TRUE(json["login"].is_null());
    facts.habits = Habits{.networks_hour = 7,
                          .messages_hour = 90,
                          .usual_hour = 4,
                          .days_known = 200,
                          .new_network = true};
    json = Json::parse(rates_exhibit(facts, sha256("salt")).bytes);
    EXPECT_EQ(json["login"]["networks_last_hour"], 7);
    EXPECT_EQ(json["login"]["busiest_hour_of_last_week"], 4);
}

TEST(PartsExhibit, names_no_digest_that_it_was_not_given) {
    Message message;
    message.parts.resize(2);
    const auto json = Json::parse(parts_exhibit(message, {sha256("one")}, sha256("salt")).bytes);
    EXPECT_EQ(json["parts"][0]["sha256"], sha256("one").hex());
    EXPECT_TRUE(json["parts"][1]["sha256"].is_null());
}

TEST(ContentClass, is_what_weighs_most) {
    Case record;
    record.envelope.mail_from = "a@x.example";
    EXPECT_EQ(content_class(record), "other");
    const auto add = [&](const char* symbol, MilliPoints score) {
        record.verdict.findings.push_back({Family::rules, symbol, score, ""});
    };
    add("PHISH_PAYPAL", 2000);
    add("CASINO_OFFER", 3000);
    EXPECT_EQ(content_class(record), "spam_commercial");
    add("DBL_ABUSE_PHISH", 1500);
    EXPECT_EQ(content_class(record), "phishing");
    add("DBL_MALWARE", 4000);
    EXPECT_EQ(content_class(record), "malware");
    record.path = "compromised";
    EXPECT_EQ(content_class(record), "compromised_account");
}

TEST(ContentClass, of_a_bounce_that_nothing_else_explains) {
    EXPECT_EQ(content_class(Case{}), "backscatter");
}

}  // namespace
}  // namespace bailiff
