#include "src/http/client.hpp"

#include "tests/http/stub_server.hpp"

#include <chrono>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::Not;

SteadyInstant in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

HttpRequest request_to(const std::string& url, std::chrono::milliseconds time = 2s) {
    HttpRequest request;
    request.url = url;
    request.body = "the body";
    request.deadline = in(time);
    return request;
}

Result<HttpReply> exchange(const HttpRequest& request) {
    CurlHttp http;
    return http.begin(request)->finish();
}

void answer(StubConnection& connection) {
    connection.read_request();
    connection.send(http_ok("{}"));
}

TEST(CurlHttp, posts_headers_and_body_and_returns_the_reply) {
    StubServer server(answer);
    auto request = request_to(server.url());
    request.headers = {{"X-One", "1"}, {"X-Empty", ""}, {"X-Raw", "caf\xc3\xa9 \x01"}};
    const auto reply = exchange(request);
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->body, "{}");
    EXPECT_THAT(reply->headers, testing::Contains(std::pair<std::string, std::string>(
                                    "content-type", "application/json")));
    const auto sent = server.requests().at(0);
    EXPECT_THAT(sent,
                AllOf(testing::StartsWith("POST /checkv2 HTTP/1.1\r\n"), HasSubstr("X-One: 1\r\n"),
                      HasSubstr("X-Empty:\r\n"), HasSubstr("X-Raw: caf\xc3\xa9 \x01\r\n"),
                      testing::EndsWith("\r\n\r\nthe body")));
    EXPECT_THAT(sent, AllOf(Not(HasSubstr("Expect:")), Not(HasSubstr("Accept-Encoding")),
                            Not(HasSubstr("form-urlencoded"))));
}

TEST(CurlHttp, goes_through_a_unix_socket) {
    StubServer server(answer, "/tmp/bailiff-http-test-" + std::to_string(getpid()) + ".sock");
    auto request = request_to("http://rspamd.test/checkv2");
    request.unix_socket = server.unix_path();
    const auto reply = exchange(request);
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_THAT(server.requests().at(0), HasSubstr("Host: rspamd.test\r\n"));
}

TEST(CurlHttp, sends_a_body_of_nuls_and_megabytes_unchanged) {
    StubServer server(answer);
    std::string body(3'000'000, '\0');
    body += "end";
    auto request = request_to(server.url(), 5s);
    request.body = body;
    ASSERT_TRUE(exchange(request));
    EXPECT_TRUE(server.requests().at(0).ends_with(body));
}

TEST(CurlHttp, sends_an_empty_body) {
    StubServer server(answer);
    auto request = request_to(server.url());
    request.body = {};
    ASSERT_TRUE(exchange(request));
    EXPECT_THAT(server.requests().at(0), HasSubstr("Content-Length: 0\r\n"));
}

// The server works while our own rules do: it has the message before anybody waits.
TEST(CurlHttp, has_sent_the_request_before_finish) {
    std::atomic<bool> arrived{false};
    StubServer server([&](StubConnection& connection) {
        connection.read_request();
        arrived = true;
        connection.send(http_ok("{}"));
    });
    CurlHttp http;
    const std::string body(100'000, 'x');
    auto request = request_to(server.url());
    request.body = body;
    const auto pending = http.begin(request);
    const auto limit = in(2s);
    while (!arrived && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    EXPECT_TRUE(arrived);
    EXPECT_TRUE(pending->finish());
}

TEST(CurlHttp, opens_a_connection_for_each_exchange) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");  // keep-alive granted
        connection.wait_until_closed();
    });
    CurlHttp http;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(http.begin(request_to(server.url()))->finish());
    EXPECT_EQ(server.connections(), 5U);
}

TEST(CurlHttp, follows_no_redirect) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
    });
    const auto reply = exchange(request_to(server.url()));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 302);
    EXPECT_EQ(server.connections(), 1U);
}

TEST(CurlHttp, asks_no_proxy_of_the_environment) {
    StubServer server(answer);
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
    const auto reply = exchange(request_to(server.url()));
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    EXPECT_TRUE(reply) << reply.error().what;
}

TEST(CurlHttp, leaves_compressed_bytes_alone) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        connection.send(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b");
    });
    const auto reply = exchange(request_to(server.url()));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "\x1f\x8b");
}

TEST(CurlHttp, reads_past_interim_answers) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();
        connection.send("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n" + http_ok("{}"));
    });
    const auto reply = exchange(request_to(server.url()));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->headers.at(0).first, "connection");
}

struct BadRequest {
    std::string_view name, header, value;
    friend std::ostream& operator<<(std::ostream& out, const BadRequest& row) {
        return out << row.name;
    }
};
class RefusesHeader : public testing::TestWithParam<BadRequest> {};
TEST_P(RefusesHeader, before_it_connects) {
    StubServer server(answer);
    auto request = request_to(server.url());
    request.headers = {{std::string(GetParam().header), std::string(GetParam().value)}};
    const auto reply = exchange(request);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::invalid_input);
    EXPECT_EQ(server.connections(), 0U);
}
INSTANTIATE_TEST_SUITE_P(
    rows, RefusesHeader,
    testing::Values(BadRequest{"line_feed", "X", "a\nB: c"},
                    BadRequest{"carriage_return", "X", "a\rB: c"},
                    BadRequest{"nul", "X", std::string_view("a\0b", 3)},
                    BadRequest{"line_feed_in_name", "X\nY", "a"},
                    BadRequest{"colon_in_name", "X: y", "a"}, BadRequest{"empty_name", "", "a"},
                    BadRequest{"own_length", "content-LENGTH", "0"},
                    BadRequest{"own_encoding", "Transfer-Encoding", "chunked"}),
    [](const auto& row) { return std::string(row.param.name); });

struct BadUrl {
    std::string_view name, url;
    friend std::ostream& operator<<(std::ostream& out, const BadUrl& row) {
        return out << row.name;
    }
};
class RefusesUrl : public testing::TestWithParam<BadUrl> {};
TEST_P(RefusesUrl, as_our_own_mistake) {
    const auto reply = exchange(request_to(std::string(GetParam().url)));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::invalid_input) << reply.error().what;
}
INSTANTIATE_TEST_SUITE_P(rows, RefusesUrl,
                         testing::Values(BadUrl{"file", "file:///etc/passwd"},
                                         BadUrl{"gopher", "gopher://127.0.0.1/"},
                                         BadUrl{"empty", ""}, BadUrl{"spaces", "http://a b/"},
                                         BadUrl{"line_feed", "http://127.0.0.1/\nX: y"}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
