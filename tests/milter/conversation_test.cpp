// Packets in, packets out. The scripts beside this file hold the same against a client of another
// make; here is what such a client cannot send.
#include "milter/conversation.hpp"

#include <gmock/gmock.h>

#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using test::CountingEntropy;
using test::CountingJournal;
using test::FakeGate;
using test::StandingClock;

std::string text(std::string_view words) {
    return std::string(words) + std::string(1, 0);
}

std::string numbers(std::initializer_list<std::uint32_t> all) {
    std::string out;
    for (const auto number : all) append_number(out, number);
    return out;
}

struct Talk {
    explicit Talk(std::uint32_t actions = 0x1ff, std::uint32_t steps = 0x1fffff) {
        say('O', numbers({6, actions, steps}));
        greeting = replies;
    }
    /// The commands of the replies, "!" for the end of the connection.
    std::string say(char command, const std::string& data = "") {
        replies.clear();
        std::string commands;
        if (!conversation.take({command, data}, replies)) commands = "!";
        PacketReader reader;
        const auto room = reader.room();
        EXPECT_LE(replies.size(), room.size());
        std::copy(replies.begin(), replies.end(), room.begin());
        reader.arrived(replies.size());
        while (const auto packet = reader.next()) commands += packet->command;
        return commands;
    }
    std::string mail(const std::string& login) {
        say('D', "M" + text("{auth_authen}") + text(login));
        return say('M', text("<a@example.com>"));
    }
    std::string connect() {
        say('D', "C" + text("{bailiff_door}") + text("SUBMISSION"));
        return say('C', text("client.example") + "4" + std::string("\x9c\x40", 2) +
                            text("192.0.2.7"));
    }

    FakeGate gate;
    CountingEntropy entropy;
    StandingClock clock;
    CountingJournal journal;
    Reception reception{
        {{"SUBMISSION", "pickup"}, "X-Submit-Uid"}, {gate, entropy, clock}, journal, {.sessions = 1}};
    std::string replies;
    Conversation conversation{reception};
    std::string greeting;
};

