// Small formats: reasons, maps, forms, base64, orders, signatures.
#include <bailiff/base64.hpp>
#include "src/panel/form.hpp"
#include "src/panel/order_json.hpp"
#include "src/panel/reason.hpp"
#include "src/panel/target_map.hpp"
#include "src/panel/webhook_effect.hpp"
#include "tests/panel/scripted_http.hpp"

#include <gmock/gmock.h>

namespace bailiff::panel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Reasons, are_read_as_they_were_written) {
    for (const auto meaning : {Meaning::suspended, Meaning::terminated})
        for (const std::string before :
             {"", "unpaid", "bailiff suspended case BZZZZZZZZZZZZZZZZ"}) {
            const auto read = read_reason(reason_text({meaning, case_id, before}));
            ASSERT_TRUE(read) << before;
            EXPECT_EQ(read->meaning, meaning);
            EXPECT_EQ(read->case_id, case_id);
            EXPECT_EQ(read->before, before);
        }
}

TEST(Reasons, stay_short_whatever_stood_before) {
    EXPECT_LE(reason_text({Meaning::terminated, case_id, std::string(5'000, 'x')}).size(), 480U);
}

struct BadMap {
    const char* name;
    std::string text, want;
};
std::ostream& operator<<(std::ostream& out, const BadMap& row) {
    return out << row.name;
}

class BadMaps : public testing::TestWithParam<BadMap> {};
INSTANTIATE_TEST_SUITE_P(
    Maps, BadMaps,
    testing::Values(
        BadMap{"empty", "", "f:1: expected the line what,id,panel"},
        BadMap{"header", "id,panel\n", "f:1: expected the line what,id,panel"},
        BadMap{"two_cells", "what,id,panel\nservice,a\n", "f:2: expected three cells"},
        BadMap{"four_cells", "what,id,panel\n\nservice,a,b,c\n", "f:3: expected three cells"},
        BadMap{"what", "what,id,panel\nholder,a,b\n", "f:2: what: expected service or account"},
        BadMap{"no_id", "what,id,panel\nservice,,b\n", "f:2: id: expected 1 to 64"},
        BadMap{"wildcard", "what,id,panel\nservice,a,*\n", "f:2: panel: expected 1 to 64"}),
    [](const auto& row) { return row.param.name; });

TEST_P(BadMaps, are_refused_with_their_line) {
    const auto map = TargetMap::parse(GetParam().text, "f");
    ASSERT_FALSE(map);
    EXPECT_THAT(map.error().what, testing::StartsWith(GetParam().want));
}

TEST(Maps, give_every_row_of_an_id_and_nothing_of_another) {
    const auto map = TargetMap::parse(
        "what,id,panel\r\naccount,a,x\n# more\naccount,a,y\n"
        "service,a,z",
        "f");
    ASSERT_TRUE(map) << map.error().what;
    EXPECT_THAT(map->find(ActionTarget::account, "a").value(), ElementsAre("x", "y"));
    EXPECT_THAT(map->find(ActionTarget::service, "a").value(), ElementsAre("z"));
    EXPECT_FALSE(map->find(ActionTarget::service, "b"));
    EXPECT_FALSE(map->find(ActionTarget::service, ""));
    EXPECT_FALSE(TargetMap().find(ActionTarget::service, ""));
}

TEST(Forms, carry_any_byte_as_data) {
    EXPECT_EQ(encoded({{"a", "x&y=z +%"}, {"b.c", std::string("\0\xc3\xa9", 3)}}),
              "a=x%26y%3Dz%20%2B%25&b.c=%00%C3%A9");
}

TEST(Base64, agrees_with_rfc_4648) {
    const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"},
                                                        {"\xff\xfe\xfd", "//79"}};
    for (const auto& [bytes, text] : rows) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
    for (const auto* wrong : {"Zg=", "Zg", "Zh==", "Z===", "====", "Zm9v\n", "Zm-v", "=Zm9"})
        EXPECT_FALSE(from_base64(wrong)) << wrong;
}

const std::string good_order =
    R"({"v":1,"action_id":")" + std::string(64, 'a') +
    R"(","case_id":"B0123456789ABCDEF","kind":"service.terminate","account":"acct","service":"s",)" +
    R"("target":"s","state_before":"active","reason":"r","mode":"enforce","new":1})";

TEST(Orders, are_read_as_the_hook_contract_says) {
    const auto order = read_order(good_order + "\n");
    ASSERT_TRUE(order) << order.error().what;
    EXPECT_EQ(order->kind, ActionKind::service_terminate);
    EXPECT_EQ(order->case_id.text(), case_id);
    EXPECT_EQ(order->target, "s");
    EXPECT_EQ(order->state_before, "active");
    EXPECT_EQ(order->direction, Direction::act);
    EXPECT_THAT(order->others, IsEmpty());
}

const std::string good_other =
    R"({"case_id":"B1111111111111111","what":"account","target":"acct","standing":"suspended"})";

std::string undo_order(const std::string& others) {
    auto text = good_order;
    const std::string tail = R"("new":1)";
    return text.replace(text.find(tail), tail.size(), R"("direction":"undo","others":)" + others);
}

TEST(Orders, name_the_other_cases) {
    const auto order = read_order(undo_order("[" + good_other + "]"));
    ASSERT_TRUE(order) << order.error().what;
    EXPECT_EQ(order->direction, Direction::undo);
    EXPECT_THAT(order->others,
                ElementsAre(OtherClaim{*CaseId::parse("B1111111111111111"), ActionTarget::account,
                                       "acct", Standing::suspended}));
}

TEST(Orders, with_other_cases_that_are_none_are_refused) {
    const auto changed = [](const std::string& from, const std::string& to) {
        auto text = good_other;
        return "[" + text.replace(text.find(from), from.size(), to) + "]";
    };
    for (const auto& wrong : {std::string("{}"), std::string("[7]"), std::string("[{}]"),
                              changed("account\"", "mail\""), changed("suspended", "stopped"),
                              changed("B1111", "x"), changed("\"acct\"", "7")})
        EXPECT_FALSE(read_order(undo_order(wrong))) << wrong;
}

TEST(Orders, that_are_none_are_refused) {
    const auto changed = [](const std::string& from, const std::string& to) {
        auto text = good_order;
        return text.replace(text.find(from), from.size(), to);
    };
    for (const auto& wrong :
         {std::string(), std::string("[]"), good_order.substr(0, 50),
          changed(R"("v":1)", R"("v":2)"), changed("service.terminate", "service.explode"),
          changed("B0123", "b0123"), changed(R"("target":"s")", R"("target":"")"),
          changed(R"("target":"s")", R"("target":7)"), changed(R"("state_before":"active",)", "")})
        EXPECT_FALSE(read_order(wrong)) << wrong;
}

// The example of the Standard Webhooks specification's own libraries: secret, id, time, body.
TEST(Signatures, agree_with_the_published_example) {
    const auto signature =
        webhook_signature({"msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"},
                          "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    ASSERT_TRUE(signature) << signature.error().what;
    EXPECT_EQ(*signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signatures, are_one_for_each_secret_while_they_are_changed) {
    const std::string key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const auto both = webhook_signature({"id", 1, "{}"}, key + "\n" + key);
    const auto one = webhook_signature({"id", 1, "{}"}, key);
    ASSERT_TRUE(both && one);
    EXPECT_EQ(*both, *one + " " + *one);
}

TEST(Signatures, are_not_made_of_weak_or_foreign_secrets_nor_show_them) {
    for (const auto* wrong : {"whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "x",
                              "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"}) {
        const auto signature = webhook_signature({"id", 1, "{}"}, wrong);
        ASSERT_FALSE(signature) << wrong;
        EXPECT_THAT(signature.error().what, testing::Not(HasSubstr("MfKQ")));
    }
}

TEST(Secrets, are_blotted_out_of_what_is_said) {
    const Secrets secrets{Secret("aa"), std::optional<Secret>(Secret("bb"))};
    EXPECT_EQ(without_secrets("xaaaay bb", secrets), "x[secret][secret]y [secret]");
}

}  // namespace
}  // namespace bailiff::panel
