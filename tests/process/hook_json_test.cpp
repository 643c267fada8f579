// Nothing that a sender wrote becomes a command, a second line or a second field: fault I06.
#include "src/process/hook.hpp"
#include "src/process/hook_json.hpp"
#include "src/process/one_line.hpp"
#include "tests/process/workshop.hpp"

#include <bailiff/limits.hpp>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using namespace process;

using test::order;
using test::Workshop;

TEST(HookJson, has_the_fields_of_version_1) {
    EXPECT_EQ(to_hook_json(order()),
              R"({"v":1,"action_id":")" + std::string(64, 'a') +
                  R"(","case_id":"B0123456789ABCDEF","kind":"service.terminate",)"
                  R"("direction":"act","account":"acc-1","service":"svc-1","target":"svc-1",)"
                  R"("state_before":"active",)"
                  R"("reason":"case B0123456789ABCDEF, path zero_tolerance",)"
                  R"("mode":"enforce","others":[]})"
                  "\n");
}

TEST(HookJson, names_the_cases_that_have_a_part_in_an_undo) {
    auto undo = order();
    undo.direction = Direction::undo;
    undo.others = {
        {*CaseId::parse("B1111111111111111"), ActionTarget::service, "svc-1", Standing::suspended},
        {*CaseId::parse("B2222222222222222"), ActionTarget::account, "acc-1", Standing::active}};
    const auto json = nlohmann::json::parse(to_hook_json(undo), nullptr, false);
    EXPECT_EQ(json.value("direction", ""), "undo");
    EXPECT_EQ(json.value("others", nlohmann::json()).dump(),
              R"([{"case_id":"B1111111111111111","standing":"suspended",)"
              R"("target":"svc-1","what":"service"},)"
              R"({"case_id":"B2222222222222222","standing":"active",)"
              R"("target":"acc-1","what":"account"}])");
}

class HostileText : public testing::TestWithParam<std::string> {};

TEST_P(HostileText, stays_data) {
    Workshop workshop;
    auto asked = order();
    asked.target = asked.reason = asked.state_before = GetParam();
    HookEffect effect(
        {test::settings(workshop.hook("cd HERE && cat >stdin && echo \"$#\" >args && ls >files"))});

    ASSERT_EQ(effect.act(asked).kind, Outcome::Kind::done);

    EXPECT_EQ(workshop.read("args"), "1\n");
    EXPECT_EQ(workshop.read("files"), "args\nfiles\nhook\nstdin\n");
    const auto text = workshop.read("stdin");
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    const auto json = nlohmann::json::parse(text, nullptr, false);
    EXPECT_EQ(json.size(), 12U);
    EXPECT_EQ(json.value("target", ""), GetParam());
    EXPECT_EQ(json.value("reason", ""), GetParam());
    EXPECT_EQ(json.value("service", ""), "svc-1");
}

INSTANTIATE_TEST_SUITE_P(I06, HostileText,
                         testing::Values("\";touch canary;\"", "`touch canary`", "$(touch canary)",
                                         "'; touch canary #", "| touch canary", "&& touch canary",
                                         "-rf", "--help", "> canary", "../../canary",
                                         "\n touch canary\n", "\r\n", "\x1b]0;canary\a",
                                         std::string("a\0b", 3), R"(","service":"svc-2)",
                                         R"(\","v":2,"x":"\)", "}\n{\"v\":1}", "%s%n%x",
                                         "IFS=x;touchxcanary", "\xe2\x80\xae", "\xf0\x9f\x92\xa3",
                                         "", std::string(200'000, '"')));

TEST(HookJson, replaces_what_is_no_utf8) {
    auto asked = order();
    asked.target = "a\xff\xc0\xaf";
    const auto json = nlohmann::json::parse(to_hook_json(asked), nullptr, false);
    ASSERT_TRUE(json.is_object());
    EXPECT_EQ(json.value("target", ""), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

struct LineCase {
    std::string text, want;
};

class OneLine : public testing::TestWithParam<LineCase> {};

TEST_P(OneLine, is_printable) {
    EXPECT_EQ(one_line(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Hook, OneLine,
    testing::Values(LineCase{"", ""}, LineCase{"  a \n\n b\t", "a b"},
                    LineCase{std::string("a\0b", 3), "a b"}, LineCase{"\x1b[2J", "[2J"},
                    LineCase{"d\xc3\xa9j\xc3\xa0", "d\xc3\xa9j\xc3\xa0"},
                    LineCase{"\xc2\x9bm", "m"},            // C1 CSI
                    LineCase{"\xc0\xaf", "??"},            // overlong
                    LineCase{"\xe0\x80\xaf", "???"},       // overlong
                    LineCase{"\xed\xa0\x80", "???"},       // surrogate
                    LineCase{"\xf4\x90\x80\x80", "????"},  // above U+10FFFF
                    LineCase{"a\xe2\x82", "a??"},          // cut
                    LineCase{std::string(2000, 'x'), std::string(limits::reason_bytes_max, 'x')},
                    LineCase{std::string(999, 'x') + "\xc3\xa9", std::string(999, 'x')}));

}  // namespace
}  // namespace bailiff