TEST(Conversation, takes_a_message_and_answers_only_where_it_must) {
    Talk talk;
    EXPECT_EQ(talk.connect(), "");
    EXPECT_EQ(talk.say('H', text("client.example")), "");
    EXPECT_EQ(talk.mail("shop"), "c");
    EXPECT_EQ(talk.say('R', text("<b@example.net>")), "");
    EXPECT_EQ(talk.say('L', text("Subject") + text(" x")), "");
    EXPECT_EQ(talk.say('B', "bo"), "");
    EXPECT_EQ(talk.say('E', "dy"), "c");
    ASSERT_EQ(talk.gate.judged.size(), 1U);
    EXPECT_EQ(talk.gate.judged[0].raw, "Subject: x\r\n\r\nbody");
    EXPECT_EQ(talk.gate.judged[0].envelope.login, "shop");
    EXPECT_EQ(talk.gate.judged[0].envelope.client_port, 40'000);
    EXPECT_EQ(talk.say('Q'), "!");
}

TEST(Conversation, asks_for_its_macros_by_stage) {
    const Talk talk;
    EXPECT_NE(talk.greeting.find(numbers({0}) + "j {bailiff_door}"), std::string::npos);
    EXPECT_NE(talk.greeting.find(numbers({2}) + "i {auth_authen}"), std::string::npos);
}

TEST(Conversation, a_login_never_outlives_its_mail) {  // A03
    Talk talk;
    talk.connect();
    talk.mail("victim");
    talk.say('E');
    EXPECT_EQ(talk.say('M', text("<spammer@example.com>")), "c");  // brings no macros
    talk.say('E');
    ASSERT_EQ(talk.gate.judged.size(), 2U);
    EXPECT_EQ(talk.gate.judged[0].envelope.login, "victim");
    EXPECT_EQ(talk.gate.judged[1].envelope.login, "");
    EXPECT_EQ(talk.gate.judged[1].envelope.door, Door::submission);  // that of the connection stays
}

TEST(Conversation, macros_may_come_before_any_step) {  // Postfix sends them before headers, too
    Talk talk;
    talk.connect();
    talk.mail("shop");
    for (const char stage : std::string_view("RTLNBEAQz"))
        EXPECT_EQ(talk.say('D', stage + text("i") + text(std::string("Q") + stage)), "") << stage;
    EXPECT_EQ(talk.say('E'), "c");
    ASSERT_EQ(talk.gate.judged.size(), 1U);
    EXPECT_EQ(talk.gate.judged[0].envelope.queue_id, "QE");
    EXPECT_EQ(talk.gate.judged[0].envelope.login, "shop");
}

TEST(Conversation, the_next_client_on_the_same_connection_starts_anew) {
    Talk talk;
    talk.connect();
    talk.mail("victim");
    EXPECT_EQ(talk.say('K'), "");
    EXPECT_EQ(talk.say('C', text("other.example") + "U"), "");
    EXPECT_EQ(talk.say('M', text("<a@example.com>")), "c");
    talk.say('E');
    ASSERT_EQ(talk.gate.judged.size(), 1U);
    EXPECT_EQ(talk.gate.judged[0].envelope.login, "");
    EXPECT_EQ(talk.gate.judged[0].envelope.door, Door::unknown);
}

TEST(Conversation, answers_each_step_of_an_mta_that_waives_nothing) {  // A16
    Talk talk(0x1ff, 0);
    EXPECT_EQ(talk.connect(), "c");
    EXPECT_EQ(talk.say('H', text("client.example")), "c");
    EXPECT_EQ(talk.mail("shop"), "c");
    for (const auto& [command, data] : {std::pair{'R', text("<b@example.net>")}, {'T', ""},
                                        {'L', text("Subject") + text("x")}, {'N', ""}, {'B', "x"},
                                        {'U', text("XYZ")}})
        EXPECT_EQ(talk.say(command, data), "c") << command;
    EXPECT_EQ(talk.say('A'), "");
}

struct Broken {
    const char* name;
    char command;
    std::string data;
};
class BrokenPackets : public testing::TestWithParam<Broken> {};
INSTANTIATE_TEST_SUITE_P(
    Conversation, BrokenPackets,
    testing::Values(Broken{"unknown_command", 'z', ""}, Broken{"no_version", 'O', "123"},
                    Broken{"version_1", 'O', numbers({1, 0x1ff, 0})},
                    Broken{"no_stage", 'D', ""},
                    Broken{"macro_without_value", 'D', "M" + text("i")},
                    Broken{"macro_without_end", 'D', "M" + text("i") + "x"},
                    Broken{"host_without_end", 'C', "client"},
                    Broken{"no_family", 'C', text("client")},
                    Broken{"no_port", 'C', text("client") + "4"},
                    Broken{"address_without_end", 'C', text("client") + "4__192"},
                    Broken{"helo_without_end", 'H', "client"},
                    Broken{"sender_without_end", 'M', "<a@example.com>"},
                    Broken{"recipient_without_end", 'R', "<a@example.com>"},
                    Broken{"name_without_end", 'L', "Subject"},
                    Broken{"value_without_end", 'L', text("Subject") + "x"}),
    [](const auto& row) { return row.param.name; });

TEST_P(BrokenPackets, end_the_connection_and_no_message_is_judged) {
    Talk talk;
    talk.connect();
    talk.mail("shop");
    EXPECT_EQ(talk.say(GetParam().command, GetParam().data), "!");
    EXPECT_EQ(talk.journal.counts["milter.broken_protocol"], 1);
    EXPECT_TRUE(talk.gate.judged.empty());
}

TEST(Conversation, nothing_comes_before_the_negotiation) {
    Talk talk;
    Conversation fresh(talk.reception);
    std::string replies;
    EXPECT_FALSE(fresh.take({'E', ""}, replies));
    EXPECT_EQ(replies, "");
}

TEST(Conversation, above_the_cap_it_defers_until_there_is_room) {  // A04
    Talk talk;
    talk.connect();
    {
        Conversation second(talk.reception);
        std::string replies;
        ASSERT_TRUE(second.take({'O', numbers({6, 0x1ff, 0x1fffff})}, replies));
        replies.clear();
        const auto client = text("client") + "U", sender = text("<a@example.com>");
        EXPECT_TRUE(second.take({'C', client}, replies));
        EXPECT_EQ(replies, "");
        EXPECT_TRUE(second.take({'M', sender}, replies));
        EXPECT_EQ(replies, std::string("\0\0\0\1t", 5));
    }
    EXPECT_EQ(talk.reception.counts().sessions_now, 1U);
    talk.say('K');
    EXPECT_EQ(talk.connect(), "");
    EXPECT_EQ(talk.mail("shop"), "c");
}

TEST(PacketReader, puts_packets_together_whatever_the_pieces) {
    std::string stream;
    append_packet(stream, 'A');
    append_packet(stream, 'B', std::string(65'535, 'b'));
    append_packet(stream, 'C', std::string(300'000, 'c'));
    append_packet(stream, 'D', "d");
    for (const std::size_t piece : {1U, 7U, 4'096U, 1'000'000U}) {
        PacketReader reader;
        std::string seen;
        for (std::size_t at = 0; at < stream.size();) {
            const auto room = reader.room();
            ASSERT_FALSE(room.empty());
            const auto count = std::min({piece, room.size(), stream.size() - at});
            stream.copy(room.data(), count, at);
            reader.arrived(count);
            at += count;
            while (const auto packet = reader.next()) {
                seen += packet->command + std::to_string(packet->data.size()) + " ";
                EXPECT_EQ(packet->data.find_first_not_of("bcd"), std::string::npos);
            }
        }
        EXPECT_EQ(seen, "A0 B65535 C300000 D1 ") << piece;
    }
}

TEST(PacketReader, a_length_that_cannot_be_ends_it) {
    for (const std::uint32_t length : {0U, (1U << 20) + 1, 0x7fffffffU, 0xffffffffU}) {
        PacketReader reader;
        std::string bytes = numbers({length}) + "xyz";
        std::copy(bytes.begin(), bytes.end(), reader.room().begin());
        reader.arrived(bytes.size());
        EXPECT_FALSE(reader.next()) << length;
        EXPECT_TRUE(reader.is_broken()) << length;
        reader.start();
        EXPECT_FALSE(reader.is_broken());
    }
}

}  // namespace
}  // namespace bailiff
