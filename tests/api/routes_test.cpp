#include "src/api/routes.hpp"
#include "src/api/retention_json.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "src/api/desk_json.hpp"
#include "tests/api/fake_desk.hpp"

namespace bailiff {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const StatusJson status = [] { return std::string(R"({"mode":"observe"})"); };
const std::string of_case = "/v1/cases/" + case_text;
const std::string good_body = R"({"by":"Alex Example","reason":"a newsletter"})";

struct Row {
    const char* name;
    std::string method, path, body;
    int status;
    std::string want;  ///< in the body
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.name;
}

const Row rows[] = {
    // What there is.
    {"list", "GET", "/v1/cases", "", 200, R"({"v":1,"cases":[{"id":"B0123456789ABCDEF")"},
    {"list_by_our_client", "POST", "/v1/cases", "", 200, "cases"},
    {"show", "GET", of_case, "", 200, R"({"v":1,"case":{"id":"B0123456789ABCDEF")"},
    {"exhibit", "GET", of_case + "/exhibit/17/0/4-content/msg-0001.eml", "", 200, std::string("Subject: x\r\n\r\n\0\xff", 16)},
    {"status", "GET", "/v1/status", "", 200, R"({"mode":"observe"})"},
    {"release", "POST", of_case + "/release", good_body, 200, R"("state":"released")"},
    {"reject", "POST", of_case + "/reject", good_body, 200, "case"},
    {"reinstate", "POST", of_case + "/reinstate", good_body, 200, "case"},
    {"purge", "POST", of_case + "/purge", good_body, 200, "case"},
    {"retry", "POST", of_case + "/retry", good_body, 200, "case"},
    {"confirm_without_path", "POST", of_case + "/confirm", good_body, 400, "what"},
    {"drop_without_kind", "POST", of_case + "/drop", good_body, 400, "what"},
    {"edit_without_kinds", "POST", of_case + "/edit", good_body, 400, "what"},
    {"edit", "POST", of_case + "/edit",
     R"({"by":"Ada","reason":"why","what":"service.terminate to service.suspend"})", 200, "case"},
    {"confirm", "POST", of_case + "/confirm", R"({"by":"Ada","reason":"why","what":"suspend"})",
     200, "case"},
    {"reject_with_path", "POST", of_case + "/reject", R"({"by":"Ada","reason":"why","what":"x"})",
     400, "unknown field"},
    {"breaker", "GET", "/v1/breaker", "", 200, R"("open":true)"},
    {"reset_breaker", "POST", "/v1/breaker/reset", good_body, 200,
     R"("by":"Alex Example","reason":"a newsletter")"},
    {"reset_by_get", "GET", "/v1/breaker/reset", "", 405, "expected POST"},
    {"reset_by_nobody", "POST", "/v1/breaker/reset", R"({"reason":"x"})", 400, "by: expected"},
    {"put_breaker", "PUT", "/v1/breaker", "", 405, "expected GET"},
    {"retention", "GET", "/v1/retention", "", 200, R"("due":1)"},
    {"put_retention", "PUT", "/v1/retention", "", 405, "expected GET"},
    {"run_retention", "POST", "/v1/retention/run/0/5/", good_body, 200, R"("end":true)"},
    {"run_by_get", "GET", "/v1/retention/run/0/5/", "", 405, "expected POST"},
    {"run_by_nobody", "POST", "/v1/retention/run/0/5/", R"({"reason":"x"})", 400, "by: expected"},
    {"run_of_nothing", "POST", "/v1/retention/run/0/0/", good_body, 400, "run/FROM/COUNT"},
    {"run_of_too_much", "POST", "/v1/retention/run/0/201/", good_body, 400, "run/FROM/COUNT"},
    {"run_and_more", "POST", "/v1/retention/run/0/5/x", good_body, 400, "run/FROM/COUNT"},
    {"breaker_and_more", "GET", "/v1/breakers", "", 404, "not_found"},
    // What there is not.
    {"root", "GET", "/", "", 404, "no such resource: /"},
    {"other_version", "GET", "/v2/cases", "", 404, "not_found"},
    {"longer_name", "GET", "/v1/casesx", "", 404, "not_found"},
    {"empty_path", "GET", "", "", 404, "not_found"},
    {"escape_in_path", "GET", "/\x1b[2J", "", 404, R"(no such resource: /\\x1b[2J)"},
    {"no_id", "GET", "/v1/cases/", "", 400, "is no case id"},
    {"bad_id", "GET", "/v1/cases/1", "", 400, "is no case id"},
    {"id_with_raw_bytes", "GET", "/v1/cases/\xff\xfe", "", 400, R"('\\xff\\xfe' is no case id)"},
    {"other_case", "GET", "/v1/cases/B0000000000000000", "", 404, "no case B0000000000000000"},
    {"unknown_verb", "POST", of_case + "/destroy", good_body, 404, "not_found"},
    {"more_after_verb", "POST", of_case + "/release/now", good_body, 404, "not_found"},
    {"decide_by_get", "GET", of_case + "/release", "", 405, "expected POST"},
    {"put", "PUT", of_case, "", 405, "expected GET"},
    {"delete", "DELETE", of_case, "", 405, "expected GET"},
    {"show_with_body", "POST", of_case, good_body, 405, "expected GET"},
    // Who decides, and why.
    {"no_body", "POST", of_case + "/release", "", 400, "expected a JSON object"},
    {"no_json", "POST", of_case + "/release", "by=Alex", 400, "expected a JSON object"},
    {"cut_json", "POST", of_case + "/release", R"({"by":"Alex)", 400, "expected a JSON object"},
    {"list_json", "POST", of_case + "/release", "[]", 400, "expected a JSON object"},
    {"bomb", "POST", of_case + "/release", std::string(60'000, '['), 400, "expected a JSON object"},
    {"bomb_inside", "POST", of_case + "/release",
     R"({"by":)" + std::string(20'000, '[') + std::string(20'000, ']') + "}", 400, "by: expected"},
    {"huge_number", "POST", of_case + "/release", R"({"by":1e999999,"reason":"x"})", 400,
     "expected a JSON object"},
    {"no_name", "POST", of_case + "/release", R"({"reason":"x"})", 400, "by: expected one line"},
    {"no_reason", "POST", of_case + "/release", R"({"by":"x"})", 400, "reason: expected one line"},
    {"blank_reason", "POST", of_case + "/release", R"({"by":"x","reason":"  "})", 400,
     "reason: expected one line"},
    {"number_for_name", "POST", of_case + "/release", R"({"by":7,"reason":"x"})", 400,
     "by: expected one line"},
    {"two_lines", "POST", of_case + "/release", R"({"by":"x","reason":"a\nby=y"})", 400,
     "reason: expected one line"},
    {"reordered_name", "POST", of_case + "/release", R"({"by":"\u202Ex","reason":"a"})", 400,
     "by: expected one line"},
    {"long_name", "POST", of_case + "/release",
     R"({"by":")" + std::string(101, 'x') + R"(","reason":"a"})", 400, "by: expected one line"},
    {"long_reason", "POST", of_case + "/release",
     R"({"by":"x","reason":")" + std::string(1'001, 'a') + R"("})", 400,
     "reason: expected one line"},
    {"unknown_field", "POST", of_case + "/release", R"({"by":"x","reason":"a","force":true})", 400,
     "force: unknown field"},
    {"invalid_utf8", "POST", of_case + "/release", "{\"by\":\"\xff\",\"reason\":\"a\"}", 400,
     "expected a JSON object"},
};

class Routes : public testing::TestWithParam<Row> {};
TEST_P(Routes, answer_with_status_and_body) {
    FakeDesk desk;
    const auto& row = GetParam();
    const auto reply = answer(
        {.method = row.method, .path = row.path, .query = {}, .body = row.body}, desk, status);
    EXPECT_EQ(reply.status, row.status) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(row.want));
    EXPECT_EQ(desk.decided.has_value(),
              row.path.starts_with(of_case) && row.status == 200 && row.method == "POST");
}
INSTANTIATE_TEST_SUITE_P(Api, Routes, testing::ValuesIn(rows),
                         [](const auto& row) { return row.param.name; });

TEST(Routes, hand_the_person_and_the_decision_on) {
    FakeDesk desk;
    const auto path = of_case + "/reinstate";
    const auto reply =
        answer({.method = "POST", .path = path, .query = {}, .body = good_body}, desk, status);
    EXPECT_EQ(reply.by, "Alex Example");
    ASSERT_TRUE(desk.decided);
    EXPECT_EQ(desk.decided->decision, Decision::reinstate);
    EXPECT_EQ(desk.decided->name, "Alex Example");
    EXPECT_EQ(desk.decided->reason, "a newsletter");
}

TEST(Routes, hand_on_what_an_edit_is_about) {
    FakeDesk desk;
    const std::string what = "service.terminate to service.suspend";
    const auto body = json({{"by", "Ada"}, {"reason", "why"}, {"what", what}}).dump();
    const auto path = of_case + "/edit";
    (void)answer({.method = "POST", .path = path, .query = {}, .body = body}, desk, status);
    ASSERT_TRUE(desk.decided);
    EXPECT_EQ(desk.decided->decision, Decision::edit);
    EXPECT_EQ(desk.decided->what, what);
}

struct Query {
    const char* name;
    std::vector<std::pair<std::string, std::string>> query;
    int status;
    std::string want;
};
std::ostream& operator<<(std::ostream& out, const Query& row) {
    return out << row.name;
}

const Query queries[] = {
    {"all", {{"state", "open"}, {"service", "shop@example"}, {"count", "1000"}}, 200, "cases"},
    {"more",
     {{"mode", "enforce"}, {"since", "2026-11-23T00:00:00Z"}, {"rule", "R"}, {"path", "review"}},
     200,
     "cases"},
    {"bad_mode", {{"mode", "on"}}, 400, "mode: expected observe or enforce"},
    {"bad_since", {{"since", "yesterday"}}, 400, "since: expected RFC 3339"},
    {"unknown_state", {{"state", "closed"}}, 400, "state: expected open"},
    {"empty_state", {{"state", ""}}, 400, "state: expected open"},
    {"bad_service", {{"service", "a b\x1b"}}, 400, R"(service: 'a b\\x1b' is no service id)"},
    {"no_count", {{"count", "0"}}, 400, "count: expected 1 to 1000"},
    {"count_too_large", {{"count", "1001"}}, 400, "count: expected 1 to 1000"},
    {"count_overflows", {{"count", "99999999999999999999999"}}, 400, "count: expected 1 to 1000"},
    {"negative_count", {{"count", "-1"}}, 400, "count: expected 1 to 1000"},
    {"count_with_more", {{"count", "5x"}}, 400, "count: expected 1 to 1000"},
    {"twice", {{"count", "1"}, {"count", "2"}}, 400, "count: expected once"},
    {"unknown", {{"sort", "id"}}, 400, "sort: expected state, service, mode, since"},
};

class Queries : public testing::TestWithParam<Query> {};
TEST_P(Queries, are_checked) {
    FakeDesk desk;
    const auto reply =
        answer({.method = "GET", .path = "/v1/cases", .query = GetParam().query, .body = ""}, desk,
               status);
    EXPECT_EQ(reply.status, GetParam().status);
    EXPECT_THAT(reply.body, HasSubstr(GetParam().want));
}
INSTANTIATE_TEST_SUITE_P(Api, Queries, testing::ValuesIn(queries),
                         [](const auto& row) { return row.param.name; });

TEST(Queries, reach_the_desk) {
    FakeDesk desk;
    const DeskRequest request{
        .method = "GET", .path = "/v1/cases", .query = queries[0].query, .body = ""};
    EXPECT_EQ(answer(request, desk, status).status, 200);
    ASSERT_TRUE(desk.filter);
    EXPECT_EQ(desk.filter->state, CaseState::open);
    EXPECT_EQ(desk.filter->service->text(), "shop@example");
    EXPECT_EQ(desk.filter->count, 1'000U);
}

TEST(Queries, of_batches_reach_the_desk) {
    FakeDesk desk;
    const DeskRequest request{
        .method = "GET", .path = "/v1/cases", .query = queries[1].query, .body = ""};
    EXPECT_EQ(answer(request, desk, status).status, 200);
    ASSERT_TRUE(desk.filter);
    EXPECT_EQ(desk.filter->mode, Mode::enforce);
    EXPECT_EQ(to_rfc3339(*desk.filter->since), "2026-11-23T00:00:00.000Z");
    EXPECT_EQ(desk.filter->rule + " " + desk.filter->path, "R review");
}

TEST(Routes, report_since_a_moment) {
    FakeDesk desk;
    const auto ask = [&](std::vector<std::pair<std::string, std::string>> query) {
        return answer({.method = "GET", .path = "/v1/report", .query = query, .body = ""}, desk,
                      status);
    };
    const auto reply = ask({{"since", "1970-01-01T00:00:07Z"}});
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(reply.body, HasSubstr(R"("cases":7000)"));
    EXPECT_THAT(reply.body, HasSubstr(R"({"kind":"service.terminate","direction":"act")"));
    EXPECT_EQ(ask({}).status, 400);
    EXPECT_EQ(ask({{"since", "now"}}).status, 400);
    EXPECT_EQ(ask({{"since", "1970-01-01T00:00:07Z"}, {"rule", "R"}}).status, 400);
}

TEST(Routes, run_the_step_that_is_asked_for) {
    FakeDesk desk;
    const DeskRequest request{
        .method = "POST", .path = "/v1/retention/run/7/5/", .query = {}, .body = good_body};
    const auto reply = answer(request, desk, [] { return std::string(); });
    EXPECT_THAT(desk.ran, testing::EndsWith(" 7 5"));
    EXPECT_FALSE(reply.by.empty());
    const auto run = retention_run_from_json(reply.body);
    ASSERT_TRUE(run.has_value()) << run.error().what;
    EXPECT_EQ(run->next, 1'000U);
    EXPECT_TRUE(run->end);
    ASSERT_EQ(run->erased.size(), 1U);
    EXPECT_EQ(run->erased[0].find('\x1b'), std::string::npos) << "a terminal would obey it";
}

TEST(Routes, show_retention_to_a_terminal) {
    const FakeDesk desk;
    const auto shown = retention_text(retention_json(*desk.retention()));
    EXPECT_THAT(shown, testing::HasSubstr("1 due, 0 held back"));
    EXPECT_THAT(shown, testing::HasSubstr("It erases nothing now: the clock"));
    EXPECT_EQ(shown.find('\x1b'), std::string::npos);
    EXPECT_EQ(retention_text("[]"), "this is not what the desk answers\n");
    EXPECT_FALSE(retention_run_from_json("{}").has_value());
}

TEST(Routes, close_a_breaker_once) {
    FakeDesk desk;
    const DeskRequest request{
        .method = "POST", .path = "/v1/breaker/reset", .query = {}, .body = good_body};
    EXPECT_EQ(answer(request, desk, status).status, 200);
    const auto again = answer(request, desk, status);
    EXPECT_EQ(again.status, 409);
    EXPECT_THAT(again.body, HasSubstr("not open"));
}

TEST(Queries, belong_to_the_list_only) {
    FakeDesk desk;
    const DeskRequest request{
        .method = "GET", .path = of_case, .query = {{"unmask", "1"}}, .body = ""};
    EXPECT_EQ(answer(request, desk, status).status, 400);
}

struct Faulty {
    Fault fault;
    int reading, deciding;
};
void PrintTo(const Faulty& row, std::ostream* out) {
    *out << to_text(row.fault);
}

class Faults : public testing::TestWithParam<Faulty> {};
TEST_P(Faults, have_a_status_and_their_name) {
    FakeDesk desk;
    desk.error = Error{GetParam().fault, "why"};
    const auto path = of_case + "/release";
    const auto read =
        answer({.method = "GET", .path = of_case, .query = {}, .body = ""}, desk, status);
    const auto decided =
        answer({.method = "POST", .path = path, .query = {}, .body = good_body}, desk, status);
    EXPECT_EQ(read.status, GetParam().reading);
    EXPECT_EQ(decided.status, GetParam().deciding);
    EXPECT_EQ(json::parse(read.body)["error"],
              json({{"fault", to_text(GetParam().fault)}, {"what", "why"}}));
}
INSTANTIATE_TEST_SUITE_P(
    Api, Faults,
    testing::Values(Faulty{Fault::invalid_input, 400, 409}, Faulty{Fault::not_found, 404, 404},
                    Faulty{Fault::unavailable, 503, 503}, Faulty{Fault::corrupt, 500, 500},
                    Faulty{Fault::exhausted, 507, 507}, Faulty{Fault::internal, 500, 500}),
    [](const auto& row) { return std::string(to_text(row.param.fault)); });

}  // namespace
}  // namespace bailiff
