#include "src/panel/whm.hpp"

#include "src/panel/whm_reply.hpp"
#include "tests/panel/scripted_http.hpp"

#include <gmock/gmock.h>

namespace bailiff::panel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string says(const std::string& function, int result, const std::string& data = "{}",
                 const std::string& reason = "OK") {
    return R"({"metadata":{"version":1,"command":")" + function + R"(","result":)" +
           std::to_string(result) + R"(,"reason":")" + reason + R"("},"data":)" + data + "}";
}
std::string summary(const std::string& user, const std::string& more = "") {
    return says("accountsummary", 1, R"({"acct":[{"user":")" + user + "\"" + more + "}]}");
}
std::string suspended(const std::string& rows) {
    return says("listsuspended", 1, R"({"account":[)" + rows + "]}");
}
const std::string no_resellers = says("listresellers", 1, R"({"reseller":["joe"]})");

// Requests.

TEST(WhmRequests, terminate_reads_first_and_names_the_case) {
    Bench bench("whm");
    bench.http.will_say(summary("alice", R"(,"outgoing_mail_suspended":0)"));
    bench.http.will_say(suspended(""));
    bench.http.will_say(no_resellers);
    bench.http.will_say(says("suspendacct", 1));
    bench.http.will_say(says("suspend_outgoing_email", 1));
    const auto order = order_of(ActionKind::service_terminate, "alice");
    const auto outcome = bench.effect(order.kind)->act(order);
    EXPECT_EQ(outcome.kind, Outcome::Kind::done) << outcome.detail;
    EXPECT_THAT(bench.http.functions(),
                ElementsAre("accountsummary", "listsuspended", "listresellers", "suspendacct",
                            "suspend_outgoing_email"));
    const auto& act = bench.http.sent.at(3);
    EXPECT_EQ(act.url, "https://whm.example:2087/json-api/suspendacct");
    EXPECT_EQ(act.body,
              "api.version=1&user=alice&reason=bailiff%20terminated%20case%20"
              "B0123456789ABCDEF&disallowun=1");
    EXPECT_THAT(act.headers, testing::Contains(std::pair<std::string, std::string>(
                                 "Authorization", "whm root:token")));
    EXPECT_EQ(bench.http.sent.at(4).body, "api.version=1&user=alice");
}

TEST(WhmRequests, only_removeacct_goes_by_the_other_token) {
    Bench bench("whm");
    bench.http.will_say(summary("alice"));
    bench.http.will_say(suspended(R"({"user":"alice","reason":"x"})"));
    bench.http.will_say(no_resellers);
    bench.http.will_say(says("removeacct", 1));
    const auto order = order_of(ActionKind::service_purge, "alice");
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::done);
    EXPECT_EQ(bench.http.sent.at(2).headers.front().second, "whm root:token");
    EXPECT_EQ(bench.http.sent.at(3).headers.front().second, "whm purger:purge-token");
    EXPECT_EQ(bench.http.sent.at(3).body, "api.version=1&username=alice&keepdns=0");
}

struct Target {
    const char* name;
    std::string target;
};
std::ostream& operator<<(std::ostream& out, const Target& row) {
    return out << row.name;
}

class WhmTargets : public testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Refused, WhmTargets,
                         testing::Values(Target{"empty", ""}, Target{"wildcard", "*"},
                                         Target{"percent", "%"}, Target{"root", "root"},
                                         Target{"upper_case", "Alice"}, Target{"two_users", "a,b"},
                                         Target{"parameter", "a&user=b"},
                                         Target{"digit_first", "1alice"},
                                         Target{"long_name", std::string(33, 'a')},
                                         Target{"nul", std::string("a\0b", 3)}),
                         [](const auto& row) { return row.param.name; });

TEST_P(WhmTargets, are_refused_before_anything_is_sent) {
    Bench bench("whm");
    const auto order = order_of(ActionKind::service_terminate, GetParam().target);
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::never);
    EXPECT_THAT(bench.http.sent, testing::IsEmpty());
}

