// Any sequence of events on one connection: every message that is judged is within its bounds, and
// the local door never hears reject or tempfail.

#include <bailiff/ensure.hpp>
#include <bailiff/limits.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "milter/reply_text.hpp"
#include "tests/milter/session_fakes.hpp"

namespace {

using namespace bailiff;

/// Reads the fuzzer's bytes as small numbers and strings.
class Feed {
public:
    explicit Feed(std::string_view bytes) : rest_(bytes) {}
    [[nodiscard]] bool empty() const { return rest_.empty(); }
    std::uint8_t number() {
        if (rest_.empty()) return 0;
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::string_view text() {
        const auto length = std::min<std::size_t>(number(), rest_.size());
        const auto value = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return value;
    }

private:
    std::string_view rest_;
};

test::FakeMacros macros_from(Feed& feed) {
    static constexpr std::string_view doors[] = {"", "pickup", "SUBMISSION", "other"};
    test::FakeMacros macros;
    macros.set("{bailiff_door}", std::string(doors[feed.number() % 4]));
    macros.set("{auth_authen}", std::string(feed.text()));
    macros.set("{client_addr}", std::string(feed.text()));
    macros.set("i", std::string(feed.text()));
    return macros;
}

void check(const Submission& submission) {
    const auto& envelope = submission.envelope;
    BAILIFF_ENSURE(envelope.transaction.size() == 16);
    BAILIFF_ENSURE(submission.raw.size() <= limits::message_bytes_max);
    BAILIFF_ENSURE(envelope.rcpt_to.size() <= limits::recipients_kept_max);
    BAILIFF_ENSURE(envelope.rcpt_count >= envelope.rcpt_to.size());
    BAILIFF_ENSURE(envelope.mail_from.size() <= limits::address_bytes_max);
    BAILIFF_ENSURE(!envelope.uid || envelope.door == Door::local);
}

void check(const Session::Answer& answer, Door door) {
    const auto kind = answer.reply.kind;
    const bool refused = kind == Reply::Kind::reject || kind == Reply::Kind::tempfail;
    BAILIFF_ENSURE(door != Door::local || !refused);
    BAILIFF_ENSURE(answer.uid_headers <= limits::header_count_max);
    const auto reply = smtp_reply(answer.reply);
    BAILIFF_ENSURE(reply.text.find_first_of("\r\n") == std::string::npos);
    BAILIFF_ENSURE(!reply.text.empty() && reply.text.size() <= 2 * reply_bytes_max);
}

void play(test::Bench& bench, Feed& feed) {
    auto& session = bench.session;
    const auto kind = feed.number() % 10;
    auto macros = kind == 2 ? macros_from(feed) : test::FakeMacros{};
    const auto first = feed.text();
    const auto second = feed.text();
    switch (kind) {
        case 0:
            return session.connect({first, second, feed.number()});
        case 1:
            return session.helo(first);
        case 2:
            std::ignore = session.mail(first, macros);
            return;
        case 3:
            return session.rcpt(first, macros);
        case 4:
            return session.header({.name = first, .value = second});
        case 5:
            return session.header({.name = "X-Submit-Uid", .value = second});
        case 6:
            return session.body(first);
        case 7: {
            bench.gate.at_end = {static_cast<Reply::Kind>(feed.number() % 4), std::string(first)};
            const auto door = session.envelope().door;
            return check(session.eom(macros), door);
        }
        case 8:
            return session.abort();
        default:
            return feed.number() % 2 == 0 ? session.close() : session.spoil();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    test::Bench bench;
    Feed feed({reinterpret_cast<const char*>(data), size});
    while (!feed.empty()) play(bench, feed);
    for (const auto& submission : bench.gate.judged) check(submission);
    return 0;
}
