// Each guard of this folder: with it the right thing happens, without it the wrong one.
#include <gtest/gtest.h>

#include <functional>

#include "tests/milter/session_fakes.hpp"

#ifdef BAILIFF_REMOVABLE_GUARDS
namespace bailiff {
namespace {

using test::at_local_door;
using test::Bench;
using test::FakeMacros;
using test::logged_in;
using test::WithoutGuard;

Submission local_mail(std::vector<std::string> uid_values) {
    Bench b;
    auto macros = at_local_door();
    std::ignore = b.session.mail("a@example.com", macros);
    for (const auto& value : uid_values) b.header("X-Submit-Uid", value);
    std::ignore = b.session.eom(macros);
    return b.gate.judged.back();
}

Submission mail_with_uid(FakeMacros macros) {
    Bench b;
    b.session.connect({"localhost", "127.0.0.1", 1});
    std::ignore = b.session.mail("a@example.com", macros);
    b.header("X-Submit-Uid", "7");
    std::ignore = b.session.eom(macros);
    return b.gate.judged.back();
}

Submission second_mail_without_login() {
    Bench b;
    auto first = logged_in("victim");
    std::ignore = b.session.mail("v@example.com", first);
    std::ignore = b.session.eom(first);
    FakeMacros second{{"{bailiff_door}", "SUBMISSION"}};
    std::ignore = b.session.mail("s@example.com", second);
    std::ignore = b.session.eom(second);
    return b.gate.judged.back();
}

Submission second_message() {
    Bench b;
    auto macros = at_local_door();
    std::ignore = b.session.mail("v@example.com", macros);
    b.header("X-Submit-Uid", "1001");
    b.header("X-First", " yes");
    std::ignore = b.session.eom(macros);
    std::ignore = b.session.mail("s@example.com", macros);
    b.header("Subject", " second");
    std::ignore = b.session.eom(macros);
    return b.gate.judged.back();
}

Submission message_after_reset() {
    Bench b;
    auto victim = logged_in("victim");
    std::ignore = b.session.mail("v@example.com", victim);
    b.session.abort();
    auto spammer = logged_in("spammer");
    std::ignore = b.session.mail("s@example.com", spammer);
    std::ignore = b.session.eom(spammer);
    return b.gate.judged.back();
}

struct GuardCase {
    const char* name;
    std::function<Submission()> run;
    std::function<std::string(const Submission&)> look;
    std::string with, without;
};

std::string uid(const Submission& s) {
    return s.envelope.uid ? std::to_string(*s.envelope.uid) : "none";
}
std::string login(const Submission& s) {
    return s.envelope.login;
}
std::string sender(const Submission& s) {
    return s.envelope.mail_from;
}
std::string door(const Submission& s) {
    return std::string(to_text(s.envelope.door));
}

TEST(SessionGuards, each_prevents_what_its_row_says) {
    for (const auto& row : std::vector<GuardCase>{
             {"uid_header_must_be_first",
              [] {
                  return local_mail({"1001", "7"});
              },
              uid, "1001", "7"},
             {"uid_header_needs_local_door",
              [] {
                  return mail_with_uid({{"{bailiff_door}", "SUBMISSION"}});
              },
              uid, "none", "7"},
             {"uid_header_is_digits_only", [] { return local_mail({"1001\n 7"}); }, uid, "none",
              "7"},
             {"door_is_told_by_tag", [] { return mail_with_uid({}); }, door, "unknown", "local"},
             {"door_is_told_by_tag", [] { return mail_with_uid({}); }, uid, "none", "7"},
             {"login_is_of_this_mail", second_mail_without_login, login, "", "victim"},
             {"message_state_ends_with_message", second_message, uid, "none", "1001"},
             {"abort_ends_message_state", message_after_reset, login, "spammer", "victim"},
             {"abort_ends_message_state", message_after_reset, sender, "s@example.com",
              "v@example.com"}}) {
        EXPECT_EQ(row.look(row.run()), row.with) << row.name;
        const WithoutGuard removed(row.name);
        EXPECT_EQ(row.look(row.run()), row.without) << row.name;
    }
}

TEST(SessionGuards, without_its_end_a_message_leaks_headers_into_the_next_of_another_sender) {
    EXPECT_EQ(second_message().raw, "Subject: second\r\n\r\n");
    const WithoutGuard removed("message_state_ends_with_message");
    EXPECT_NE(second_message().raw.find("X-First: yes"), std::string::npos);
    EXPECT_EQ(second_message().envelope.mail_from, "s@example.com");
}

}  // namespace
}  // namespace bailiff
#endif
