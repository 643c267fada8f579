#include <gmock/gmock.h>

#include "src/directory/import.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string head = "service,account,created,login,client_ip,uid,script,domain\n";

struct Wrong {
    const char* name;
    const char* file;
    std::string text;
    std::string want;  ///< the whole error
};
std::ostream& operator<<(std::ostream& out, const Wrong& row) {
    return out << row.name;
}

std::string one(const std::string& identity) {
    return "[\n{\"service\":\"s1\",\"account\":\"a1\",\"created\":\"2026-01-01\",\n\"identities\":["
           "\n" +
           identity + "\n]}\n]\n";
}

const Wrong wrongs[] = {
    // CSV: fields.
    {"csv_no_service", "s.csv", head + ",a1,2026-01-01,x\n",
     "s.csv:2: row: expected 8 cells as in the header, not 4"},
    {"csv_missing_service", "s.csv", head + ",a1,2026-01-01,x,,,,\n",
     "s.csv:2: service: expected a value: the field is required"},
    {"csv_bad_service", "s.csv", head + "s 1,a1,2026-01-01,x,,,,\n",
     "s.csv:2: service: 's 1' is no service id: expected 1 to 64 of A-Z a-z 0-9 . _ @ -"},
    {"csv_bad_time", "s.csv", head + "s1,a1,yesterday,x,,,,\n",
     "s.csv:2: created: 'yesterday': expected a time such as 2026-11-23T01:26:55Z or 2026-11-23"},
    {"csv_twice", "s.csv", head + "s1,a1,2026-01-01,x,,,,\n\ns1,a2,2026-01-01,y,,,,\n",
     "s.csv:4: service: 's1': expected each once; it is in line 2"},
    {"csv_bad_truth", "s.csv", "service,account,created,test\ns1,a1,2026-01-01,maybe\n",
     "s.csv:2: test: 'maybe': expected true or false"},
    {"csv_personal_data", "s.csv",
     "service,account,created,email\ns1,a1,2026-01-01,a@example.com\n",
     "s.csv:1: email: expected a column of service account holder plan created test protected "
     "login client_ip uid script domain"},
    {"csv_column_twice", "s.csv", "service,account,created,login,login\ns1,a1,2026-01-01,x,y\n",
     "s.csv:1: login: expected each column once"},
    // Identities.
    {"cidr", "s.csv", head + "s1,a1,2026-01-01,,192.0.2.0/24,,,\n",
     "s.csv:2: client_ip: '192.0.2.0/24': expected one address; a range belongs to nobody in "
     "particular"},
    {"loopback", "s.csv", head + "s1,a1,2026-01-01,,127.3.0.1,,,\n",
     "s.csv:2: client_ip: '127.3.0.1': expected an address of one customer; loopback is every "
     "customer's"},
    {"loopback_v6", "s.csv", head + "s1,a1,2026-01-01,,0:0::1,,,\n",
     "s.csv:2: client_ip: '0:0::1': expected an address of one customer; loopback is every "
     "customer's"},
    {"loopback_mapped", "s.csv", head + "s1,a1,2026-01-01,,::ffff:127.0.0.1,,,\n",
     "s.csv:2: client_ip: '::ffff:127.0.0.1': expected an address of one customer; loopback is "
     "every customer's"},
    {"unspecified", "s.csv", head + "s1,a1,2026-01-01,,::,,,\n",
     "s.csv:2: client_ip: '::': expected an address; :: is nobody's"},
    {"unspecified_v4", "s.csv", head + "s1,a1,2026-01-01,,0.0.0.0,,,\n",
     "s.csv:2: client_ip: '0.0.0.0': expected an address; 0.0.0.0 is nobody's"},
    {"multicast", "s.csv", head + "s1,a1,2026-01-01,,224.0.0.1,,,\n",
     "s.csv:2: client_ip: '224.0.0.1': expected the address of a host; this is multicast or "
     "reserved"},
    {"leading_zeros", "s.csv", head + "s1,a1,2026-01-01,,192.0.2.010,,,\n",
     "s.csv:2: client_ip: '192.0.2.010': expected an IPv4 or IPv6 address"},
    {"root", "s.csv", head + "s1,a1,2026-01-01,,,0,,\n",
     "s.csv:2: uid: '0': expected the uid of a customer; 0 is root's"},
    {"nobody_uid", "s.csv", head + "s1,a1,2026-01-01,,,4294967295,,\n",
     "s.csv:2: uid: '4294967295': expected a uid: decimal digits without leading zeros, at most "
     "4294967294"},
    {"signed_uid", "s.csv", head + "s1,a1,2026-01-01,,,+5,,\n",
     "s.csv:2: uid: '+5': expected a uid: decimal digits without leading zeros, at most "
     "4294967294"},
    {"relative_script", "s.csv", head + "s1,a1,2026-01-01,,,,www/,\n",
     "s.csv:2: script: 'www/': expected the start of an absolute path"},
    {"whole_top_level_domain", "s.csv", head + "s1,a1,2026-01-01,,,,,com\n",
     "s.csv:2: domain: 'com': expected a domain of at least two labels in ASCII (xn-- for "
     "others), such as example.com"},
    {"domain_with_empty_label", "s.csv", head + "s1,a1,2026-01-01,,,,,a..example\n",
     "s.csv:2: domain: 'a..example': expected a domain of at least two labels in ASCII (xn-- for "
     "others), such as example.com"},
    {"empty_between_semicolons", "s.csv", head + "s1,a1,2026-01-01,x;;y,,,,\n",
     "s.csv:2: login: '': expected 1 to 400 bytes without control characters"},
    {"bad_period", "s.csv", head + "s1,a1,2026-01-01,,192.0.2.1[2026],,,\n",
     "s.csv:2: client_ip: expected a period as in [2026-01-01..2026-06-01]; either end may be left "
     "out"},
    {"period_backwards", "s.csv", head + "s1,a1,2026-01-01,,192.0.2.1[2026-02-01..2026-01-01],,,\n",
     "s.csv:2: client_ip: expected an end after the start of its period"},
    {"identity_twice", "s.csv", head + "s1,a1,2026-01-01,,2001:db8::1;2001:DB8:0::1,,,\n",
     "s.csv:2: client_ip: '2001:DB8:0::1': expected each identity once"},
    // CSV: form.
    {"csv_empty", "s.csv", "", "s.csv:1: header: expected a line with the names of the columns"},
    {"csv_cut_in_quotes", "s.csv", head + "s1,a1,\"2026-01-01",
     "s.csv:2: row: expected a closing quote"},
    {"csv_quote_inside", "s.csv", head + "s1,a\"1,2026-01-01,x,,,,\ns2,a2,2026-13-01,x,,,,\n",
     "s.csv:2: row: expected quotes around the whole cell, doubled inside it\n"
     "s.csv:3: created: '2026-13-01': expected a time such as 2026-11-23T01:26:55Z or 2026-11-23"},
    {"csv_after_quote", "s.csv", head + "\"s1\"x,a1,2026-01-01,x,,,,\n",
     "s.csv:2: row: expected a comma or the end of the line after a closing quote"},
    {"csv_cut_row", "s.csv", head + "s1,a1",
     "s.csv:2: row: expected 8 cells as in the header, not 2"},
    {"csv_huge_line", "s.csv", head + "s1," + std::string(import_line_bytes_max, 'a') + ",2026\n",
     "s.csv:2: row: expected a row of at most 64 KiB"},
    {"nul", "s.csv", head + std::string("s1\0,a1", 6) + ",2026-01-01,x,,,,\n",
     "s.csv:2: file: expected text; there is a NUL byte"},
    {"latin_1", "s.csv", head + "s1,a1,2026-01-01,caf\xe9,,,,\n", "s.csv:2: file: expected UTF-8"},
    // JSON: fields.
    {"json_personal_data", "s.json",
     "[{\"service\":\"s1\",\"account\":\"a1\",\"created\":\"2026-01-01\",\n\"email\":\"a@example."
     "com\"}]",
     "s.json:2: email: 'a@example.com': expected a field of a service (README of src/directory); "
     "personal data belongs into the file of holders"},
    {"json_field_twice", "s.json",
     "[{\"service\":\"s1\",\"account\":\"a1\",\"created\":\"2026-01-01\",\n\"account\":\"a2\"}]",
     "s.json:2: account: expected each field once"},
    {"json_number_for_id", "s.json",
     "[\n{\"account\":\"a1\",\"created\":\"2026-01-01\",\n\n\"service\":12\n}]",
     "s.json:4: service: expected text"},
    {"json_list_for_id", "s.json",
     "[{\"account\":\"a1\",\"created\":\"2026-01-01\",\n\"service\":[\"s1\"]}]",
     "s.json:2: service: expected text"},
    {"json_column_of_csv", "s.json",
     "[{\"service\":\"s1\",\"account\":\"a1\",\"created\":\"2026-01-01\",\n\"login\":\"a;b\"}]",
     "s.json:2: login: expected it as an entry of identities"},
    {"json_text_for_truth", "s.json",
     "[{\"service\":\"s1\",\"account\":\"a1\",\"created\":\"2026-01-01\",\n\"test\":1}]",
     "s.json:2: test: expected true or false"},
    {"json_unknown_kind", "s.json", one("{\"kind\":\"mac\",\"value\":\"x\"}"),
     "s.json:4: kind: expected login, client_ip, uid, script or domain"},
    {"json_identity_without_value", "s.json", one("{\"kind\":\"login\"}"),
     "s.json:4: value: expected text"},
    {"json_uid_as_number", "s.json", one("{\"kind\":\"uid\",\"value\":1001}"),
     "s.json:4: value: expected text"},
    {"json_identity_unknown_field", "s.json",
     one("{\"kind\":\"login\",\"value\":\"x\",\n\"since\":\"2026-01-01\"}"),
     "s.json:5: since: '2026-01-01': expected kind, value, from or until"},
    {"json_control_in_login", "s.json", one("{\"kind\":\"login\",\"value\":\"x\\u0000y\"}"),
     "s.json:4: login: 'x\\x00y': expected 1 to 400 bytes without control characters"},
    {"json_long_login", "s.json",
     one("{\"kind\":\"login\",\"value\":\"" + std::string(identity_bytes_max + 1, 'l') + "\"}"),
     "s.json:4: login: '" + std::string(60, 'l') +
         "...': expected 1 to 400 bytes without control characters"},
    {"json_identities_of_text", "s.json", one("\"login\""),
     "s.json:3: identities: expected a list of objects"},
    // JSON: form.
    {"json_cut", "s.json", "[{\"service\":\"s1\",\n\"acc",
     "s.json:2: JSON: expected more: the file ends in the middle"},
    {"json_empty", "s.json", "", "s.json:1: JSON: expected more: the file ends in the middle"},
    {"json_object", "s.json", "{\"service\":\"s1\"}",
     "s.json:1: JSON: expected an array of objects"},
    {"json_of_numbers", "s.json", "[\n1]", "s.json:2: JSON: expected an object for each row"},
    {"json_trailing", "s.json", "[]\n[]", "s.json:2: JSON: expected other JSON than '[]<U+000A>['"},
    {"json_bad_token", "s.json", "[\n{\"service\":s1}]",
     "s.json:2: JSON: expected other JSON than '\"service\":s'"},
    {"json_bomb", "s.json", std::string(1'000'000, '['),
     "s.json:1: JSON: expected an object for each row"},
    {"json_bomb_inside", "s.json", one("{\"kind\":" + std::string(1'000'000, '[')),
     "s.json:4: JSON: expected nothing nested as deep as this"},
    {"json_huge_number", "s.json", "[{\"service\":1e99999}]",
     "s.json:1: JSON: expected other JSON than '1e99999'"},
    // All at once; content tells the format where the name does not.
    {"all_rows", "services", head + "s1,,2026-01-01,x,,,,\ns2,a2,x,x,,0,,\n",
     "services:2: account: expected a value: the field is required\n"
     "services:3: created: 'x': expected a time such as 2026-11-23T01:26:55Z or 2026-11-23\n"
     "services:3: uid: '0': expected the uid of a customer; 0 is root's"},
    {"told_by_content", "services", " \n[7]", "services:2: JSON: expected an object for each row"},
};

