// What a broken or hostile server can do: each ends before the deadline, as an error.

#include "src/http/client.hpp"

#include "tests/http/black_hole.hpp"
#include "tests/http/stub_server.hpp"

#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto deadline = 400ms;
/// For a loaded machine: what matters is that it ends at all, and not by the test's time-out.
constexpr auto slack = 1'500ms;

struct ServerFault {
    std::string_view name;
    StubServer::Script script;
    std::string_view want;  ///< part of the error's text
    bool dropped_unanswered = false;
    friend std::ostream& operator<<(std::ostream& out, const ServerFault& row) {
        return out << row.name;
    }
};

void trickle(const StubConnection& connection, std::string_view head, std::string_view piece) {
    static_cast<void>(connection.try_send(head));
    while (connection.try_send(piece)) std::this_thread::sleep_for(10ms);
}

void flood(const StubConnection& connection, std::string_view head, std::string_view piece) {
    static_cast<void>(connection.try_send(head));
    while (connection.try_send(piece)) {
    }
}

const std::string megabyte(1U << 20, 'x');
const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";

class HttpFault : public testing::TestWithParam<ServerFault> {};

TEST_P(HttpFault, is_an_error_in_time) {
    StubServer server([](StubConnection& connection) { GetParam().script(connection); });
    CurlHttp http;
    HttpRequest request;
    request.url = server.url();
    request.body = "x";
    request.reply_bytes_max = 100'000;
    const auto start = std::chrono::steady_clock::now();
    request.deadline = start + deadline;
    const auto pending = http.begin(request);
    const auto reply = pending->finish();
    EXPECT_LT(std::chrono::steady_clock::now() - start, deadline + slack);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::unavailable);
    EXPECT_THAT(reply.error().what, HasSubstr(GetParam().want));
    EXPECT_EQ(pending->dropped_unanswered(), GetParam().dropped_unanswered);
}

INSTANTIATE_TEST_SUITE_P(
    rows, HttpFault,
    testing::Values(
        ServerFault{"silence",
                    [](auto& c) {
                        c.read_request();
                        c.wait_until_closed();
                    },
                    ""},
        ServerFault{"headers_then_silence",
                    [](auto& c) {
                        c.read_request();
                        c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
                        c.wait_until_closed();
                    },
                    ""},
        ServerFault{"byte_by_byte",
                    [](auto& c) {
                        c.read_request();
                        trickle(c, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", "x");
                    },
                    ""},
        ServerFault{"header_byte_by_byte",
                    [](auto& c) {
                        c.read_request();
                        trickle(c, "HTTP/1.1 200 OK\r\nX: ", "x");
                    },
                    ""},
        ServerFault{"large_by_length",
                    [](auto& c) {
                        c.read_request();
                        c.send("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n");
                        c.send(megabyte);
                    },
                    "larger than 100000"},
        ServerFault{"length_beyond_numbers",
                    [](auto& c) {
                        c.read_request();
                        c.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n");
                        c.send(megabyte);
                    },
                    ""},
        ServerFault{"endless_chunked",
                    [](auto& c) {
                        c.read_request();
                        flood(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk);
                    },
                    "larger than 100000"},
        ServerFault{"endless_until_close",
                    [](auto& c) {
                        c.read_request();
                        flood(c, "HTTP/1.1 200 OK\r\n\r\n", megabyte);
                    },
                    "larger than 100000"},
        ServerFault{"endless_headers",
                    [](auto& c) {
                        c.read_request();
                        flood(c, "HTTP/1.1 200 OK\r\n", "X-A: bcd\r\n");
                    },
                    "larger than 100000"},
        ServerFault{"endless_interim_answers",
                    [](auto& c) {
                        c.read_request();
                        flood(c, "", "HTTP/1.1 100 Continue\r\n\r\n");
                    },
                    "larger than 100000"},
        ServerFault{"cut_off_body",
                    [](auto& c) {
                        c.read_request();
                        c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    },
                    ""},
        ServerFault{"cut_off_chunk",
                    [](auto& c) {
                        c.read_request();
                        c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf");
                    },
                    ""},
        ServerFault{"no_http",
                    [](auto& c) {
                        c.read_request();
                        c.send("+OK ready\r\n");
                    },
                    ""},
        ServerFault{"closed_unanswered", [](auto& c) { c.read_request(); }, "", true},
        ServerFault{"half_closed",
                    [](auto& c) {
                        c.read_request();
                        c.half_close();
                        c.wait_until_closed();
                    },
                    "", true},
        ServerFault{"reset",
                    [](auto& c) {
                        c.read_request();
                        c.reset();
                    },
                    "", true},
        ServerFault{"reset_within_body",
                    [](auto& c) {
                        c.read_request();
                        c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                        c.reset();
                    },
                    ""}),
    [](const auto& row) { return std::string(row.param.name); });

Result<HttpReply> ask(const std::string& url, const std::string& socket = {}) {
    CurlHttp http;
    HttpRequest request;
    request.url = url;
    request.unix_socket = socket;
    request.connect_timeout = 100ms;
    request.deadline = std::chrono::steady_clock::now() + 2s;
    return http.begin(request)->finish();
}

TEST(HttpConnect, is_refused_at_once) {
    const auto reply = ask("http://127.0.0.1:1/");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::unavailable);
}

