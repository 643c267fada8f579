#include "src/rspamd/inspector.hpp"

#include "tests/rspamd/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

struct Inspecting {
    explicit Inspecting(HttpScript script, RspamdOptions options = {})
        : http(std::move(script)),
          inspector(http, clock, journal, entropy, std::move(options), weights_of("A 2")) {
        submission.raw = "Message-ID: <one@example.com>\r\n\r\nhello\r\n";
    }
    Findings ask() { return inspector.ask(submission, clock.steady() + 8s)->wait(); }
    std::string symbol() { return ask().at(0).symbol; }

    SetClock clock;
    CountingEntropy entropy;
    HeardJournal journal;
    ScriptedHttp http;
    RspamdInspector inspector;
    Submission submission;
};

testing::Matcher<const Findings&> silence(std::string_view reason) {
    return ElementsAre(testing::AllOf(
        Field(&Finding::symbol, "RSPAMD_UNAVAILABLE"), Field(&Finding::score, 0),
        Field(&Finding::families, FamilySet{}), Field(&Finding::reason, HasSubstr(reason))));
}

TEST(RspamdInspector, turns_symbols_into_findings) {
    Inspecting inspecting([](const HttpRequest& request) {
        return answered(reply_json(id_in(header_of(request, "Settings")),
                                   R"(,"A":{"score":0.5},"B":{"score":9})"));
    });
    EXPECT_THAT(inspecting.ask(),
                ElementsAre(Finding{Family::rspamd, "A", 2'000, "rspamd A (its own score 0.5)"},
                            state_finding("RSPAMD_SCORE",
                                          "rspamd itself: score 1.5 of 15, action no action")));
}

TEST(RspamdInspector, tells_every_symbol_that_it_heard_whatever_it_weighs) {
    Inspecting inspecting([](const HttpRequest& request) {
        return answered(reply_json(id_in(header_of(request, "Settings")),
                                   R"(,"Z":{"score":0},"A":{"score":0.5},"B":{"score":9})"));
    });
    const auto asked =
        inspecting.inspector.ask(inspecting.submission, inspecting.clock.steady() + 8s);
    EXPECT_EQ(asked->heard(), std::nullopt);
    static_cast<void>(asked->wait());
    EXPECT_EQ(asked->heard(), (std::vector<std::string>{"Z", "A", "B"}));
}

TEST(RspamdInspector, heard_nothing_from_one_that_is_away) {
    Inspecting inspecting([](const HttpRequest&) { return failing("gone"); });
    const auto asked =
        inspecting.inspector.ask(inspecting.submission, inspecting.clock.steady() + 8s);
    static_cast<void>(asked->wait());
    EXPECT_EQ(asked->heard(), std::nullopt);
}

TEST(RspamdInspector, waits_until_the_callers_deadline_or_its_patience_ends) {
    Inspecting inspecting(well);
    const auto now = inspecting.clock.steady();
    static_cast<void>(inspecting.inspector.ask(inspecting.submission, now + 8s)->wait());
    static_cast<void>(inspecting.inspector.ask(inspecting.submission, now + 500ms)->wait());
    EXPECT_LT(inspecting.http.requests.at(0).deadline, now + 1'010ms);
    EXPECT_GE(inspecting.http.requests.at(0).deadline, now + 1s);
    EXPECT_EQ(inspecting.http.requests.at(1).deadline, now + 500ms);
}

TEST(RspamdInspector, is_patient_with_a_slow_rspamd_up_to_the_deadline) {
    Inspecting* self = nullptr;
    Inspecting inspecting([&](const HttpRequest& request) {
        self->clock.pass(900ms);
        return well(request);
    });
    self = &inspecting;
    for (int i = 0; i < 10; ++i) EXPECT_EQ(inspecting.symbol(), "RSPAMD_SCORE");
    EXPECT_GT(inspecting.inspector.health().patience, 1s);
    inspecting.submission.raw += std::string(std::size_t{8} << 20U, 'x');
    const auto now = inspecting.clock.steady();
    EXPECT_EQ(inspecting.symbol(), "RSPAMD_SCORE");
    EXPECT_EQ(inspecting.http.requests.back().deadline, now + 3s);
}

// D11: rspamd ends on one message.
struct PoisonStory : testing::Test {
    int asked = 0;
    Inspecting inspecting{[this](const HttpRequest& request) {
        ++asked;
        return request.body.find("poison") == std::string_view::npos
                   ? well(request)
                   : Scripted{fail(Fault::unavailable, "empty reply"), true};
    }};
    const std::string harmless = inspecting.submission.raw;

    Findings ask_about(const std::string& raw) {
        inspecting.submission.raw = raw;
        return inspecting.ask();
    }
};

TEST_F(PoisonStory, is_asked_about_twice_and_not_again_for_a_while) {
    EXPECT_THAT(ask_about(harmless + "poison"), silence("empty reply"));
    EXPECT_EQ(asked, 2);
    for (int i = 0; i < 20; ++i)
        EXPECT_THAT(ask_about(harmless + "poison"), silence("on this very message"));
    EXPECT_EQ(asked, 2);
    EXPECT_FALSE(inspecting.inspector.health().open);
    EXPECT_THAT(inspecting.journal.names(), ElementsAre("rspamd.dropped_twice", "rspamd.away"));
    EXPECT_EQ(ask_about(harmless).at(0).symbol, "RSPAMD_SCORE");
    inspecting.clock.pass(Poison::first);  // that was once: perhaps a restart
    EXPECT_THAT(ask_about(harmless + "poison"), silence("empty reply"));
    EXPECT_EQ(asked, 5);
    inspecting.clock.pass(Poison::then - 1s);
    EXPECT_THAT(ask_about(harmless + "poison"), silence("on this very message"));
    EXPECT_EQ(asked, 5);
}

TEST_F(PoisonStory, is_no_message_of_an_outage) {
    bool well_now = false;
    Inspecting outage(
        [&](const HttpRequest& request) {
            return well_now ? well(request) : Scripted{fail(Fault::unavailable, "empty"), true};
        },
        {.socket = "", .url = "", .breaker_failures = 2, .settings_id = ""});
    EXPECT_THAT(outage.ask(), silence("empty"));
    outage.submission.raw += "another";
    EXPECT_THAT(outage.ask(), silence("empty"));
    EXPECT_THAT(outage.ask(), silence("not asked after failures"));
    well_now = true;
    outage.clock.pass(13s);
    outage.inspector.probe_if_due();
    EXPECT_EQ(outage.symbol(), "RSPAMD_SCORE");
}

TEST_F(PoisonStory, is_no_message_that_the_second_try_answers) {
    int tries = 0;
    Inspecting once([&](const HttpRequest& request) {
        return ++tries == 1 ? Scripted{fail(Fault::unavailable, "empty reply"), true}
                            : well(request);
    });
    EXPECT_EQ(once.symbol(), "RSPAMD_SCORE");
    EXPECT_EQ(once.symbol(), "RSPAMD_SCORE");
    EXPECT_EQ(tries, 3);
}

TEST(RspamdInspector, asks_nobody_when_no_time_is_left) {
    Inspecting inspecting(well);
    const auto pending = inspecting.inspector.ask(inspecting.submission, inspecting.clock.steady());
    EXPECT_THAT(pending->wait(), silence("no time"));
    EXPECT_THAT(inspecting.http.requests, SizeIs(0));
    EXPECT_EQ(inspecting.inspector.health().skipped, 1U);
    EXPECT_TRUE(inspecting.inspector.health().up);
}

TEST(RspamdInspector, keeps_the_weights_that_a_message_began_with) {
    Inspecting inspecting([](const HttpRequest& request) {
        return answered(reply_json(id_in(header_of(request, "Settings")), R"(,"A":{"score":0.5})"));
    });
    const auto pending =
        inspecting.inspector.ask(inspecting.submission, inspecting.clock.steady() + 8s);
    inspecting.inspector.replace_weights(weights_of("A 7"));
    EXPECT_EQ(pending->wait().at(0).score, 2'000);
    EXPECT_EQ(inspecting.ask().at(0).score, 7'000);
}

TEST(RspamdInspector, hears_gtube_though_rspamd_skips_the_rest) {
    Inspecting inspecting([](const HttpRequest&) {
        return answered(R"({"is_skipped":true,"score":15.0,"required_score":15.0,"action":"reject",
            "symbols":{"GTUBE":{"name":"GTUBE","score":0.0,"metric_score":0.0}},
            "message-id":"one@example.com"})");
    });
    const auto findings = inspecting.ask();
    ASSERT_THAT(findings, SizeIs(2));
    EXPECT_EQ(findings[0].symbol, "GTUBE");
    EXPECT_EQ(findings[0].score, 100'000);
    EXPECT_EQ(findings[0].families, Family::rspamd);
}

TEST(RspamdInspector, takes_a_skipped_message_for_silence_of_a_well_rspamd) {
    Inspecting inspecting([](const HttpRequest&) {
        return answered(R"({"is_skipped":true,"score":0,"action":"no action","symbols":{},
                            "message-id":"one@example.com"})");
    });
    EXPECT_THAT(inspecting.ask(), silence("skipped the message, action no action"));
    EXPECT_TRUE(inspecting.inspector.health().up);
}

// D06: A's answer is given to B.
TEST(RspamdInspector, takes_no_answer_to_another_question) {
    std::vector<std::string> ids;
    Inspecting inspecting([&](const HttpRequest& request) {
        ids.push_back(id_in(header_of(request, "Settings")));
        return answered(reply_json(ids.front(), R"(,"A":{"score":0.5})"));
    });
    EXPECT_EQ(inspecting.symbol(), "A");
    EXPECT_THAT(inspecting.ask(), silence("another question: request id"));
    EXPECT_EQ(inspecting.inspector.health().failed, 1U);
}

TEST(RspamdInspector, takes_no_answer_with_another_message_id) {
    Inspecting inspecting([](const HttpRequest&) {
        return answered(
            R"({"score":1,"action":"reject","symbols":{},"message-id":"two@example.com"})");
    });
    EXPECT_THAT(inspecting.ask(), silence("another question: Message-ID two@example.com"));
}

TEST(RspamdInspector, takes_no_error_for_an_answer) {
    Inspecting inspecting([](const HttpRequest&) {
        return Scripted{HttpReply{500, "{\"error\":\"x\x1b\"}", {}}};
    });
    EXPECT_THAT(inspecting.ask(), silence("it says 500: {\"error\":\"x?\"}"));
}

// D05: the connection ended before any byte of a reply.
TEST(RspamdInspector, asks_once_more_when_the_connection_was_dropped) {
    int asked = 0;
    Inspecting inspecting([&](const HttpRequest& request) {
        return ++asked == 1 ? Scripted{fail(Fault::unavailable, "empty reply"), true}
                            : well(request);
    });
    EXPECT_EQ(inspecting.symbol(), "RSPAMD_SCORE");
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(inspecting.inspector.health().failed, 0U);
}

TEST(RspamdInspector, asks_not_a_third_time) {
    int asked = 0;
    Inspecting inspecting([&](const HttpRequest&) {
        ++asked;
        return Scripted{fail(Fault::unavailable, "empty reply"), true};
    });
    EXPECT_THAT(inspecting.ask(), silence("empty reply"));
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(inspecting.inspector.health().failed, 1U);
}

TEST(RspamdInspector, asks_not_again_after_the_deadline_or_another_failure) {
    int asked = 0;
    Inspecting* self = nullptr;
    Inspecting inspecting([&](const HttpRequest&) {
        if (++asked == 2) return failing("refused");
        self->clock.pass(3s);
        return Scripted{fail(Fault::unavailable, "empty reply"), true};
    });
    self = &inspecting;
    EXPECT_THAT(inspecting.ask(), silence("empty reply"));
    EXPECT_EQ(asked, 1);
    EXPECT_THAT(inspecting.ask(), silence("refused"));
    EXPECT_EQ(asked, 2);
}

// D01, D09: the breaker.
struct BreakerStory : testing::Test {
    bool well_now = false;
    Inspecting inspecting{
        [this](const HttpRequest& request) {
            return well_now ? well(request) : failing("refused");
        },
        {.socket = "", .url = "", .breaker_failures = 3, .breaker_pause = 10s, .settings_id = ""}};

    void break_it() {
        for (int i = 0; i < 3; ++i) EXPECT_THAT(inspecting.ask(), silence("refused"));
    }
    std::size_t asked() const { return inspecting.http.requests.size(); }
};

TEST_F(BreakerStory, after_failures_nobody_asks) {
    break_it();
    EXPECT_THAT(inspecting.ask(), silence("not asked after failures in a row, the last: refused"));
    EXPECT_EQ(asked(), 3U);
    const auto health = inspecting.inspector.health();
    EXPECT_FALSE(health.up);
    EXPECT_EQ(health.asked, 3U);
    EXPECT_EQ(health.failed, 3U);
    EXPECT_EQ(health.skipped, 1U);
    EXPECT_EQ(health.last_error, "refused");
    EXPECT_THAT(inspecting.journal.names(), ElementsAre("rspamd.away", "rspamd.breaker_open"));
}

TEST_F(BreakerStory, one_probe_of_its_own_brings_it_back) {
    break_it();
    well_now = true;
    inspecting.inspector.probe_if_due();  // not yet
    inspecting.clock.pass(10s);
    EXPECT_THAT(inspecting.ask(), silence("not asked"));  // no message is the probe
    EXPECT_EQ(asked(), 3U);
    inspecting.inspector.probe_if_due();
    EXPECT_EQ(asked(), 4U);
    EXPECT_EQ(inspecting.http.requests.back().body.find("hello"), std::string_view::npos);
    EXPECT_EQ(inspecting.http.requests.back().deadline, inspecting.clock.steady() + 3s);
    EXPECT_TRUE(inspecting.inspector.health().up);
    EXPECT_EQ(inspecting.inspector.health().since, inspecting.clock.now());
    EXPECT_EQ(inspecting.symbol(), "RSPAMD_SCORE");
    EXPECT_THAT(inspecting.journal.names(),
                ElementsAre("rspamd.away", "rspamd.breaker_open", "rspamd.back"));
}

TEST_F(BreakerStory, nobody_probes_while_all_is_well) {
    well_now = true;
    EXPECT_EQ(inspecting.symbol(), "RSPAMD_SCORE");
    inspecting.clock.pass(1h);
    inspecting.inspector.probe_if_due();
    EXPECT_EQ(asked(), 1U);
}

TEST_F(BreakerStory, failing_probes_cost_no_message_a_question) {
    break_it();
    for (int round = 0; round < 5; ++round) {
        inspecting.clock.pass(10s);
        for (int i = 0; i < 10; ++i) {
            inspecting.inspector.probe_if_due();
            EXPECT_THAT(inspecting.ask(), silence("not asked"));
        }
    }
    EXPECT_EQ(asked(), 8U);
    EXPECT_EQ(inspecting.inspector.health().asked, 3U);
    EXPECT_EQ(inspecting.inspector.health().probed, 5U);
    EXPECT_THAT(inspecting.journal.names(), ElementsAre("rspamd.away", "rspamd.breaker_open"));
}

TEST_F(BreakerStory, a_probe_must_be_answered_by_its_own_answer) {
    const auto other = [](const HttpRequest&) {
        return answered(reply_json("ffffffffffffffffffffffff"));
    };
    Inspecting mixed(other, {.socket = "", .url = "", .breaker_failures = 1, .settings_id = ""});
    EXPECT_THAT(mixed.ask(), silence("another question"));
    mixed.clock.pass(20s);
    mixed.inspector.probe_if_due();
    EXPECT_EQ(mixed.http.requests.size(), 2U);
    EXPECT_TRUE(mixed.inspector.health().open);
}

TEST_F(BreakerStory, the_pause_is_longer_by_jitter) {
    inspecting.entropy.jitter = 255;
    break_it();
    inspecting.clock.pass(12'499ms);
    inspecting.inspector.probe_if_due();
    EXPECT_EQ(asked(), 3U);
    inspecting.clock.pass(1ms);
    inspecting.inspector.probe_if_due();
    EXPECT_EQ(asked(), 4U);
}

TEST_F(BreakerStory, garbage_opens_it_too) {
    Inspecting garbage([](const HttpRequest&) { return answered("{}"); },
                       {.socket = "", .url = "", .breaker_failures = 2, .settings_id = ""});
    EXPECT_THAT(garbage.ask(), silence("reading rspamd's reply: no action"));
    EXPECT_THAT(garbage.ask(), silence("reading rspamd's reply: no action"));
    EXPECT_THAT(garbage.ask(), silence("not asked"));
}

}  // namespace
}  // namespace bailiff
