#include "src/panel/whmcs.hpp"

#include "tests/panel/scripted_http.hpp"

#include <gmock/gmock.h>

namespace bailiff::panel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string product(int id, int client, const std::string& status, const std::string& reason = "") {
    return R"({"id":)" + std::to_string(id) + R"(,"clientid":)" + std::to_string(client) +
           R"(,"password":"hunter2","status":")" + status + R"(","suspensionreason":")" + reason +
           "\"}";
}
std::string products(const std::string& rows, const std::string& total) {
    return R"({"result":"success","totalresults":)" + total + R"(,"products":{"product":[)" + rows +
           "]}}";
}
const std::string yes = R"({"result":"success"})";
const std::string active = products(product(11, 7, "Active"), "1");

// Requests.

TEST(WhmcsRequests, terminate_suspends_and_never_destroys) {
    Bench bench("whmcs");
    bench.http.will_say(active);
    bench.http.will_say(yes);
    const auto order = order_of(ActionKind::service_terminate, "11");
    const auto outcome = bench.effect(order.kind)->act(order);
    EXPECT_EQ(outcome.kind, Outcome::Kind::done) << outcome.detail;
    EXPECT_THAT(bench.http.functions(), ElementsAre("GetClientsProducts", "ModuleSuspend"));
    const auto& act = bench.http.sent.at(1);
    EXPECT_EQ(act.url, "https://billing.example/includes/api.php");
    EXPECT_EQ(act.body,
              "identifier=root&secret=token&action=ModuleSuspend&responsetype=json"
              "&serviceid=11&suspendreason=bailiff%20terminated%20case%20"
              "B0123456789ABCDEF");
}

TEST(WhmcsRequests, old_versions_are_sent_their_own_key) {
    Bench bench("whmcs");
    bench.settings.service_key = "accountid";
    bench.http.will_say(active);
    bench.http.will_say(yes);
    const auto order = order_of(ActionKind::service_suspend, "11");
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::done);
    EXPECT_THAT(bench.http.sent.at(0).body, HasSubstr("&serviceid=11"));
    EXPECT_THAT(bench.http.sent.at(1).body, HasSubstr("&accountid=11"));
}

TEST(WhmcsRequests, purge_goes_by_the_other_credential) {
    Bench bench("whmcs");
    bench.http.will_say(products(product(11, 7, "Suspended", "x"), "1"));
    bench.http.will_say(yes);
    const auto order = order_of(ActionKind::service_purge, "11");
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::done);
    EXPECT_THAT(bench.http.sent.at(1).body,
                testing::StartsWith("identifier=purger&secret=purge-token&action=ModuleTerminate"));
    EXPECT_THAT(bench.http.sent.at(0).body, Not(HasSubstr("purge-token")));
}

TEST(WhmcsRequests, a_service_of_another_client_is_refused) {
    Bench bench("whmcs");
    bench.map = *TargetMap::parse("what,id,panel\nservice,s,11\naccount,7,8\n", "map");
    bench.http.will_say(active);
    const auto order = order_of(ActionKind::service_terminate, "s");
    const auto outcome = bench.effect(order.kind)->act(order);
    EXPECT_EQ(outcome.kind, Outcome::Kind::never);
    EXPECT_THAT(outcome.detail, HasSubstr("belongs to client 7, not to 8"));
    EXPECT_THAT(bench.http.functions(), ElementsAre("GetClientsProducts"));
}

TEST(WhmcsRequests, a_ticket_is_looked_for_before_it_is_opened) {
    Bench bench("whmcs");
    bench.http.will_say(R"({"result":"success","totalresults":0,"tickets":""})");
    bench.http.will_say(yes);
    const auto order = order_of(ActionKind::ticket_open, "11");
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::done);
    EXPECT_THAT(bench.http.functions(), ElementsAre("GetTickets", "OpenTicket"));
    EXPECT_THAT(bench.http.sent.at(0).body,
                HasSubstr("&clientid=7&subject=B0123456789ABCDEF&ignore_dept_assignments=true"));
    EXPECT_THAT(bench.http.sent.at(1).body,
                HasSubstr("&deptid=3&clientid=7&subject=%5BB0123456789ABCDEF%5D%20Stopped"));
}

TEST(WhmcsRequests, a_ticket_of_the_case_is_not_opened_again) {
    Bench bench("whmcs");
    bench.http.will_say(
        R"({"result":"success","totalresults":"1","tickets":{"ticket":[{"subject":"Re: )" +
        std::string(case_id) + R"("}]}})");
    const auto order = order_of(ActionKind::ticket_open, "11");
    EXPECT_EQ(bench.effect(order.kind)->act(order).kind, Outcome::Kind::done);
    EXPECT_THAT(bench.http.functions(), ElementsAre("GetTickets"));
}

// Replies.

struct Listing {
    const char* name;
    std::string body;
    std::string want;  ///< state, or "unavailable"
};
std::ostream& operator<<(std::ostream& out, const Listing& row) {
    return out << row.name;
}

const std::string ours = std::string("bailiff terminated case ") + case_id;

class WhmcsListings : public testing::TestWithParam<Listing> {};
INSTANTIATE_TEST_SUITE_P(
    Whmcs, WhmcsListings,
    testing::Values(
        Listing{"active", active, "active"},
        Listing{"total_as_text", products(product(11, 7, "Active"), "\"1\""), "active"},
        Listing{"suspended_by_others", products(product(11, 7, "Suspended", "Overdue"), "1"),
                "suspended"},
        Listing{"terminated_by_us", products(product(11, 7, "Suspended", ours), "1"), "terminated"},
        Listing{"nearly_our_words", products(product(11, 7, "Suspended", ours + " or so"), "1"),
                "suspended"},
        Listing{"destroyed", products(product(11, 7, "Terminated"), "1"), "purged"},
        Listing{"fraud", products(product(11, 7, "Fraud"), "1"), "fraud"},
        Listing{"nothing", R"({"result":"success","totalresults":0,"products":""})", "absent"},
        Listing{"of_everybody",
                products(product(11, 7, "Active") + "," + product(12, 7, "Active"), "2"),
                "unavailable"},
        Listing{"another_service", products(product(12, 7, "Active"), "1"), "unavailable"},
        Listing{"fewer_than_it_says", products(product(11, 7, "Active"), "2"), "unavailable"},
        Listing{"no_total", R"({"result":"success","products":{"product":[]}})", "unavailable"},
        Listing{"no_status", products(R"({"id":11,"clientid":7})", "1"), "unavailable"},
        Listing{"error", R"({"result":"error","message":"Authentication Failed"})", "unavailable"},
        Listing{"login_page", "<html>Login</html>", "unavailable"},
        Listing{"neither", R"({"result":"ok"})", "unavailable"}),
    [](const auto& row) { return row.param.name; });

TEST_P(WhmcsListings, give_the_state_or_none) {
    Bench bench("whmcs");
    bench.http.will_say(GetParam().body);
    const auto order = order_of(ActionKind::service_terminate, "11");
    const auto state = bench.effect(order.kind)->state(order);
    EXPECT_EQ(state ? **state : std::string(to_text(state.error().fault)), GetParam().want);
    EXPECT_THAT(state ? "" : state.error().what, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace bailiff::panel
