// One connection from its events to its submissions, door by door.
#include "milter/session.hpp"

#include <gmock/gmock.h>
#include <bailiff/limits.hpp>

#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using test::at_local_door;
using test::Bench;
using test::FakeMacros;
using test::logged_in;
using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Reply::Kind;

TEST(Session, builds_the_envelope_that_the_mta_told) {
    Bench b;
    b.session.connect({"host.example", "192.0.2.9", 4711});
    b.session.helo("client.example");
    FakeMacros macros{{"{bailiff_door}", "SUBMISSION"}, {"{daemon_name}", "smtps"},
                      {"{client_addr}", "192.0.2.7"},   {"{client_port}", "2525"},
                      {"{client_name}", "c.example"},   {"{auth_authen}", "shop@example.com"},
                      {"{auth_type}", "PLAIN"},         {"{auth_author}", "x@example.com"}};
    EXPECT_EQ(b.session.mail("<a@example.com>", macros).kind, Kind::proceed);
    macros.set("i", "QID1");
    b.session.rcpt("<b@example.net>", macros);
    b.header("Subject", " hi");
    b.session.eoh();
    b.session.body("body\r\n");
    EXPECT_EQ(b.session.eom(macros).reply.kind, Kind::proceed);

    ASSERT_EQ(b.gate.judged.size(), 1U);
    const auto& [envelope, raw, limits, connection] = b.gate.judged.front();
    EXPECT_EQ(envelope.transaction, "0000000000000001");
    EXPECT_EQ(envelope.queue_id, "QID1");
    EXPECT_EQ(envelope.door, Door::submission);
    EXPECT_EQ(envelope.daemon_name, "smtps");
    EXPECT_EQ(envelope.client_address, "192.0.2.7");
    EXPECT_EQ(envelope.client_port, 2525);
    EXPECT_EQ(envelope.client_name, "c.example");
    EXPECT_EQ(envelope.helo, "client.example");
    EXPECT_EQ(envelope.login, "shop@example.com");
    EXPECT_EQ(envelope.auth_type, "PLAIN");
    EXPECT_EQ(envelope.auth_author, "x@example.com");
    EXPECT_EQ(envelope.uid, std::nullopt);
    EXPECT_EQ(envelope.mail_from, "a@example.com");
    EXPECT_THAT(envelope.rcpt_to, ElementsAre("b@example.net"));
    EXPECT_EQ(envelope.rcpt_count, 1U);
    EXPECT_EQ(envelope.received, b.clock.now());
    EXPECT_EQ(raw, "Subject: hi\r\n\r\nbody\r\n");
    EXPECT_THAT(limits, IsEmpty());
    EXPECT_EQ(b.gate.admitted.front().transaction, envelope.transaction);
}

TEST(Session, keeps_what_the_mta_says_of_the_connection) {
    Bench b;
    b.session.connect({"host.example", "192.0.2.9", 4711});
    auto macros = logged_in("shop@example.com");
    macros.set("{daemon_addr}", "IPv6:2001:db8::1");
    macros.set("{daemon_port}", "587");
    macros.set("{client_ptr}", "c.example");
    macros.set("{tls_version}", "TLSv1.3");
    macros.set("{cipher}", "TLS_AES_256_GCM_SHA384");
    macros.set("{cipher_bits}", "256");
    macros.set("{cert_subject}", std::string(limits::address_bytes_max + 9, 'x'));
    for (const auto& told : {macros, logged_in("shop@example.com")}) {
        (void)b.session.mail("<a@example.com>", told);
        b.session.rcpt("<b@example.net>", told);
        b.session.eoh();
        (void)b.session.eom(told);
    }
    ASSERT_EQ(b.gate.judged.size(), 2U);
    const auto& session = b.gate.judged[0].connection;
    EXPECT_EQ(session.server_address, "2001:db8::1");
    EXPECT_EQ(session.server_port, "587");
    EXPECT_EQ(session.client_ptr, "c.example");
    EXPECT_EQ(session.tls_version, "TLSv1.3");
    EXPECT_EQ(session.tls_cipher, "TLS_AES_256_GCM_SHA384");
    EXPECT_EQ(session.tls_bits, "256");
    EXPECT_EQ(session.certificate_subject.size(), limits::address_bytes_max);
    EXPECT_THAT(b.gate.judged[0].limits, ElementsAre("MACROS_CUT"));
    EXPECT_THAT(b.gate.judged[1].connection.tls_version, IsEmpty()) << "each mail has its own";
}