class Wrongs : public testing::TestWithParam<Wrong> {};
TEST_P(Wrongs, are_named_with_line_and_field) {
    const auto services = read_services(GetParam().text, GetParam().file);
    ASSERT_FALSE(services.has_value());
    EXPECT_EQ(services.error().fault, Fault::invalid_input);
    EXPECT_EQ(services.error().what, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Services, Wrongs, testing::ValuesIn(wrongs),
                         [](const auto& row) { return row.param.name; });

TEST(Services, complaints_end_at_a_hundred) {
    std::string text = head;
    for (int i = 0; i < 150; ++i) text += ",a1,2026-01-01,x,,,,\n";
    const auto services = read_services(text, "s.csv");
    ASSERT_FALSE(services.has_value());
    EXPECT_EQ(std::ranges::count(services.error().what, '\n'), 100);
    EXPECT_THAT(services.error().what, testing::EndsWith("\ns.csv: and 50 more"));
}

const Instant january{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
const Instant june{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

std::vector<Service> shop_and_blog() {
    Service shop;
    shop.id = *ServiceId::parse("shop.example");
    shop.account = *AccountId::parse("a1");
    shop.holder = *HolderId::parse("h1");
    shop.plan = "Web \"L\", with mail";
    shop.created = january + std::chrono::milliseconds(7);
    shop.is_protected = true;
    shop.identities = {{IdentityKind::login, "Shop@example.com", {}, {}},
                       {IdentityKind::client_ip, "192.0.2.7", january, june},
                       {IdentityKind::client_ip, "2001:db8::7", {}, june},
                       {IdentityKind::uid, "1001", january, {}},
                       {IdentityKind::script, "/home/shop/", {}, {}},
                       {IdentityKind::domain, "shop.example", {}, {}}};
    Service blog;
    blog.id = *ServiceId::parse("blog");
    blog.account = *AccountId::parse("a2");
    blog.created = june;
    blog.test = true;
    return {shop, blog};
}

TEST(Services, read_back_what_was_written) {
    const auto text = write_services(shop_and_blog());
    const auto services = read_services(text, "s.json");
    ASSERT_TRUE(services.has_value()) << services.error().what;
    EXPECT_EQ(*services, shop_and_blog());
    EXPECT_EQ(write_services(*services), text);
}

TEST(Services, write_none_as_an_empty_list) {
    const auto services = read_services(write_services({}), "s.json");
    ASSERT_TRUE(services.has_value()) << services.error().what;
    EXPECT_TRUE(services->empty());
}

TEST(Services, read_the_same_from_csv) {
    const auto services = read_services(
        "\xef\xbb\xbfservice,account,holder,plan,created,test,protected,login,client_ip,uid,script,"
        "domain\r\n"
        "shop.example,a1,h1,\"Web \"\"L\"\", with mail\",2026-01-01T00:00:00.007Z,,true,"
        "Shop@example.com,\"192.0.2.7[2026-01-01..2026-06-01] ; ::ffff:192.0.2.7; "
        "2001:DB8:0:0::7 [..2026-06-01]\",1001[2026-01-01..],/home/shop/,Shop.EXAMPLE\r\n"
        "blog,a2,,,2026-06-01,true,false,,,,,",
        "s.csv");
    ASSERT_TRUE(services.has_value()) << services.error().what;
    auto want = shop_and_blog();
    want[0].identities.insert(want[0].identities.begin() + 2,
                              Identity{IdentityKind::client_ip, "192.0.2.7", {}, {}});
    EXPECT_EQ(*services, want);
}

TEST(Services, keep_every_byte_of_a_login) {
    const auto services =
        read_services(one("{\"kind\":\"login\",\"value\":\" J\\u00fcrgen;x[y] \"}"), "s.json");
    ASSERT_TRUE(services.has_value()) << services.error().what;
    EXPECT_EQ((*services)[0].identities[0].value, " J\xc3\xbcrgen;x[y] ");
}

TEST(Services, read_line_ends_inside_quotes_and_count_them) {
    const auto services = read_services(
        "service,account,created,plan\ns1,a1,2026-01-01,\"a\nb\"\ns2,a1,x,\n", "s.csv");
    ASSERT_FALSE(services.has_value());
    EXPECT_THAT(services.error().what, StartsWith("s.csv:2: plan: 'a\\x0ab': expected text"));
    EXPECT_THAT(services.error().what, HasSubstr("\ns.csv:4: created: "));
}

TEST(Services, of_any_prefix_are_an_error_or_a_value) {
    const auto text = write_services(shop_and_blog());
    for (std::size_t size = 0; size < text.size() - 1; ++size)
        EXPECT_FALSE(read_services(text.substr(0, size), "s.json").has_value()) << size;
}

}  // namespace
}  // namespace bailiff
