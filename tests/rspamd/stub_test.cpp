// The whole way over real sockets, against a server with each of the faults.

#include "src/http/client.hpp"
#include "src/rspamd/inspector.hpp"
#include "tests/http/black_hole.hpp"
#include "tests/http/stub_server.hpp"
#include "tests/rspamd/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>
#include <thread>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

struct Asking {
    explicit Asking(const std::string& url, std::chrono::milliseconds deadline = 400ms)
        : inspector(http, clock, journal, entropy,
                    {.socket = "",
                     .url = url,
                     .connect_timeout = 100ms,
                     .deadline = deadline,
                     .reply_bytes_max = 100'000,
                     .settings_id = ""},
                    weights_of("A 2")) {
        submission.raw = "Message-ID: <one@example.com>\r\n\r\nhello\r\n";
    }
    Findings ask() { return inspector.ask(submission, clock.steady() + 8s)->wait(); }

    RealClock clock;
    CountingEntropy entropy;
    HeardJournal journal;
    CurlHttp http;
    RspamdInspector inspector;
    Submission submission;
};

void answer(StubConnection& connection) {
    connection.read_request();
    connection.send(http_ok(reply_json(id_in(connection.request()), R"(,"A":{"score":1})")));
}

TEST(RspamdStub, that_works_is_heard) {
    StubServer server(answer);
    Asking asking(server.url(), 3s);
    EXPECT_EQ(asking.ask().at(0).symbol, "A");
    EXPECT_THAT(server.requests().at(0), testing::EndsWith("\r\n\r\n" + asking.submission.raw));
}

TEST(RspamdStub, that_drops_the_first_connection_is_asked_again) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        if (connection.index() == 0) return connection.reset();
        connection.send(http_ok(reply_json(id_in(connection.request()), R"(,"A":{"score":1})")));
    });
    Asking asking(server.url(), 3s);
    EXPECT_EQ(asking.ask().at(0).symbol, "A");
    EXPECT_EQ(server.connections(), 2U);
}

TEST(RspamdStub, that_answers_questions_of_others_is_not_heard) {
    std::string first;
    StubServer server([&](StubConnection& connection) {
        connection.read_request();
        if (first.empty()) first = id_in(connection.request());
        connection.send(http_ok(reply_json(first, R"(,"A":{"score":1})")));
    });
    Asking asking(server.url(), 3s);
    EXPECT_EQ(asking.ask().at(0).symbol, "A");
    EXPECT_EQ(asking.ask().at(0).symbol, "RSPAMD_UNAVAILABLE");
}

TEST(RspamdStub, is_asked_by_many_threads_at_once) {
    StubServer server(answer);
    Asking asking(server.url(), 10s);
    std::atomic<int> heard{0};
    const auto work = [&] {
        for (int i = 0; i < 25; ++i) heard += asking.ask().at(0).symbol == "A" ? 1 : 0;
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(heard, 100);
    EXPECT_EQ(asking.inspector.health().answered, 100U);
}

struct StubFault {
    std::string_view name;
    StubServer::Script script;
    std::string_view want = "";
    friend std::ostream& operator<<(std::ostream& out, const StubFault& row) {
        return out << row.name;
    }
};
class RspamdFault : public testing::TestWithParam<StubFault> {};
TEST_P(RspamdFault, is_one_state_in_time) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        GetParam().script(connection);
    });
    Asking asking(server.url());
    const auto start = std::chrono::steady_clock::now();
    const auto findings = asking.ask();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_EQ(findings[0].symbol, "RSPAMD_UNAVAILABLE");
    EXPECT_THAT(findings[0].reason, HasSubstr(GetParam().want));
    EXPECT_FALSE(asking.inspector.health().up);
}
void send_text(const StubConnection& connection, std::string_view body) {
    connection.send(http_ok(body));
}
INSTANTIATE_TEST_SUITE_P(
    rows, RspamdFault,
    testing::Values(
        StubFault{"silence", [](auto& c) { c.wait_until_closed(); }},
        StubFault{"closes", [](auto&) {}}, StubFault{"resets", [](auto& c) { c.reset(); }},
        StubFault{"half_closes",
                  [](auto& c) {
                      c.half_close();
                      c.wait_until_closed();
                  }},
        StubFault{"byte_by_byte",
                  [](auto& c) {
                      c.send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
                      while (c.try_send("{")) std::this_thread::sleep_for(10ms);
                  }},
        StubFault{"endless",
                  [](auto& c) {
                      c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                      while (c.try_send("5\r\n[[[[[\r\n")) {
                      }
                  },
                  "larger than"},
        StubFault{"huge", [](auto& c) { send_text(c, std::string(1'000'000, '[')); },
                  "larger than"},
        StubFault{"deep", [](auto& c) { send_text(c, std::string(90'000, '[')); }, "reading"},
        StubFault{"empty", [](auto& c) { send_text(c, ""); }, "no JSON"},
        StubFault{"garbage", [](auto& c) { send_text(c, "\x01\x02\xff"); }, "no JSON"},
        StubFault{"cut_off",
                  [](auto& c) { c.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"act"); }},
        StubFault{"wrong_types",
                  [](auto& c) { send_text(c, R"({"action":1,"score":"1","symbols":[]})"); },
                  "reading"},
        StubFault{"unknown_action",
                  [](auto& c) { send_text(c, R"({"action":"allow","score":1,"symbols":{}})"); },
                  "unknown action"},
        StubFault{"wrong_id", [](auto& c) { send_text(c, reply_json("ffffffffffffffffffffffff")); },
                  "another question"},
        StubFault{"says_500",
                  [](auto& c) {
                      c.send("HTTP/1.1 500 no\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
                  },
                  "it says 500"},
        StubFault{"redirects",
                  [](auto& c) {
                      c.send("HTTP/1.1 302 F\r\nLocation: /checkv2\r\nContent-Length: 0\r\n\r\n");
                  },
                  "it says 302"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(RspamdAway, refused_is_one_state) {
    Asking asking("http://127.0.0.1:1");
    EXPECT_THAT(asking.ask(), SizeIs(1));
    EXPECT_EQ(asking.ask().at(0).symbol, "RSPAMD_UNAVAILABLE");
}

TEST(RspamdAway, blackholed_is_one_state_in_time) {
    const BlackHole hole;
    Asking asking(hole.url(), 3s);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(asking.ask().at(0).symbol, "RSPAMD_UNAVAILABLE");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
}

}  // namespace
}  // namespace bailiff
