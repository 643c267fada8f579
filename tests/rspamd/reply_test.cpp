#include "src/rspamd/reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

// As rspamd 3.4 wrote it, shortened.
constexpr std::string_view real_reply = R"({"is_skipped":false,"score":3.400000,
"required_score":15.0,"action":"no action","symbols":{
"MIME_TRACE":{"name":"MIME_TRACE","score":0.0,"metric_score":0.0,"options":["0:+"]},
"BAILIFF_REQUEST":{"name":"BAILIFF_REQUEST","score":0.0,"metric_score":0.0,"options":["ab12"]},
"HFILTER":{"name":"HFILTER","score":2.500000,"metric_score":2.5,"description":"Unknown client"}},
"messages":{},"urls":["example.com"],"emails":[],"message-id":"abc@example.com",
"time_real":0.003098,"milter":{"remove_headers":{"X-Spam":0}}})";

TEST(RspamdReplyText, of_rspamd_itself_is_understood) {
    const auto reply = parse_reply(real_reply);
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->request_id, "ab12");
    EXPECT_EQ(reply->message_id, "abc@example.com");
    EXPECT_EQ(reply->action, "no action");
    EXPECT_DOUBLE_EQ(reply->score, 3.4);
    EXPECT_EQ(reply->required_score, 15.0);
    EXPECT_FALSE(reply->skipped);
    ASSERT_THAT(reply->symbols, ElementsAre(Field(&RspamdSymbol::name, "MIME_TRACE"),
                                            Field(&RspamdSymbol::name, "HFILTER")));
    EXPECT_THAT(reply->symbols[0].options, ElementsAre("0:+"));
    EXPECT_DOUBLE_EQ(reply->symbols[1].score, 2.5);
}

/// `{"action":"no action","score":1,"symbols":{}}` with one part replaced.
std::string reply_with(std::string_view symbols) {
    return R"({"action":"no action","score":1,"symbols":)" + std::string(symbols) + "}";
}

TEST(RspamdReplyText, becomes_ascii) {
    const auto reply = parse_reply(
        reply_with("{\"A\\u001b\":{\"score\":1,\"options\":[\"\xff\xfe\",\"\\u202e\\n\"]}}"));
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->symbols.at(0).name, "A?");
    EXPECT_THAT(reply->symbols.at(0).options, ElementsAre("??", "????"));
}

TEST(RspamdReplyText, keeps_ten_short_options_of_a_symbol) {
    std::string options = "\"" + std::string(5'000, 'x') + "\"";
    for (int i = 0; i < 50; ++i) options += ",\"o\"";
    const auto reply =
        parse_reply(reply_with("{\"A\":{\"score\":1,\"options\":[" + options + "]}}"));
    ASSERT_TRUE(reply);
    EXPECT_THAT(reply->symbols.at(0).options, SizeIs(10));
    EXPECT_THAT(reply->symbols.at(0).options.at(0), SizeIs(103));
}

TEST(RspamdReplyText, may_lack_a_required_score) {
    const auto reply =
        parse_reply(R"({"required_score":null,"action":"no action","score":1,"symbols":{}})");
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->required_score, std::nullopt);
}

TEST(RspamdReplyText, with_an_echo_without_id_fits_no_question) {
    const auto reply = parse_reply(reply_with(R"({"BAILIFF_REQUEST":{"score":0}})"));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->request_id, "none");
}

class KnownAction : public testing::TestWithParam<std::string_view> {};
TEST_P(KnownAction, is_kept) {
    const auto reply =
        parse_reply(R"({"score":1,"symbols":{},"action":")" + std::string(GetParam()) + "\"}");
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->action, GetParam());
}
INSTANTIATE_TEST_SUITE_P(rows, KnownAction,
                         testing::Values("no action", "greylist", "add header", "rewrite subject",
                                         "soft reject", "reject", "discard", "quarantine"));

struct BadReply {
    std::string_view name;
    std::string text;
    std::string_view want = "";
    friend std::ostream& operator<<(std::ostream& out, const BadReply& row) {
        return out << row.name;
    }
};

std::string many_symbols(int count) {
    std::string out = "{";
    for (int i = 0; i < count; ++i)
        out += (i > 0 ? ",\"S" : "\"S") + std::to_string(i) + "\":{\"score\":0}";
    return reply_with(out + "}");
}
std::string nested(std::size_t depth, char open, char close) {
    return R"({"action":"no action","score":1,"symbols":{},"x":)" + std::string(depth, open) +
           std::string(depth, close) + "}";
}

class NoReply : public testing::TestWithParam<BadReply> {};
TEST_P(NoReply, is_an_error_and_never_score_0) {
    const auto reply = parse_reply(GetParam().text);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().fault, Fault::corrupt);
    EXPECT_THAT(reply.error().what, HasSubstr(GetParam().want));
    EXPECT_THAT(reply.error().what, HasSubstr("reading rspamd's reply: "));
}
const auto row_name = [](const auto& row) { return std::string(row.param.name); };

