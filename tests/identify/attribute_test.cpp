#include "src/identify/attribute.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/memory/directory.hpp"

namespace bailiff {
namespace {

Instant at(const char* text) { return *parse_rfc3339(text); }
const Instant now = at("2026-06-01T12:00:00Z");

Service service(const char* id, std::vector<Identity> identities) {
    Service result;
    result.id = *ServiceId::parse(id);
    result.account = *AccountId::parse(std::string("acct-") + id);
    result.created = at("2024-01-01");
    result.identities = std::move(identities);
    return result;
}

const MemoryDirectory directory(
    {service("shop", {{IdentityKind::login, "shop@shop.example", {}, {}},
                      {IdentityKind::client_ip, "192.0.2.10", {}, at("2026-01-01")},
                      {IdentityKind::uid, "33001", {}, {}},
                      {IdentityKind::domain, "shop.example", {}, {}}}),
     service("blog", {{IdentityKind::login, "blog@blog.example", {}, {}},
                      {IdentityKind::client_ip, "192.0.2.20", {}, {}},
                      {IdentityKind::uid, "33002", {}, {}},
                      {IdentityKind::domain, "blog.example", {}, {}},
                      {IdentityKind::script, "/home/blog", {}, {}}}),
     service("nat1", {{IdentityKind::client_ip, "192.0.2.99", {}, {}}}),
     service("nat2", {{IdentityKind::client_ip, "192.0.2.99", {}, {}}}),
     service("loop", {{IdentityKind::client_ip, "127.0.0.1", {}, {}}})},
    now);

struct Row {
    std::string name;
    Envelope envelope;
    std::vector<HeaderField> headers;
    std::string service;  ///< empty: nobody
    Strength strength;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

Envelope smtp(std::string login, std::string ip = "198.51.100.7",
              std::string mail_from = "a@elsewhere.example") {
    Envelope envelope;
    envelope.door = Door::submission;
    envelope.login = std::move(login);
    envelope.client_address = std::move(ip);
    envelope.mail_from = std::move(mail_from);
    envelope.received = now;
    return envelope;
}

Envelope local(std::optional<std::uint32_t> uid) {
    auto envelope = smtp("", "127.0.0.1");
    envelope.door = Door::local;
    envelope.uid = uid;
    return envelope;
}

Envelope with_door(Envelope envelope, Door door) {
    envelope.door = door;
    return envelope;
}

HeaderField header(std::string name, std::string value) { return {std::move(name), "", value}; }

class Attributions : public testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(
    Identify, Attributions,
    testing::Values(
        Row{"login", smtp("shop@shop.example"), {}, "shop", Strength::proven},
        Row{"unknown_login", smtp("other@shop.example"), {}, "", Strength::unknown},
        Row{"login_in_other_case", smtp("Shop@Shop.Example"), {}, "", Strength::unknown},
        Row{"login_without_domain", smtp("shop", "198.51.100.7", "x@shop.example"), {}, "shop",
            Strength::asserted},
        Row{"client_ip", smtp("", "192.0.2.20"), {}, "blog", Strength::proven},
        Row{"client_ip_of_a_former_tenant", smtp("", "192.0.2.10"), {}, "", Strength::unknown},
        Row{"client_ip_of_two", smtp("", "192.0.2.99"), {}, "", Strength::unknown},
        Row{"loopback_is_nobody", smtp("", "127.0.0.1"), {}, "", Strength::unknown},
        Row{"uid", local(33002), {}, "blog", Strength::proven},
        Row{"unknown_uid", local(1), {}, "", Strength::unknown},
        Row{"no_uid", local({}), {}, "", Strength::unknown},
        // Proofs that disagree are nobody's; proofs that agree are one.
        Row{"login_and_ip_disagree", smtp("shop@shop.example", "192.0.2.20"), {}, "",
            Strength::unknown},
        Row{"login_and_ip_agree", smtp("blog@blog.example", "192.0.2.20"), {}, "blog",
            Strength::proven},
        // Nothing is proven at a door without a tag.
        Row{"login_at_unknown_door", with_door(smtp("shop@shop.example"), Door::unknown), {}, "",
            Strength::unknown},
        Row{"ip_at_unknown_door", with_door(smtp("", "192.0.2.20"), Door::unknown), {}, "",
            Strength::unknown},
        // Claims never change what is proven, and prove nothing alone.
        Row{"forged_script_header", local(33001), {header("X-PHP-Originating-Script", "33002:x")},
            "shop", Strength::proven},
        Row{"script_header_alone", local({}), {header("X-PHP-Originating-Script", "33002:x")},
            "blog", Strength::asserted},
        Row{"script_path", local({}), {header("X-PHP-Script", "/home/blog/www/x.php for 1.2.3.4")},
            "blog", Strength::asserted},
        Row{"forged_received", smtp("shop@shop.example"),
            {header("Received", "by node (Postfix, from userid 33002)")}, "shop",
            Strength::proven},
        Row{"received_alone", smtp(""), {header("Received", "by node (Postfix, from userid 33002)")},
            "blog", Strength::asserted},
        Row{"header_from", smtp(""), {header("From", "Blog <me@Blog.Example>")}, "blog",
            Strength::asserted},
        Row{"claims_disagree", smtp("", "198.51.100.7", "x@shop.example"),
            {header("From", "me@blog.example")}, "", Strength::unknown},
        Row{"null_sender", smtp("shop@shop.example", "198.51.100.7", ""), {}, "shop",
            Strength::asserted}),
    [](const auto& row) { return row.param.name; });

TEST_P(Attributions, follow_the_table) {
    Message message;
    message.fields = GetParam().headers;
    const auto found = attribute(GetParam().envelope, message, directory);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->service ? found->service->id.text() : "", GetParam().service)
        << found->reason.en;
    EXPECT_EQ(found->strength, GetParam().strength) << found->reason.en;
    EXPECT_FALSE(found->reason.empty());
}

TEST(Attribute, at_mail_sees_no_claims) {
    const auto found = attribute_envelope(smtp("", "198.51.100.7", "x@shop.example"), directory);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->strength, Strength::unknown);
}

struct VouchedRow {
    std::string name;
    Envelope envelope;
    std::string vouched;
};
std::ostream& operator<<(std::ostream& out, const VouchedRow& row) { return out << row.name; }

class Vouched : public testing::TestWithParam<VouchedRow> {};
INSTANTIATE_TEST_SUITE_P(
    Identify, Vouched,
    testing::Values(VouchedRow{"login", smtp("shop@shop.example"), "shop"},
                    VouchedRow{"null_sender", smtp("shop@shop.example", "198.51.100.7", ""), "shop"},
                    VouchedRow{"login_before_address", smtp("shop@shop.example", "192.0.2.20"),
                               "shop"},
                    VouchedRow{"address_alone", smtp("", "192.0.2.20"), "blog"},
                    VouchedRow{"address_of_two", smtp("", "192.0.2.99"), ""},
                    VouchedRow{"claim", smtp("", "198.51.100.7", "x@shop.example"), ""}),
    [](const auto& row) { return row.param.name; });

TEST_P(Vouched, names_whose_standing_counts) {
    const auto found = attribute(GetParam().envelope, Message{}, directory);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->vouched ? found->vouched->id.text() : "", GetParam().vouched);
}

TEST(Attribute, is_bounded_on_a_thousand_claims) {
    Message message;
    for (int i = 0; i < 1000; ++i)
        message.fields.push_back(header("From", "x@d" + std::to_string(i) + ".example"));
    const auto found = attribute(smtp(""), message, directory);
    ASSERT_TRUE(found);
    EXPECT_LE(found->proofs.size(), 40U);
}

}  // namespace
}  // namespace bailiff
