// Every bound, and that reaching it shows: faults A19, A20, B05, B10.
#include <bailiff/limits.hpp>

#include <gmock/gmock.h>

#include <functional>

#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using test::at_local_door;
using test::Bench;
using test::FakeMacros;
using test::logged_in;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(SessionLimits, recipients_are_kept_to_a_bound_and_counted) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    for (int i = 0; i < 10'000; ++i) b.session.rcpt("<b@example.net>", macros);
    std::ignore = b.session.eom(macros);
    const auto& got = b.gate.judged.back();
    EXPECT_EQ(got.envelope.rcpt_to.size(), limits::recipients_kept_max);
    EXPECT_EQ(got.envelope.rcpt_count, 10'000U);
    EXPECT_THAT(got.limits, ElementsAre("RECIPIENTS_CUT"));
}

TEST(SessionLimits, a_hundred_thousand_headers_end_at_the_count) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    for (int i = 0; i < 100'000; ++i) b.header("A", " b");
    std::ignore = b.session.eom(macros);
    const auto& got = b.gate.judged.back();
    EXPECT_EQ(got.raw.size(), limits::header_count_max * 6 + 2);
    EXPECT_THAT(got.limits, ElementsAre("HEADERS_CUT"));
}

TEST(SessionLimits, header_bytes_end_at_the_bound_and_shorter_ones_still_fit) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    const std::string long_value(60'000, 'x');
    for (int i = 0; i < 40; ++i) b.header("A", long_value);
    b.header("Subject", " s");
    std::ignore = b.session.eom(macros);
    const auto& got = b.gate.judged.back();
    EXPECT_LE(got.raw.size(), limits::header_bytes_max + 2);
    EXPECT_THAT(got.raw, testing::EndsWith("Subject: s\r\n\r\n"));
    EXPECT_THAT(got.limits, ElementsAre("HEADERS_CUT"));
}

TEST(SessionLimits, uid_headers_to_delete_are_bounded) {
    Bench b;
    auto macros = at_local_door();
    std::ignore = b.session.mail("a@example.com", macros);
    for (int i = 0; i < 5'000; ++i) b.header("X-Submit-Uid", "7");
    EXPECT_EQ(b.session.eom(macros).uid_headers, limits::header_count_max);
    EXPECT_EQ(b.gate.judged.back().envelope.uid, 7U);
    EXPECT_THAT(b.gate.judged.back().limits, ElementsAre("HEADERS_CUT"));
}

TEST(SessionLimits, the_body_ends_at_the_bound) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    const std::string chunk(1U << 20, 'x');
    for (int i = 0; i < 65; ++i) b.session.body(chunk);
    std::ignore = b.session.eom(macros);
    EXPECT_EQ(b.gate.judged.back().raw.size(), limits::message_bytes_max);
    EXPECT_THAT(b.gate.judged.back().limits, ElementsAre("MESSAGE_CUT"));
}

TEST(SessionLimits, long_texts_of_the_envelope_are_cut_and_a_long_login_is_none) {
    Bench b;
    const std::string text(5'000, 'x');
    b.session.connect({text, text, 1});
    b.session.helo(text);
    FakeMacros macros{
        {"{bailiff_door}", "SUBMISSION"}, {"{auth_authen}", text}, {"{auth_type}", text},
        {"{auth_author}", text},          {"{client_name}", text}, {"i", text}};
    std::ignore = b.session.mail("<" + text + ">", macros);
    b.session.rcpt(text, macros);
    std::ignore = b.session.eom(macros);
    const auto& [envelope, raw, limits, connection] = b.gate.judged.back();
    EXPECT_EQ(envelope.login, "");
    for (const auto& kept :
         {envelope.mail_from, envelope.rcpt_to.front(), envelope.helo, envelope.client_name,
          envelope.client_address, envelope.queue_id, envelope.auth_type, envelope.auth_author})
        EXPECT_EQ(kept.size(), limits::address_bytes_max);
    EXPECT_THAT(limits, UnorderedElementsAre("MACROS_CUT", "ADDRESS_CUT"));
}

TEST(SessionLimits, a_limit_of_one_message_is_not_one_of_the_next) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail(std::string(2'000, 'x'), macros);
    std::ignore = b.session.eom(macros);
    std::ignore = b.session.mail("a@example.com", macros);
    std::ignore = b.session.eom(macros);
    EXPECT_THAT(b.gate.judged.back().limits, IsEmpty());
}

struct AddressCase {
    std::string argument, want;
};

TEST(SessionLimits, odd_addresses_pass_as_they_are) {
    for (const auto& [argument, want] : std::vector<AddressCase>{
             {std::string(320, 'l') + "@example.com", std::string(320, 'l') + "@example.com"},
             {"<\"quoted <x> \\\" local\"@example.com>", "\"quoted <x> \\\" local\"@example.com"},
             {"<j\xc3\xb6rg@example.com>", "j\xc3\xb6rg@example.com"},
             {"<\xff\xfe>", "\xff\xfe"},
             {std::string("<a\0b@example.com>", 17), std::string("a\0b@example.com", 15)},
             {"<>", ""}}) {
        Bench b;
        FakeMacros none;
        std::ignore = b.session.mail(argument, none);
        EXPECT_EQ(b.session.envelope().mail_from, want);
    }
}

TEST(SessionLimits, nul_and_odd_bytes_stay_in_the_message) {
    Bench b;
    FakeMacros none;
    std::ignore = b.session.mail("a@example.com", none);
    b.header(std::string_view("A\0B", 3), std::string_view(" \0\xff", 3));
    b.session.body(std::string_view("\0\0\r\n.\r\n", 7));
    std::ignore = b.session.eom(none);
    EXPECT_EQ(b.gate.judged.back().raw, std::string("A\0B: \0\xff\r\n\r\n\0\0\r\n.\r\n", 18));
}

/// A session whose messages share `bytes` with others.
struct Shared {
    explicit Shared(std::uint64_t bytes) : all(bytes) {}
    InFlight all;
    Bench b;
    Session session{b.rules, {b.gate, b.entropy, b.clock, &all}};
    Session other{b.rules, {b.gate, b.entropy, b.clock, &all}};
};

TEST(SessionLimits, without_room_a_message_is_put_off_at_mail_at_each_door) {
    for (auto macros : {logged_in("shop"), at_local_door()}) {
        Shared shared(InFlight::usual_bytes);
        auto first = logged_in("shop");
        EXPECT_EQ(shared.other.mail("a@example.com", first).kind, Reply::Kind::proceed);
        shared.other.body("x");
        EXPECT_EQ(shared.session.mail("a@example.com", macros).kind, Reply::Kind::tempfail);
        EXPECT_EQ(shared.all.counts().put_off, 1U);
        EXPECT_EQ(shared.all.counts().messages, 1U);
        shared.other.abort();
        EXPECT_EQ(shared.session.mail("a@example.com", macros).kind, Reply::Kind::proceed);
    }
}

TEST(SessionLimits, a_message_that_outgrows_the_room_is_put_off_unjudged_and_gives_it_back) {
    for (auto macros : {logged_in("shop"), at_local_door()}) {
        Shared shared(InFlight::usual_bytes);
        std::ignore = shared.session.mail("a@example.com", macros);
        shared.session.body(std::string(InFlight::usual_bytes, 'x'));
        EXPECT_EQ(shared.all.counts().bytes, InFlight::usual_bytes);
        shared.session.body("y");
        EXPECT_EQ(shared.all.counts().bytes, 0U);
        shared.session.body("z");
        EXPECT_EQ(shared.session.eom(macros).reply.kind, Reply::Kind::tempfail);
        EXPECT_TRUE(shared.b.gate.judged.empty());
        EXPECT_EQ(shared.all.counts().put_off, 1U);
        std::ignore = shared.session.mail("a@example.com", macros);
        shared.session.body("small");
        EXPECT_EQ(shared.session.eom(macros).reply.kind, Reply::Kind::proceed);
        EXPECT_EQ(shared.b.gate.judged.size(), 1U);
    }
}

TEST(SessionLimits, room_is_given_back_at_every_end) {
    Shared shared(1U << 20);
    auto macros = logged_in("shop");
    const std::vector<std::function<void(Session&)>> ends{
        [&](Session& s) { std::ignore = s.eom(macros); }, [](Session& s) { s.abort(); },
        [](Session& s) { s.close(); },
        [&](Session& s) {
            std::ignore = s.mail("b@example.com", macros);
            s.abort();
        }};
    for (const auto& end : ends) {
        std::ignore = shared.session.mail("a@example.com", macros);
        shared.session.header({.name = "Subject", .value = " x"});
        shared.session.body(std::string(1'000, 'x'));
        EXPECT_GT(shared.all.counts().bytes, 1'000U);
        end(shared.session);
        EXPECT_EQ(shared.all.counts().bytes, 0U);
        EXPECT_EQ(shared.all.counts().messages, 0U);
    }
}

}  // namespace
}  // namespace bailiff