INSTANTIATE_TEST_SUITE_P(
    json, NoReply,
    testing::Values(BadReply{"empty", ""}, BadReply{"text", "pong"},
                    BadReply{"cut", "{\"action\":\"no act"},
                    BadReply{"nul", std::string("\0\0\0", 3)},
                    BadReply{"brackets", std::string(1'000'000, '[')},
                    BadReply{"two_objects", reply_with("{}") + "{}"},
                    BadReply{"array", "[]", "array"}, BadReply{"string", "\"x\""},
                    BadReply{"number", "0"}, BadReply{"null", "null"},
                    BadReply{"nan", R"({"action":"no action","score":NaN,"symbols":{}})"},
                    BadReply{"lone_surrogate", reply_with(R"({"\ud800":{"score":1}})")},
                    BadReply{"deep_objects", R"({"x":)" + std::string(100'000, '{')},
                    BadReply{"deep_arrays", nested(100'000, '[', ']'), "too deep"},
                    BadReply{"just_too_deep", nested(16, '[', ']'), "too deep"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    fields, NoReply,
    testing::Values(
        BadReply{"nothing", "{}", "no action"},
        BadReply{"error_of_rspamd", R"({"error":"invalid command"})", "no action"},
        BadReply{"no_action", R"({"score":1,"symbols":{}})", "no action"},
        BadReply{"no_score", R"({"action":"reject","symbols":{}})", "no score"},
        BadReply{"no_symbols", R"({"action":"reject","score":1})", "no symbols"},
        BadReply{"no_symbol_score", reply_with(R"({"A":{"name":"A"}})"), "no score"},
        BadReply{"unknown_action", R"({"action":"allow","score":1,"symbols":{}})",
                 "unknown action 'allow'"},
        BadReply{"empty_action", R"({"action":"","score":1,"symbols":{}})", "unknown action"},
        BadReply{"invalid_action", R"({"action":"invalid max action","score":1,"symbols":{}})"},
        BadReply{"action_number", R"({"action":1,"score":1,"symbols":{}})"},
        BadReply{"action_null", R"({"action":null,"score":1,"symbols":{}})"},
        BadReply{"score_text", R"({"action":"reject","score":"1","symbols":{}})"},
        BadReply{"score_null", R"({"action":"reject","score":null,"symbols":{}})"},
        BadReply{"score_true", R"({"action":"reject","score":true,"symbols":{}})"},
        BadReply{"score_object", R"({"action":"reject","score":{},"symbols":{}})"},
        BadReply{"score_huge", R"({"action":"reject","score":1e308,"symbols":{}})", "absurd"},
        BadReply{"score_beyond", R"({"action":"reject","score":1e999,"symbols":{}})"},
        BadReply{"score_integer",
                 R"({"action":"reject","score":18446744073709551615,"symbols":{}})", "absurd"},
        BadReply{"required_text",
                 R"({"required_score":"15","action":"reject","score":1,"symbols":{}})"},
        BadReply{"skipped_text", R"({"is_skipped":"no","action":"reject","score":1,"symbols":{}})"},
        BadReply{"id_number", R"({"message-id":7,"action":"reject","score":1,"symbols":{}})"},
        BadReply{"action_twice",
                 R"({"action":"reject","score":1,"symbols":{},"action":"no action"})", "twice"},
        BadReply{"score_twice", R"({"action":"reject","score":9,"symbols":{},"score":0})", "twice"},
        BadReply{"symbols_twice", R"({"action":"reject","score":9,"symbols":{},"symbols":{}})",
                 "twice"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    symbols, NoReply,
    testing::Values(
        BadReply{"array", reply_with("[]")}, BadReply{"text", reply_with("\"A\"")},
        BadReply{"null", reply_with("null")}, BadReply{"entry_number", reply_with(R"({"A":1})")},
        BadReply{"entry_array", reply_with(R"({"A":[]})")},
        BadReply{"entry_null", reply_with(R"({"A":null})")},
        BadReply{"score_text", reply_with(R"({"A":{"score":"1"}})")},
        BadReply{"score_huge", reply_with(R"({"A":{"score":-1e308}})"), "absurd"},
        BadReply{"score_twice", reply_with(R"({"A":{"score":1,"score":2}})"), "twice"},
        BadReply{"options_text", reply_with(R"({"A":{"score":1,"options":"x"}})")},
        BadReply{"options_object", reply_with(R"({"A":{"score":1,"options":{}}})")},
        BadReply{"option_number", reply_with(R"({"A":{"score":1,"options":[1]}})")},
        BadReply{"option_null", reply_with(R"({"A":{"score":1,"options":[null]}})")},
        BadReply{"option_array", reply_with(R"({"A":{"score":1,"options":[[]]}})")},
        BadReply{"option_object", reply_with(R"({"A":{"score":1,"options":[{}]}})")},
        BadReply{"twice", reply_with(R"({"A":{"score":1},"B":{"score":1},"A":{"score":2}})"),
                 "twice"},
        BadReply{"echo_twice", reply_with(R"({"BAILIFF_REQUEST":{"score":0,"options":["a"]},
                                              "BAILIFF_REQUEST":{"score":0,"options":["b"]}})"),
                 "twice"},
        BadReply{"unnamed", reply_with(R"({"":{"score":1}})")},
        BadReply{"long_name", reply_with("{\"" + std::string(5'000, 'A') + "\":{\"score\":1}}")},
        BadReply{"too_many", many_symbols(1'001), "too many"}),
    row_name);

TEST(RspamdReplyText, may_have_a_thousand_symbols) {
    const auto reply = parse_reply(many_symbols(1'000));
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_THAT(reply->symbols, SizeIs(1'000));
}

// Every truncation and every single changed byte: a reply or an error, nothing else.
TEST(RspamdReplyText, is_total) {
    std::size_t errors = 0;
    for (std::size_t end = 0; end < real_reply.size(); ++end)
        errors += parse_reply(real_reply.substr(0, end)) ? 0 : 1;
    EXPECT_EQ(errors, real_reply.size());
    std::string text(real_reply);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto kept = std::exchange(text[at], static_cast<char>(at * 37));
        static_cast<void>(parse_reply(text));
        text[at] = kept;
    }
}

}  // namespace
}  // namespace bailiff