TEST(Session, falls_back_to_connect_where_macros_are_missing) {
    Bench b;
    b.session.connect({"host.example", "2001:DB8::9", 4711});
    FakeMacros none;
    EXPECT_EQ(b.session.mail("<>", none).kind, Kind::proceed);
    const auto& envelope = b.session.envelope();
    EXPECT_EQ(envelope.client_address, "2001:db8::9");
    EXPECT_EQ(envelope.client_port, 4711);
    EXPECT_EQ(envelope.client_name, "host.example");
    EXPECT_EQ(envelope.door, Door::unknown);
    EXPECT_EQ(envelope.mail_from, "");
    EXPECT_EQ(envelope.login, "");
}

TEST(Session, shows_the_local_door_always_under_one_address) {
    Bench b;
    b.session.connect({"localhost", "::1", 0});
    auto macros = at_local_door();
    std::ignore = b.session.mail("w@example.com", macros);
    EXPECT_EQ(b.session.envelope().client_address, "127.0.0.1");
    EXPECT_EQ(b.session.envelope().queue_id, "QLOCAL");
    EXPECT_EQ(b.session.envelope().mail_from, "w@example.com");
}

// What a door lets us say.
struct PolicyCase {
    const char* tag;
    Kind gate;
    Kind want;
};

TEST(Session, says_at_end_of_message_what_the_door_allows) {
    for (const auto& row : std::vector<PolicyCase>{{"SUBMISSION", Kind::proceed, Kind::proceed},
                                                   {"SUBMISSION", Kind::reject, Kind::reject},
                                                   {"SUBMISSION", Kind::tempfail, Kind::tempfail},
                                                   {"SUBMISSION", Kind::hold, Kind::hold},
                                                   {"", Kind::proceed, Kind::proceed},
                                                   {"", Kind::reject, Kind::reject},
                                                   {"", Kind::tempfail, Kind::tempfail},
                                                   {"", Kind::hold, Kind::hold},
                                                   {"pickup", Kind::proceed, Kind::proceed},
                                                   {"pickup", Kind::reject, Kind::hold},
                                                   {"pickup", Kind::tempfail, Kind::hold},
                                                   {"pickup", Kind::hold, Kind::hold}}) {
        Bench b;
        FakeMacros macros{{"{bailiff_door}", row.tag}};
        b.gate.at_end = {row.gate, "why"};
        std::ignore = b.session.mail("a@example.com", macros);
        const auto answer = b.session.eom(macros);
        EXPECT_EQ(answer.reply.kind, row.want) << row.tag << ' ' << to_text(row.gate);
        EXPECT_EQ(answer.reply.text, "why");
    }
}

TEST(Session, says_at_mail_only_what_postfix_takes_there) {  // A14
    for (const auto& row : std::vector<PolicyCase>{{"SUBMISSION", Kind::reject, Kind::reject},
                                                   {"SUBMISSION", Kind::tempfail, Kind::tempfail},
                                                   {"SUBMISSION", Kind::hold, Kind::proceed},
                                                   {"", Kind::reject, Kind::reject},
                                                   {"pickup", Kind::reject, Kind::proceed},
                                                   {"pickup", Kind::tempfail, Kind::proceed}}) {
        Bench b;
        FakeMacros macros{{"{bailiff_door}", row.tag}};
        b.gate.at_mail = {row.gate, "why"};
        EXPECT_EQ(b.session.mail("a@example.com", macros).kind, row.want)
            << row.tag << ' ' << to_text(row.gate);
    }
}

TEST(Session, a_mail_that_was_refused_has_left_nothing) {
    Bench b;
    auto macros = logged_in("shop");
    b.gate.at_mail = {Kind::reject, "held"};
    EXPECT_EQ(b.session.mail("<a@example.com>", macros).kind, Kind::reject);
    EXPECT_EQ(b.session.envelope().login, "");
    EXPECT_EQ(b.session.eom(macros).reply.kind, Kind::tempfail);
    EXPECT_THAT(b.gate.judged, IsEmpty());
}

// The uid recipe.
struct UidCase {
    const char* name;
    const char* tag;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<std::uint32_t> uid;
    std::uint32_t deleted;
    const char* raw;
};

