#include "src/api/server.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bailiff/limits.hpp>
#include <filesystem>
#include <fstream>

#include "src/api/client.hpp"
#include "src/http/client.hpp"
#include "tests/api/fake_desk.hpp"
#include "tests/api/raw_client.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class DeskSocket : public testing::Test {
protected:
    DeskSocket() {
        char name[] = "/tmp/bailiff-desk-XXXXXX";
        folder_ = mkdtemp(name);
        path_ = folder_ + "/desk.sock";
    }
    ~DeskSocket() override {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    Result<std::unique_ptr<DeskServer>> open(DeskServerBounds bounds = {}) {
        return DeskServer::open(
            path_, desk_, journal_, [] { return std::string("{}"); }, bounds);
    }
    void serve(DeskServerBounds bounds = {}) {
        auto server = open(bounds);
        ASSERT_TRUE(server.has_value()) << server.error().what;
        server_ = *std::move(server);
    }
    std::string exchange(std::string_view bytes) {
        RawClient client(path_);
        client.say(bytes);
        return client.hear();
    }

    std::string folder_, path_;
    FakeDesk desk_;
    RememberingJournal journal_;
    std::unique_ptr<DeskServer> server_;
};

const std::string show_request = "GET /v1/cases/" + case_text + " HTTP/1.1\r\nHost: desk\r\n\r\n";

