// Random event sequences against a slow, obviously right reading of the same events.
#include <bailiff/limits.hpp>

#include <gtest/gtest.h>

#include <random>

#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using test::Bench;
using test::FakeMacros;

struct Event {
    enum Kind { connect, helo, mail, rcpt, header, eoh, body, eom, abort, close } kind;
    std::string a, b;  ///< arguments: address; name; sender, login; recipient; name, value; bytes
    std::string door;
};

using Random = std::mt19937_64;

const std::string& pick(Random& random, const std::vector<std::string>& from) {
    return from[random() % from.size()];
}

Event random_event(Random& random) {
    const auto kind = static_cast<Event::Kind>(random() % 10);
    Event event{kind, {}, {}, {}};
    switch (kind) {
        case Event::connect:
            event.a = pick(random, {"192.0.2.1", "127.0.0.1", ""});
            break;
        case Event::helo:
            event.a = pick(random, {"one.example", "two.example"});
            break;
        case Event::mail:
            event.a = pick(random, {"<a@example.com>", "b@example.com", "<>"});
            event.b = pick(random, {"", "shop", "blog"});
            event.door = pick(random, {"", "SUBMISSION", "pickup", "pickup", "other"});
            break;
        case Event::rcpt:
            event.a = pick(random, {"<c@example.net>", "d@example.net"});
            break;
        case Event::header:
            event.a = pick(random, {"X-Submit-Uid", "x-submit-uid ", "Subject", "X-A"});
            event.b = pick(random, {" 1", " 22", "3", " 4x", " a\n b", ""});
            break;
        case Event::body:
            event.a = pick(random, {"x", "line\r\n", ""});
            break;
        default:
            break;
    }
    return event;
}

FakeMacros macros_of(const Event& event) {
    return {{"{bailiff_door}", event.door}, {"{auth_authen}", event.b}};
}

/// What the events since the last MAIL mean, each looked at on its own.
Submission reference(const std::vector<Event>& events, std::size_t mail, std::size_t eom) {
    Submission want;
    for (std::size_t i = 0; i < mail; ++i) {
        if (events[i].kind == Event::connect) want.envelope.client_address = events[i].a;
        if (events[i].kind == Event::helo) want.envelope.helo = events[i].a;
    }
    const auto& begin = events[mail];
    auto& envelope = want.envelope;
    envelope.login = begin.b;
    envelope.door = begin.door == "pickup"       ? Door::local
                    : begin.door == "SUBMISSION" ? Door::submission
                                                 : Door::unknown;
    if (envelope.door == Door::local) envelope.client_address = "127.0.0.1";
    for (const char c : begin.a)
        if (c != '<' && c != '>') envelope.mail_from += c;
    bool in_body = false, any_header = false;
    for (std::size_t i = mail + 1; i < eom; ++i) {
        const auto& event = events[i];
        if (event.kind == Event::rcpt) {
            ++envelope.rcpt_count;
            envelope.rcpt_to.push_back(event.a[0] == '<' ? "c@example.net" : "d@example.net");
        }
        if (event.kind == Event::header) {
            const bool is_uid = event.a[2] == 'S' || event.a[2] == 's';
            const bool is_number = event.b == " 1" || event.b == " 22" || event.b == "3";
            if (is_uid && event.a[0] != 'S' && !any_header && !in_body && is_number &&
                envelope.door == Door::local)
                envelope.uid = static_cast<std::uint32_t>(std::stoul(event.b));
            any_header = true;
            const bool plain = event.a == "Subject" || event.a == "X-A";
            if (plain && in_body) want.limits = {"HEADERS_CUT"};
            if (plain && !in_body)
                want.raw += event.a + ":" + (event.b == " a\n b" ? " a\r\n b" : event.b) + "\r\n";
        }
        if (event.kind == Event::eoh || event.kind == Event::body) {
            if (!in_body) want.raw += "\r\n";
            in_body = true;
            want.raw += event.a;
        }
    }
    if (!in_body) want.raw += "\r\n";
    return want;
}