TEST(HttpConnect, fails_at_a_socket_that_is_not_there) {
    const auto reply = ask("http://x/", "/nonexistent/rspamd.sock");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::unavailable);
}

TEST(HttpConnect, fails_at_a_socket_path_that_is_too_long) {
    EXPECT_FALSE(ask("http://x/", "/" + std::string(500, 'a')));
}

TEST(HttpConnect, gives_up_after_its_own_time_out) {
    const BlackHole hole;
    const auto start = std::chrono::steady_clock::now();
    const auto reply = ask(hole.url());
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::unavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1'500ms);
}

TEST(HttpDeadline, that_has_passed_connects_to_nobody) {
    StubServer server([](StubConnection& connection) { connection.read_request(); });
    CurlHttp http;
    HttpRequest request;
    request.url = server.url();
    request.deadline = std::chrono::steady_clock::now() - 1ms;
    const auto reply = http.begin(request)->finish();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::unavailable);
    EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpExchangeLife, dropped_before_the_reply_closes_the_connection_and_leaves_the_client_well) {
    std::atomic<int> closed{0};
    StubServer server([&](StubConnection& connection) {
        connection.read_request();
        if (connection.index() == 1) return connection.send(http_ok("second"));
        connection.wait_until_closed();
        ++closed;
    });
    CurlHttp http;
    HttpRequest request;
    request.url = server.url();
    request.deadline = std::chrono::steady_clock::now() + 3s;
    { const auto abandoned = http.begin(request); }
    const auto reply = http.begin(request)->finish();
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->body, "second");
    EXPECT_EQ(closed, 1);
}

TEST(HttpExchangeLife, may_outlast_its_client) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        connection.send(http_ok("{}"));
    });
    HttpRequest request;
    request.url = server.url();
    request.deadline = std::chrono::steady_clock::now() + 2s;
    auto http = std::make_unique<CurlHttp>();
    const auto pending = http->begin(request);
    http.reset();
    EXPECT_TRUE(pending->finish());
}

TEST(HttpThreads, share_one_client) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        const auto& text = connection.request();
        connection.send(http_ok(text.substr(text.find("\r\n\r\n") + 4)));
    });
    CurlHttp http;
    std::atomic<int> right{0};
    const auto work = [&](int thread) {
        for (int i = 0; i < 25; ++i) {
            const auto body = std::to_string(thread) + "-" + std::to_string(i);
            HttpRequest request;
            request.url = server.url();
            request.body = body;
            request.deadline = std::chrono::steady_clock::now() + 10s;
            const auto reply = http.begin(request)->finish();
            right += reply && reply->body == body ? 1 : 0;
        }
    };
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) threads.emplace_back(work, thread);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(right, 100);
}

}  // namespace
}  // namespace bailiff
