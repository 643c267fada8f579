#include "src/inspect/reputation.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

struct Row {
    std::string name;
    Door door;
    std::string mail_from;
    std::string rcpt_to;
    HeaderField header;
    std::string symbol;  ///< empty: no finding
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

const std::string trap = "nobody@trap.example";
const std::string sender = "shop@shop.example";

class Recipients : public testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(
    Reputation, Recipients,
    testing::Values(
        Row{"no_trap", Door::submission, sender, "customer@dest.example", {}, ""},
        Row{"trap", Door::submission, sender, trap, {}, "TRAP_RECIPIENT"},
        Row{"letter_case", Door::submission, sender, "NoBody@Trap.Example", {}, "TRAP_RECIPIENT"},
        Row{"not_auto", Door::submission, sender, trap, {"Auto-Submitted", "", "no"},
            "TRAP_RECIPIENT"},
        // Whatever anybody could have caused weighs nothing.
        Row{"script", Door::local, sender, trap, {}, "TRAP_RECIPIENT_IGNORED"},
        Row{"script_over_smtp", Door::submission, sender, trap,
            {"X-PHP-Originating-Script", "", "33:x.php"}, "TRAP_RECIPIENT_IGNORED"},
        Row{"auto_reply", Door::submission, sender, trap, {"Auto-Submitted", "", "auto-replied"},
            "TRAP_RECIPIENT_IGNORED"},
        Row{"null_sender", Door::submission, "", trap, {}, "TRAP_RECIPIENT_IGNORED"}),
    [](const auto& row) { return row.param.name; });

TEST_P(Recipients, weigh_only_where_the_sender_alone_chose_them) {
    const auto& row = GetParam();
    Envelope envelope;
    envelope.door = row.door;
    envelope.mail_from = row.mail_from;
    envelope.rcpt_to = {"first@dest.example", row.rcpt_to};
    Message message;
    message.fields.push_back(row.header);
    const auto findings = judge_recipients({trap}, 4000, envelope, message);
    EXPECT_EQ(findings.empty() ? "" : findings.front().symbol, row.symbol);
    EXPECT_EQ(findings.empty() ? 0 : findings.front().score,
              row.symbol == "TRAP_RECIPIENT" ? 4000 : 0);
}

}  // namespace
}  // namespace bailiff