TEST(Session, believes_the_first_header_of_the_local_door) {
    for (const auto& row : std::vector<UidCase>{
             {"plain", "pickup", {{"X-Submit-Uid", " 1001"}, {"A", " b"}}, 1001, 1, "A: b\r\n\r\n"},
             {"forged below",
              "pickup",
              {{"X-Submit-Uid", " 1001"},
               {"x-submit-uid", " 7"},
               {"A", " b"},
               {"X-SUBMIT-UID ", "8"}},
              1001,
              3,
              "A: b\r\n\r\n"},
             {"not first", "pickup", {{"A", " b"}, {"X-Submit-Uid", " 7"}}, {}, 1, "A: b\r\n\r\n"},
             {"first is no number, second is",
              "pickup",
              {{"X-Submit-Uid", " 7x"}, {"X-Submit-Uid", " 8"}},
              {},
              2,
              "\r\n"},
             {"folded", "pickup", {{"X-Submit-Uid", " 1001\n 7"}}, {}, 1, "\r\n"},
             {"over SMTP", "SUBMISSION", {{"X-Submit-Uid", " 1001"}}, {}, 1, "\r\n"},
             {"no tag", "", {{"X-Submit-Uid", " 1001"}}, {}, 1, "\r\n"},
             {"none", "pickup", {{"A", " b"}}, {}, 0, "A: b\r\n\r\n"}}) {
        Bench b;
        FakeMacros macros{{"{bailiff_door}", row.tag}};
        std::ignore = b.session.mail("a@example.com", macros);
        for (const auto& [name, value] : row.headers) b.header(name, value);
        const auto answer = b.session.eom(macros);
        EXPECT_EQ(b.gate.judged.front().envelope.uid, row.uid) << row.name;
        EXPECT_EQ(answer.uid_headers, row.deleted) << row.name;
        EXPECT_EQ(b.gate.judged.front().raw, row.raw) << row.name;
    }
}

TEST(Session, without_a_configured_header_reads_no_uid) {
    Bench b;
    b.rules.uid_header.clear();
    auto macros = at_local_door();
    std::ignore = b.session.mail("a@example.com", macros);
    b.header("X-Submit-Uid", " 1001");
    EXPECT_EQ(b.session.eom(macros).uid_headers, 0U);
    EXPECT_EQ(b.gate.judged.front().envelope.uid, std::nullopt);
}

TEST(Session, gives_back_the_bytes_of_the_header) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    b.header("Subject", "  two\n folded\n\tagain");
    b.header("No-Space", "x");
    b.header("Has-Crlf", " a\r\n b");
    b.header("Blank ", "");
    b.session.header({.name = "Old-Mta", .value = "x", .leading_space_kept = false});
    std::ignore = b.session.eom(macros);
    EXPECT_EQ(b.gate.judged.front().raw,
              "Subject:  two\r\n folded\r\n\tagain\r\nNo-Space:x\r\nHas-Crlf: a\r\n b\r\n"
              "Blank :\r\nOld-Mta: x\r\n\r\n");
}

TEST(Session, several_messages_share_nothing_but_the_connection) {  // A06
    Bench b;
    b.session.connect({"host.example", "192.0.2.7", 1});
    b.session.helo("client.example");
    auto first = logged_in("shop");
    std::ignore = b.session.mail("<a@example.com>", first);
    b.session.rcpt("<b@example.net>", first);
    b.header("Subject", " one");
    b.session.body("one");
    std::ignore = b.session.eom(first);

    FakeMacros second{{"{bailiff_door}", "SUBMISSION"}};
    std::ignore = b.session.mail("<c@example.com>", second);
    b.session.body("two");
    std::ignore = b.session.eom(second);

    const auto& got = b.gate.judged.back();
    EXPECT_EQ(got.envelope.login, "");
    EXPECT_EQ(got.envelope.mail_from, "c@example.com");
    EXPECT_THAT(got.envelope.rcpt_to, IsEmpty());
    EXPECT_EQ(got.envelope.helo, "client.example");
    EXPECT_NE(got.envelope.transaction, b.gate.judged.front().envelope.transaction);
    EXPECT_EQ(got.raw, "\r\ntwo");
}

TEST(Session, a_message_that_was_spoiled_is_not_judged) {
    Bench b;
    auto macros = logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    b.session.spoil();
    EXPECT_EQ(b.session.eom(macros).reply.kind, Kind::tempfail);
    EXPECT_THAT(b.gate.judged, IsEmpty());

    auto local = at_local_door();
    std::ignore = b.session.mail("a@example.com", local);
    b.session.spoil();
    EXPECT_EQ(b.session.eom(local).reply.kind, Kind::hold);

    std::ignore = b.session.mail("a@example.com", macros);
    EXPECT_EQ(b.session.eom(macros).reply.kind, Kind::proceed);
}

TEST(Session, events_without_a_message_are_dropped) {  // A02
    Bench b;
    FakeMacros none;
    b.session.rcpt("<b@example.net>", none);
    b.header("X-Submit-Uid", "1");
    b.session.eoh();
    b.session.body("x");
    b.session.abort();
    const auto answer = b.session.eom(none);
    EXPECT_EQ(answer.reply.kind, Kind::tempfail);
    EXPECT_EQ(answer.uid_headers, 0U);
    b.session.close();
    EXPECT_THAT(b.gate.judged, IsEmpty());
}

}  // namespace
}  // namespace bailiff