TEST_F(DeskSocket, answers_and_closes) {
    serve();
    const auto reply = exchange(show_request);
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(reply, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(reply, HasSubstr("\r\n\r\n{\"v\":1,\"case\":{"));
}

TEST_F(DeskSocket, decodes_path_and_query) {
    serve();
    EXPECT_THAT(
        exchange("GET /v1/cases?service=shop%40example&count=7 HTTP/1.1\r\nHost: d\r\n\r\n"),
        StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(desk_.filter->service->text(), "shop@example");
    EXPECT_EQ(desk_.filter->count, 7U);
}

TEST_F(DeskSocket, writes_the_peer_and_the_person_to_the_journal) {
    serve();
    const std::string body = R"({"by":"Alex Example","reason":"x"})";
    const auto reply =
        exchange("POST /v1/cases/" + case_text + "/release HTTP/1.1\r\nHost: d\r\n" +
                 "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
    const auto uid = std::to_string(getuid()), pid = std::to_string(getpid());
    EXPECT_THAT(journal_.lines(), testing::ElementsAre("desk.request uid=" + uid + " pid=" + pid +
                                                       " method=POST path=/v1/cases/" + case_text +
                                                       "/release status=200 by=Alex Example"));
}

TEST_F(DeskSocket, gives_the_raw_message_byte_for_byte) {
    serve();
    const auto reply = exchange("GET /v1/cases/" + case_text + "/exhibit/17/0/4-content/msg-0001.eml HTTP/1.0\r\n\r\n");
    EXPECT_THAT(reply, HasSubstr("Content-Type: application/octet-stream\r\n"));
    EXPECT_TRUE(reply.ends_with("\r\n\r\n" + desk_.raw));
}

TEST_F(DeskSocket, survives_an_exception_of_ours) {
    serve();
    desk_.throws = true;
    EXPECT_THAT(exchange(show_request), StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(journal_.lines(), testing::Contains("desk.escaped what=a bug of ours"));
    desk_.throws = false;
    EXPECT_THAT(exchange(show_request), StartsWith("HTTP/1.1 200 OK\r\n"));
}

struct Hostile {
    const char* name;
    std::string bytes;
    std::string want;  ///< how the reply starts; empty: it is closed
};
std::ostream& operator<<(std::ostream& out, const Hostile& row) {
    return out << row.name;
}

const std::string post_release = "POST /v1/cases/" + case_text + "/release HTTP/1.1\r\nHost: d\r\n";

const Hostile hostiles[] = {
    {"no_http", "hello\r\n\r\n", ""},
    {"binary", std::string("\0\xff\x16\x03\x01\r\n\r\n", 9), ""},
    {"huge_request_line", "GET /" + std::string(200'000, 'a') + " HTTP/1.1\r\n\r\n", "HTTP/1.1 4"},
    {"huge_header",
     "GET /v1/cases HTTP/1.1\r\nHost: d\r\nX: " + std::string(200'000, 'a') + "\r\n\r\n",
     "HTTP/1.1 431"},
    {"announced_body_too_large",
     post_release + "Content-Length: 65537\r\n\r\n" + std::string(65'537, 'x'), "HTTP/1.1 413"},
    {"announced_overflow", post_release + "Content-Length: 99999999999999999999999\r\n\r\nx",
     "HTTP/1.1 4"},
    {"negative_length", post_release + "Content-Length: -1\r\n\r\nx", "HTTP/1.1 4"},
    {"largest_body_is_read",
     post_release + "Content-Length: 65536\r\n\r\n" + std::string(65'536, 'x'), "HTTP/1.1 400"},
    {"chunks_without_end",
     post_release + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65'537, 'x') +
         "\r\n10001\r\n",
     ""},
    {"chunks_too_large",
     post_release + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + std::string(65'537, 'x') +
         "\r\n0\r\n\r\n",
     ""},
    {"bad_chunk", post_release + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400"},
    {"bad_json", post_release + "Content-Length: 1\r\n\r\n{", "HTTP/1.1 400"},
    {"bad_utf8", post_release + "Content-Length: 2\r\n\r\n\xff\xfe", "HTTP/1.1 400"},
    {"nul_in_path", "GET /v1/cases%00/x HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 "},
    {"climbing_path", "GET /v1/../../etc/passwd HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 404"},
    {"unknown_route", "GET /metrics HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 404"},
    {"unknown_method", "BREW /v1/cases HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 405"},
    {"connect", "CONNECT example.com:25 HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 404"},
    {"many_query_fields",
     "GET /v1/cases?" + std::string(2'000, '&') + "a=1 HTTP/1.1\r\nHost: d\r\n\r\n", ""},
    {"some_query_fields",
     "GET /v1/cases?count=1&count=2" + std::string(20, '&') + "a=1 HTTP/1.1\r\nHost: d\r\n\r\n",
     "HTTP/1.1 400"},
};

class HostileRequests : public DeskSocket, public testing::WithParamInterface<Hostile> {};
TEST_P(HostileRequests, are_refused_and_the_next_one_is_served) {
    serve({.idle_max = std::chrono::seconds(1)});
    RawClient client(path_);
    client.say(GetParam().bytes);
    client.finish();
    const auto heard = client.hear();
    EXPECT_THAT(heard, StartsWith(GetParam().want));
    EXPECT_EQ(heard.empty(), GetParam().want.empty()) << heard;
    EXPECT_THAT(heard, testing::Not(testing::EndsWith("timeout")));
    EXPECT_FALSE(desk_.decided);
    EXPECT_THAT(exchange(show_request), StartsWith("HTTP/1.1 200 OK\r\n"));
}
INSTANTIATE_TEST_SUITE_P(Api, HostileRequests, testing::ValuesIn(hostiles),
                         [](const auto& row) { return row.param.name; });

TEST_F(DeskSocket, closes_who_says_nothing) {
    serve({.idle_max = std::chrono::seconds(1)});
    RawClient client(path_);
    client.say("GET /v1/cases HTTP/1.1\r\nX: ");
    EXPECT_THAT(client.hear(), testing::Not(testing::EndsWith("timeout")));
}

/// Asks for a go-ahead, whose coming shows that the server knows the connection.
const std::string half_a_request =
    post_release + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";

TEST_F(DeskSocket, closes_who_comes_beyond_the_bound) {
    serve({.connections_max = 2});
    RawClient first(path_), second(path_);
    first.say(half_a_request);
    second.say(half_a_request);
    ASSERT_THAT(first.hear_some(), StartsWith("HTTP/1.1 100 "));
    ASSERT_THAT(second.hear_some(), StartsWith("HTTP/1.1 100 "));
    EXPECT_EQ(exchange(show_request), "");
    first.say("{}");
    EXPECT_THAT(first.hear(), StartsWith("HTTP/1.1 400 "));
}

TEST_F(DeskSocket, lets_a_slow_connection_give_way_to_the_next) {
    serve({.connections_max = 1,
           .idle_max = std::chrono::seconds(60),
           .age_max = std::chrono::milliseconds(0)});
    RawClient slow(path_);
    slow.say(half_a_request);
    ASSERT_THAT(slow.hear_some(), StartsWith("HTTP/1.1 100 "));
    RawClient next(path_);  // itself refused, but the slow one has to go
    EXPECT_EQ(slow.hear(), "");
}

TEST_F(DeskSocket, is_for_its_group_only) {
    const auto before = umask(0);
    serve();
    umask(before);
    struct stat there {};
    ASSERT_EQ(stat(path_.c_str(), &there), 0);
    EXPECT_EQ(there.st_mode & 0777U, 0660U);
}

TEST_F(DeskSocket, takes_the_place_of_one_that_is_gone) {
    const int left = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    ASSERT_EQ(bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    close(left);
    serve();
    EXPECT_THAT(exchange(show_request), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(DeskSocket, refuses_the_place_of_a_living_one) {
    serve();
    const auto second = open();
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().fault, Fault::unavailable);
    EXPECT_THAT(second.error().what, HasSubstr("another process answers there"));
    EXPECT_THAT(exchange(show_request), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(DeskSocket, leaves_other_files_alone) {
    std::ofstream(path_) << "precious";
    const auto server = open();
    ASSERT_FALSE(server.has_value());
    EXPECT_EQ(server.error().fault, Fault::invalid_input);
    EXPECT_TRUE(std::filesystem::is_regular_file(path_));
}

TEST_F(DeskSocket, refuses_a_path_that_is_too_long) {
    path_ = folder_ + "/" + std::string(108, 'a');
    const auto server = open();
    ASSERT_FALSE(server.has_value());
    EXPECT_EQ(server.error().fault, Fault::invalid_input);
}

TEST_F(DeskSocket, goes_when_it_stops_and_may_come_again) {
    serve();
    server_->stop();
    EXPECT_FALSE(std::filesystem::exists(path_));
    EXPECT_FALSE(RawClient(path_).connected());
    server_->stop();
    serve();
    EXPECT_THAT(exchange(show_request), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(DeskSocket, stops_with_connections_open) {
    serve();
    RawClient idle(path_);
    idle.say("GET ");
    server_->stop();
    EXPECT_THAT(idle.hear(), testing::Not(testing::EndsWith("timeout")));
}

class RealClock final : public Clock {
public:
    Instant now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    SteadyInstant steady() const override { return std::chrono::steady_clock::now(); }
};

class Client : public DeskSocket {
protected:
    CurlHttp http_;
    RealClock clock_;
    DeskClient client_{http_, clock_, path_};
};

TEST_F(Client, reads_and_decides) {
    serve();
    EXPECT_THAT(*client_.list_json({.state = "open", .service = "shop@example"}),
                HasSubstr(case_text));
    EXPECT_EQ(desk_.filter->service->text(), "shop@example");
    EXPECT_THAT(*client_.show_json(case_id), HasSubstr("zero_tolerance"));
    EXPECT_EQ(*client_.exhibit(case_id, 0, std::string(message_path), 17), desk_.raw);
    EXPECT_EQ(*client_.cover(case_id, "13", Language::fr, 17), "fr 13");
    EXPECT_EQ(*client_.cover(case_id, "", Language::en, 17), "en 0");
    const auto disclosed = client_.disclose(
        case_id, {"somebody", "asked for", "authority", "file 7", "the prosecutor"});
    ASSERT_TRUE(disclosed) << disclosed.error().what;
    EXPECT_EQ(disclosed->leaf, 17U);
    EXPECT_EQ(disclosed->seals, desk_.disclose(case_id, {})->seals);
    EXPECT_EQ(*client_.status_json(), "{}");
    const auto decided =
        client_.decide(case_id, Decision::reject, {"Alex \"Al\" Example", "caf\xc3\xa9"});
    ASSERT_TRUE(decided.has_value()) << decided.error().what;
    EXPECT_EQ(desk_.decided->decision, Decision::reject);
    EXPECT_EQ(desk_.decided->name, "Alex \"Al\" Example");
    EXPECT_EQ(desk_.decided->reason, "caf\xc3\xa9");
}

TEST_F(Client, hands_errors_on_by_their_fault) {
    serve();
    const auto none = client_.show_json(*CaseId::parse("B0000000000000000"));
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().fault, Fault::not_found);
    EXPECT_EQ(none.error().what, "no case B0000000000000000");
    const auto empty = client_.decide(case_id, Decision::release, {"", "x"});
    ASSERT_FALSE(empty.has_value());
    EXPECT_EQ(empty.error().fault, Fault::invalid_input);
}

TEST_F(Client, says_where_nobody_answers) {
    const auto none = client_.status_json();
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().fault, Fault::unavailable);
    EXPECT_THAT(none.error().what, StartsWith("asking the desk at " + path_ + ": "));
}

/// Answers one thing, whatever is asked.
class CannedHttp final : public Http {
public:
    HttpReply reply;
    std::unique_ptr<HttpExchange> begin(const HttpRequest&) override {
        return std::make_unique<Canned>(reply);
    }

private:
    struct Canned final : HttpExchange {
        explicit Canned(HttpReply canned) : reply(std::move(canned)) {}
        Result<HttpReply> finish() override { return reply; }
        HttpReply reply;
    };
};

struct Odd {
    const char* name;
    std::string body, want;
};
class OddAnswers : public testing::TestWithParam<Odd> {};
TEST_P(OddAnswers, are_errors) {
    CannedHttp http;
    http.reply.status = 502;
    http.reply.body = GetParam().body;
    const RealClock clock;
    const auto answer = DeskClient(http, clock, "/x").status_json();
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().fault, Fault::internal);
    EXPECT_EQ(answer.error().what, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Api, OddAnswers,
    testing::Values(Odd{"no_json", "<html>", "the desk answers 502 without saying why"},
                    Odd{"list", "[]", "the desk answers 502 without saying why"},
                    Odd{"text_for_error", R"({"error":"x"})",
                        "the desk answers 502 without saying why"},
                    Odd{"unknown_fault", R"({"error":{"fault":"teapot","what":"\u001b"}})",
                        "the desk answers 502: \\x1b"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace bailiff
