// What only the real rspamd can prove: that it takes our request and that we understand its answer.

#include "src/http/client.hpp"
#include "src/rspamd/inspector.hpp"
#include "src/seal/entropy.hpp"
#include "tests/rspamd/fakes.hpp"
#include "tests/rspamd/live/private_rspamd.hpp"

#include <chrono>
#include <thread>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <ostream>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::string_view gtube =
    "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

class LiveRspamd : public testing::Test {
protected:
    static void SetUpTestSuite() { rspamd = std::make_unique<PrivateRspamd>(); }
    static void TearDownTestSuite() { rspamd.reset(); }
    void SetUp() override {
        ASSERT_TRUE(rspamd->is_up()) << "rspamd did not start: " << rspamd->log();
        use({});
    }

    void use(const std::string& settings_id, std::uint32_t breaker_failures = 5) {
        inspector =
            std::make_unique<RspamdInspector>(http, clock, journal, entropy,
                                              RspamdOptions{.socket = rspamd->socket(),
                                                            .url = "",
                                                            .deadline = 5s,
                                                            .breaker_failures = breaker_failures,
                                                            .breaker_pause = 1ms,
                                                            .settings_id = settings_id},
                                              weights_of("LIVE_CASINO 4\n"));
    }
    Findings ask(const std::string& raw) {
        submission.raw = raw;
        return inspector->ask(submission, clock.steady() + 8s)->wait();
    }

    inline static std::unique_ptr<PrivateRspamd> rspamd;
    RealClock clock;
    SystemEntropy entropy;
    HeardJournal journal;
    CurlHttp http;
    std::unique_ptr<RspamdInspector> inspector;
    Submission submission;
};

const std::string casino =
    "From: a@example.com\r\nMessage-ID: <one@example.com>\r\nSubject: Casino\r\n\r\nhello\r\n";

TEST_F(LiveRspamd, is_heard_through_our_weights) {
    EXPECT_THAT(
        ask(casino),
        ElementsAre(
            Finding{Family::rspamd, "LIVE_CASINO", 4'000, "rspamd LIVE_CASINO (its own score 2.5)"},
            state_finding("RSPAMD_SCORE", "rspamd itself: score 2.5 of 15, action no action")));
}

TEST_F(LiveRspamd, is_told_the_envelope) {
    submission.envelope.login = "shop@example.com";
    submission.envelope.mail_from = "sender@example.com";
    submission.envelope.rcpt_to = {"b@example.net", "c@example.net"};
    submission.envelope.client_address = "192.0.2.77";
    submission.envelope.queue_id = "4ABCDEF";
    ASSERT_THAT(ask(casino), SizeIs(2));
    EXPECT_THAT(rspamd->log(), HasSubstr("qid: <4ABCDEF>, ip: 192.0.2.77, user: shop@example.com, "
                                         "from: <sender@example.com>"));
    EXPECT_THAT(rspamd->log(), HasSubstr("rcpts: <b@example.net,c@example.net>"));
}

TEST_F(LiveRspamd, returns_the_request_id) {
    ASSERT_THAT(ask(casino), SizeIs(2));
    EXPECT_THAT(rspamd->log(),
                testing::ContainsRegex("BAILIFF_REQUEST\\(0.00\\)\\{[0-9a-f]{24};\\}"));
}

TEST_F(LiveRspamd, takes_settings_by_id_instead) {
    use("outbound");
    EXPECT_THAT(ask(casino),
                Contains(state_finding("RSPAMD_SCORE",
                                       "rspamd itself: score 2.5 of 20, action no action")));
}

TEST_F(LiveRspamd, sees_gtube) {
    for (const auto& head : {std::string("Message-ID: <g@example.com>\r\n"), std::string()}) {
        const auto findings = ask(head + "Subject: x\r\n\r\n" + std::string(gtube) + "\r\n");
        EXPECT_EQ(findings.at(0).symbol, "GTUBE");
        EXPECT_EQ(findings.at(0).score, 100'000);
    }
}

TEST_F(LiveRspamd, survives_going_away_and_coming_back) {
    use({}, 2);
    ASSERT_THAT(ask(casino), SizeIs(2));
    rspamd->stop();
    EXPECT_EQ(ask(casino).at(0).symbol, "RSPAMD_UNAVAILABLE");
    EXPECT_EQ(ask(casino).at(0).symbol, "RSPAMD_UNAVAILABLE");
    EXPECT_FALSE(inspector->health().up);
    rspamd->start();
    ASSERT_TRUE(rspamd->is_up());
    // No mail is asked about until a probe, which no mail waits for, was answered.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!inspector->health().up && std::chrono::steady_clock::now() < until) {
        inspector->probe_if_due();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(ask(casino).at(0).symbol, "LIVE_CASINO");
    EXPECT_TRUE(inspector->health().up);
}

struct Hostile {
    std::string_view name;
    std::string raw;
    friend std::ostream& operator<<(std::ostream& out, const Hostile& row) {
        return out << row.name;
    }
};

std::string all_bytes() {
    std::string bytes;
    for (int byte = 1; byte < 256; ++byte)
        if (byte != '\r' && byte != '\n') bytes += static_cast<char>(byte);
    return bytes;
}

// A sender must not be able to silence the witness by what it makes rspamd write.
class LiveHostile : public LiveRspamd, public testing::WithParamInterface<Hostile> {};
TEST_P(LiveHostile, does_not_silence_it) {
    submission.envelope.mail_from = all_bytes();
    submission.envelope.helo = all_bytes();
    submission.envelope.login = all_bytes();
    submission.envelope.rcpt_to = {all_bytes(), "", "<", "a@" + all_bytes()};
    submission.envelope.client_address = "no address";
    const auto findings = ask(GetParam().raw);
    EXPECT_EQ(findings.back().symbol, "RSPAMD_SCORE") << findings.back().reason;
}
INSTANTIATE_TEST_SUITE_P(
    rows, LiveHostile,
    testing::Values(
        Hostile{"no_message", ""}, Hostile{"no_header", "\r\nhello"}, Hostile{"bytes", all_bytes()},
        Hostile{"message_id_bytes", "Message-ID: <" + all_bytes() + "@x>\r\n\r\nx"},
        Hostile{"message_id_nul", std::string("Message-ID: <a\0b@x>\r\n\r\nx", 26)},
        Hostile{"message_id_long", "Message-ID: <" + std::string(100'000, 'a') + "@x>\r\n\r\nx"},
        Hostile{"two_message_ids", "Message-ID: <a@x>\r\nMessage-ID: <b@x>\r\n\r\nx"},
        Hostile{"encoded_message_id", "Message-ID: =?utf-8?q?=3Cx=40example=2Ecom=3E?=\r\n\r\nx"},
        Hostile{"links", "Subject: x\r\n\r\nhttp://exa\xffmple.com/\"\\ mailto:x\xff@y\x02.com " +
                             all_bytes() + " http://www.ex\xc3\xa9.com/"},
        Hostile{"types", "MIME-Version: 1.0\r\nContent-Type: text/" + all_bytes() +
                             "; charset=" + all_bytes() + "\r\n\r\nx"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
