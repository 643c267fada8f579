#include "src/api/desk_json.hpp"

#include <gmock/gmock.h>

#include <bailiff/masked.hpp>
#include <nlohmann/json.hpp>

#include "src/api/list_json.hpp"
#include "tests/api/fake_desk.hpp"

namespace bailiff {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(CaseJson, holds_what_the_case_holds) {
    const auto all = json::parse(case_json(hostile_case()));
    const auto& record = all["case"];
    EXPECT_EQ(all["v"], 1);
    EXPECT_EQ(record["opened"], "2026-01-02T03:04:05.678Z");
    EXPECT_EQ(record["verdict"]["score"], 15'200);
    EXPECT_EQ(record["verdict"]["families"]["rspamd"], 7'200);
    EXPECT_EQ(record["verdict"]["findings"][0]["family"], "rules");
    EXPECT_EQ(record["verdict"]["findings"][2]["family"], "state");
    EXPECT_EQ(record["attribution"]["proofs"][0]["services"], json({"shop"}));
    EXPECT_EQ(record["envelope"]["uid"], nullptr);
    EXPECT_EQ(record["held"][0]["queue_id"], "4abcDEF");
    EXPECT_EQ(record["events"][1]["by"], "Alex Example");
    EXPECT_EQ(all["actions"][0]["state"], "verified");
    EXPECT_EQ(all["service_standing"]["standing"], "terminated");
    EXPECT_EQ(all["account_standing"]["since"], nullptr);
    EXPECT_EQ(all["account_standing"]["probation_until"], nullptr);
    EXPECT_EQ(all["service_standing"]["probation_until"], "2026-12-24T00:00:00.000Z");
}

TEST(CaseJson, replaces_bytes_that_are_no_utf8) {
    const auto all = json::parse(case_json(hostile_case()));
    EXPECT_EQ(all["case"]["verdict"]["findings"][0]["reason"],
              "text \xef\xbf\xbd\xef\xbf\xbd of a form");
}

TEST(CaseJson, masks_recipients) {
    EXPECT_THAT(case_json(hostile_case()), HasSubstr(R"(["a***@example.net","b***@example.org"])"));
    EXPECT_THAT(case_json(hostile_case()), Not(HasSubstr("alice")));
}

struct Masked {
    const char *name, *address, *want;
};
class MaskedRecipients : public testing::TestWithParam<Masked> {};
TEST_P(MaskedRecipients, keep_a_letter_and_the_domain) {
    EXPECT_EQ(masked_recipient(GetParam().address), GetParam().want);
    EXPECT_EQ(masked_recipient(GetParam().want), GetParam().want) << "masked twice";
}
INSTANTIATE_TEST_SUITE_P(
    Json, MaskedRecipients,
    testing::Values(Masked{"usual", "alice@example.com", "a***@example.com"},
                    Masked{"two_ats", "\"a@b\"@example.com", "\"***@example.com"},
                    Masked{"no_domain", "alice", "a***"},
                    Masked{"no_name", "@example.com", "***@example.com"},
                    Masked{"empty", "", "***"},
                    Masked{"no_ascii", "\xc3\xa9@example.com", "***@example.com"}),
    [](const auto& row) { return row.param.name; });

TEST(ListJson, holds_a_line_a_case) {
    const auto all = json::parse(case_list_json({hostile_case().record}));
    EXPECT_EQ(all["cases"][0]["level"], "confirmed");
    EXPECT_EQ(all["cases"][0]["held"], 4);
    EXPECT_EQ(case_list_json({}), R"({"v":1,"cases":[]})");
}

TEST(ListJson, is_read_back) {
    auto file = hostile_case();
    EXPECT_EQ(service_from_json(case_json(file)), file.record.service.id.text());
    const auto listed = cases_from_json(case_list_json({file.record}));
    ASSERT_TRUE(listed) << listed.error().what;
    EXPECT_EQ(listed->at(0).id, file.record.id);
    for (const auto* wrong : {"", "7", "{}", R"({"case":7})", R"({"case":{"service":7}})"})
        EXPECT_EQ(service_from_json(wrong), "");
}

TEST(Parts, are_json_of_their_own) {
    const auto file = hostile_case();
    const auto findings = json::parse(findings_json(file.record.verdict.findings));
    EXPECT_EQ(findings[1]["symbol"], "PHISHING");
    EXPECT_EQ(findings[1]["score"], 7'200);
    EXPECT_EQ(json::parse(verdict_json(file.record.verdict))["level"], "confirmed");
    EXPECT_EQ(findings_json({}), "[]");
    EXPECT_EQ(json_quoted("a\"\n\xff"), "\"a\\\"\\n\xef\xbf\xbd\"");
}

TEST(Parts, name_the_service_of_an_attribution) {
    Attribution attribution;
    EXPECT_EQ(json::parse(attribution_json(attribution))["service"], "");
    attribution.service = Service{};
    attribution.service->id = *ServiceId::parse("shop");
    attribution.strength = Strength::proven;
    EXPECT_EQ(json::parse(attribution_json(attribution))["service"], "shop");
}

}  // namespace
}  // namespace bailiff
