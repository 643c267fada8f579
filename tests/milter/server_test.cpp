// What is counted and said of sessions, and which options no server is opened with. The rest of the
// server is tested by the protocol scripts.
#include "milter/server.hpp"

#include <gmock/gmock.h>

#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using test::CountingEntropy;
using test::CountingJournal;
using test::FakeGate;
using test::StandingClock;

struct House {
    FakeGate gate;
    CountingEntropy entropy;
    StandingClock clock;
    CountingJournal journal;
    Reception reception{
        {{"SUBMISSION", "pickup"}, "X-Submit-Uid"}, {gate, entropy, clock}, journal, {.sessions = 2}};
};

TEST(Reception, admits_up_to_the_cap_and_again_after_one_has_left) {  // A04
    House house;
    auto& reception = house.reception;
    auto first = reception.open_session();
    const auto second = reception.open_session();
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(reception.open_session());
    reception.close_session(std::move(first));
    EXPECT_TRUE(reception.open_session());
    reception.close_session(nullptr);
    const auto counts = reception.counts();
    EXPECT_EQ(counts.sessions_now, 2U);
    EXPECT_EQ(counts.sessions_total, 3U);
    EXPECT_EQ(counts.refused, 1U);
}

TEST(Reception, tells_the_cap_and_the_missing_tag_without_a_flood) {  // A01, A17
    House house;
    auto& reception = house.reception;
    const auto first = reception.open_session();
    const auto second = reception.open_session();
    for (int i = 0; i < 500; ++i) {
        EXPECT_FALSE(reception.open_session());
        reception.report(Reception::Fault::no_tag, "smtpd");
    }
    EXPECT_EQ(house.journal.counts["milter.sessions_max"], 1);
    EXPECT_EQ(house.journal.counts["milter.no_tag"], 1);
}

struct OptionsCase {
    const char* name;
    Server::Options options;
};

TEST(Server, is_not_opened_with_options_that_cannot_be_meant) {
    House house;
    for (auto& row :
         std::vector<OptionsCase>{{"no sessions", {.socket = "unix:/tmp/x", .sessions_max = 0}},
                                  {"one tag for two doors",
                                   {.socket = "unix:/tmp/x",
                                   .sessions_max = 1,
                                   .submission_tag = "same",
                                   .local_tag = "same"}},
                                  {"no socket", {.socket = "", .sessions_max = 1}}}) {
        const auto server = Server::open(std::move(row.options), house.gate, house.journal,
                                         house.entropy, house.clock);
        ASSERT_FALSE(server) << row.name;
        EXPECT_EQ(server.error().fault, Fault::invalid_input) << row.name;
    }
}

}  // namespace
}  // namespace bailiff
