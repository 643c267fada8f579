// Whether a request that failed can have been heard; and https where a server speaks none.
#include "src/http/client.hpp"

#include "tests/http/stub_server.hpp"

#include <gmock/gmock.h>

namespace bailiff {
namespace {

struct Failed {
    std::string why;
    bool unheard = false;
};

Failed failed(const std::string& url) {
    CurlHttp http;
    HttpRequest request;
    request.url = url;
    request.body = "secret=x";
    request.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    const auto exchange = http.begin(request);
    const auto reply = exchange->finish();
    EXPECT_FALSE(reply);
    return {reply ? "" : reply.error().what, exchange->unheard()};
}

TEST(CurlHttp, what_nobody_took_was_not_heard) {
    EXPECT_TRUE(failed("http://127.0.0.1:1/").unheard);
    EXPECT_TRUE(failed("no url at all").unheard);
}

TEST(CurlHttp, what_was_sent_may_have_been_heard) {
    StubServer server([](StubConnection& connection) { connection.read_request(); });
    EXPECT_FALSE(failed(server.url()).unheard);
    EXPECT_THAT(server.requests().at(0), testing::HasSubstr("secret=x"));
}

TEST(CurlHttp, before_the_handshake_nothing_is_said) {
    StubServer server([](StubConnection& connection) {
        connection.read_request();  // what comes is no request: ended by the client's deadline
    });
    const auto https = "https" + server.url().substr(4);
    EXPECT_TRUE(failed(https).unheard);
    EXPECT_THAT(server.requests().at(0), testing::Not(testing::HasSubstr("secret=x")));
}

}  // namespace
}  // namespace bailiff