TEST(WhmRequests, an_answer_about_somebody_else_changes_nothing) {
    Bench bench("whm");
    bench.http.will_say(summary("bob"));
    const auto order = order_of(ActionKind::service_terminate, "alice");
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::retry);
    EXPECT_THAT(bench.http.functions(), ElementsAre("accountsummary"));
}

// Replies.

struct Verdict {
    const char* name;
    std::string body;
    std::optional<bool> want;
};
std::ostream& operator<<(std::ostream& out, const Verdict& row) {
    return out << row.name;
}

class WhmVerdicts : public testing::TestWithParam<Verdict> {};
INSTANTIATE_TEST_SUITE_P(
    Whm, WhmVerdicts,
    testing::Values(Verdict{"yes", says("suspendacct", 1), true},
                    Verdict{"no", says("suspendacct", 0, "{}", "No such user"), false},
                    Verdict{"yes_without_a_command", R"({"metadata":{"result":1}})", true},
                    Verdict{"another_command", says("version", 1), std::nullopt},
                    Verdict{"result_two", says("suspendacct", 2), std::nullopt},
                    Verdict{"result_as_text", R"({"metadata":{"result":"1"}})", std::nullopt},
                    Verdict{"result_true", R"({"metadata":{"result":true}})", std::nullopt},
                    Verdict{"version_0", R"({"result":[{"status":1}]})", std::nullopt},
                    Verdict{"access_denied", R"({"cpanelresult":{"error":"Access denied"}})",
                            std::nullopt},
                    Verdict{"login_page", "<!DOCTYPE html><title>WHM Login</title>", std::nullopt},
                    Verdict{"cut", says("suspendacct", 1).substr(0, 40), std::nullopt},
                    Verdict{"list", "[1]", std::nullopt}, Verdict{"empty", "", std::nullopt}),
    [](const auto& row) { return row.param.name; });

TEST_P(WhmVerdicts, are_read_by_the_schema_only) {
    const auto verdict = read_whm_verdict(GetParam().body, "suspendacct");
    EXPECT_EQ(verdict ? std::optional(verdict->done) : std::nullopt, GetParam().want);
}

TEST(WhmReplies, only_an_account_that_does_not_exist_is_absent) {
    const auto no = [](const char* why) { return says("accountsummary", 0, "{}", why); };
    const auto absent = read_whm_account(no("Account does not exist."), "alice");
    ASSERT_TRUE(absent);
    EXPECT_FALSE(absent->present);
    const auto denied = read_whm_account(no("Permission denied"), "alice");
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().fault, Fault::unavailable);
    EXPECT_FALSE(read_whm_account(says("accountsummary", 1, R"({"acct":[]})"), "alice"));
}

TEST(WhmReplies, a_suspension_is_that_of_the_very_user) {
    const auto list = suspended(R"({"user":"alice2","reason":"a"},{"user":"alice","reason":"b"})");
    EXPECT_EQ(read_whm_suspension(list, "alice").value(), "b");
    EXPECT_EQ(read_whm_suspension(list, "ali").value(), std::nullopt);
    EXPECT_FALSE(read_whm_suspension(suspended(R"({"name":"alice"})"), "alice"));
    EXPECT_FALSE(read_whm_suspension(says("listsuspended", 1), "alice"));
}

TEST(WhmReplies, what_the_panel_says_becomes_one_printable_line) {
    const auto body =
        says("suspendacct", 0, "{}", R"(a\u001b[2J\r\nb\u202ec)" + std::string(500, 'x'));
    const auto verdict = read_whm_verdict(body, "suspendacct");
    ASSERT_TRUE(verdict);
    EXPECT_THAT(verdict->reason, testing::StartsWith("a [2J b cx"));
    EXPECT_LE(verdict->reason.size(), 204U);
}

}  // namespace
}  // namespace bailiff::panel