/// Where the message that ends at `eom` began; none if no message was open.
std::optional<std::size_t> begin_of(const std::vector<Event>& events, std::size_t eom) {
    for (std::size_t i = eom; i-- > 0;) {
        if (events[i].kind == Event::mail) return i;
        if (events[i].kind == Event::eom || events[i].kind == Event::abort ||
            events[i].kind == Event::close)
            return std::nullopt;
    }
    return std::nullopt;
}

std::vector<Submission> all_by_reference(const std::vector<Event>& events) {
    std::vector<Submission> want;
    for (std::size_t i = 0; i < events.size(); ++i)
        if (events[i].kind == Event::eom)
            if (const auto mail = begin_of(events, i)) want.push_back(reference(events, *mail, i));
    return want;
}

void play(Session& session, const Event& event) {
    FakeMacros none;
    auto macros = macros_of(event);
    switch (event.kind) {
        case Event::connect:
            return session.connect({"", event.a, 0});
        case Event::helo:
            return session.helo(event.a);
        case Event::mail:
            std::ignore = session.mail(event.a, macros);
            return;
        case Event::rcpt:
            return session.rcpt(event.a, none);
        case Event::header:
            return session.header({.name = event.a, .value = event.b});
        case Event::eoh:
            return session.eoh();
        case Event::body:
            return session.body(event.a);
        case Event::eom:
            std::ignore = session.eom(none);
            return;
        case Event::abort:
            return session.abort();
        case Event::close:
            return session.close();
    }
}

std::string told(const Submission& s) {
    std::string text = s.envelope.mail_from + '|' + s.envelope.login + '|' +
                       std::string(to_text(s.envelope.door)) + '|' + s.envelope.client_address +
                       '|' + s.envelope.helo + '|' +
                       (s.envelope.uid ? std::to_string(*s.envelope.uid) : "-") + '|';
    for (const auto& address : s.envelope.rcpt_to) text += address + ',';
    for (const auto& symbol : s.limits) text += symbol + ',';
    return text + std::to_string(s.envelope.rcpt_count) + '|' + s.raw;
}

TEST(SessionModel, random_sequences_agree_with_the_reference) {  // A02, A05, A06
    Random random(20261123);
    std::size_t judged = 0;
    for (int round = 0; round < 5'000; ++round) {
        std::vector<Event> events;
        for (auto left = random() % 60; left > 0; --left) events.push_back(random_event(random));
        Bench bench;
        for (const auto& event : events) play(bench.session, event);
        const auto want = all_by_reference(events);
        ASSERT_EQ(bench.gate.judged.size(), want.size()) << "round " << round;
        for (std::size_t i = 0; i < want.size(); ++i)
            ASSERT_EQ(told(bench.gate.judged[i]), told(want[i])) << "round " << round;
        judged += want.size();
    }
    EXPECT_GT(judged, 3'000U);
}

Submission in_chunks(const std::string& body, const std::vector<std::size_t>& cuts) {
    Bench b;
    auto macros = test::logged_in("shop");
    std::ignore = b.session.mail("a@example.com", macros);
    b.header("Subject", " s");
    std::size_t from = 0;
    for (const auto cut : cuts) {
        b.session.body(std::string_view(body).substr(from, cut - from));
        from = cut;
    }
    b.session.body(std::string_view(body).substr(from));
    std::ignore = b.session.eom(macros);
    return b.gate.judged.back();
}

TEST(SessionModel, any_chunking_gives_the_same_submission) {  // B18
    Random random(7);
    std::string body;
    for (int i = 0; i < 2'000; ++i) body += static_cast<char>(random());
    const auto want = told(in_chunks(body, {}));
    for (int round = 0; round < 300; ++round) {
        std::vector<std::size_t> cuts(random() % 20);
        for (auto& cut : cuts) cut = random() % body.size();
        std::sort(cuts.begin(), cuts.end());
        ASSERT_EQ(told(in_chunks(body, cuts)), want) << "round " << round;
    }
}

}  // namespace
}  // namespace bailiff
