// A milter for the protocol tests: answers as the message's X-Test-Reply header asks, and writes
// each submission as one line of JSON.
//   echo_milter SOCKET OUT [sessions_max] [drain_ms]
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "milter/server.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        char hex[8];
        std::snprintf(hex, sizeof hex, "\\u%04x", byte);
        if (c == '"' || c == '\\' || byte < 0x20 || byte > 0x7e)
            out += hex;
        else
            out += c;
    }
    return out + '"';
}

class Report {
public:
    explicit Report(const char* path) : file_(std::fopen(path, "a")) {}
    void line(const std::string& text) {
        const std::lock_guard lock(mutex_);
        std::fprintf(file_, "%s\n", text.c_str());
        std::fflush(file_);
    }

private:
    std::FILE* file_;
    std::mutex mutex_;
};

class StderrJournal final : public Journal {
public:
    void event(Severity, std::string_view name,
               std::initializer_list<Field> fields) noexcept override {
        std::string line(name);
        for (const auto& field : fields)
            line.append(" ").append(field.key).append("=" + field.value);
        std::fprintf(stderr, "echo_milter: %s\n", line.c_str());
    }
};

class SeededEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        const std::lock_guard lock(mutex_);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    }

private:
    std::mutex mutex_;
    std::mt19937_64 random_{1};
};

/// Throws once after throw_next(), as a port must not and a callback must survive.
class TrapClock final : public Clock {
public:
    Instant now() const override {
        if (armed_.exchange(false)) throw std::runtime_error("trap");
        return Instant{1'700'000'000s};
    }
    SteadyInstant steady() const override { return std::chrono::steady_clock::now(); }
    void throw_next() { armed_ = true; }

private:
    mutable std::atomic<bool> armed_{false};
};

std::atomic<bool> slow_reply{false};

/// Works, as a thread does whose turn does not come: it is not asleep.
void work_for(std::chrono::milliseconds span) {
    const auto end = std::chrono::steady_clock::now() + span;
    while (std::chrono::steady_clock::now() < end) {
    }
}

std::string wanted_reply(const std::string& raw) {
    constexpr std::string_view name = "X-Test-Reply: ";
    const auto at = raw.find(name);
    if (at == std::string::npos) return "proceed";
    const auto begin = at + name.size();
    return raw.substr(begin, raw.find("\r\n", begin) - begin);
}

class EchoGate final : public Gate {
public:
    EchoGate(Report& report, TrapClock& clock) : report_(report), clock_(clock) {}

    Reply admit(const Envelope& envelope) noexcept override {
        if (envelope.mail_from == "throw@example.com") clock_.throw_next();
        if (envelope.mail_from == "held@example.com")
            return {Reply::Kind::reject, "5.7.1 Service held, 100% sure"};
        return {};
    }

    Reply judge(const Submission& submission) noexcept override {
        const auto wanted = wanted_reply(submission.raw);
        if (wanted == "hup") send(SIGHUP, 20);
        if (wanted == "term" || wanted == "term-slow") send(SIGTERM, 1);
        slow_reply = wanted == "term-slow";
        write(submission);
        if (wanted == "reject") return {Reply::Kind::reject, "5.7.1 case B0000000000000000"};
        if (wanted == "bad-text")
            return {Reply::Kind::reject, "100%\r\n550 \x01" + std::string(900, 'x')};
        if (wanted == "tempfail") return {Reply::Kind::tempfail, "4.7.1 not now"};
        if (wanted == "hold") return {Reply::Kind::hold, "case B0000000000000000\r\nsecond"};
        return {};
    }

private:
    // A signal in the middle of a judgement, and time for it to be acted upon.
    static void send(int number, int times) {
        for (int i = 0; i < times; ++i) {
            kill(getpid(), number);
            std::this_thread::sleep_for(2ms);
        }
        if (number == SIGTERM) std::this_thread::sleep_for(500ms);
    }

    void write(const Submission& submission) {
        const auto& e = submission.envelope;
        std::string rcpt, limits;
        for (const auto& address : e.rcpt_to) rcpt += (rcpt.empty() ? "" : ",") + quoted(address);
        for (const auto& symbol : submission.limits)
            limits += (limits.empty() ? "" : ",") + quoted(symbol);
        report_.line(
            "{\"transaction\":" + quoted(e.transaction) + ",\"queue_id\":" + quoted(e.queue_id) +
            ",\"door\":" + quoted(to_text(e.door)) + ",\"daemon_name\":" + quoted(e.daemon_name) +
            ",\"client_address\":" + quoted(e.client_address) + ",\"client_port\":" +
            std::to_string(e.client_port) + ",\"client_name\":" + quoted(e.client_name) +
            ",\"helo\":" + quoted(e.helo) + ",\"login\":" + quoted(e.login) +
            ",\"auth_type\":" + quoted(e.auth_type) + ",\"auth_author\":" + quoted(e.auth_author) +
            ",\"uid\":" + (e.uid ? std::to_string(*e.uid) : std::string("null")) +
            ",\"mail_from\":" + quoted(e.mail_from) + ",\"rcpt_to\":[" + rcpt +
            "],\"rcpt_count\":" + std::to_string(e.rcpt_count) +
            ",\"raw\":" + quoted(std::string_view(submission.raw).substr(0, 4096)) +
            ",\"raw_bytes\":" + std::to_string(submission.raw.size()) + ",\"limits\":[" + limits +
            "]}");
    }

    Report& report_;
    TrapClock& clock_;
};

int run(int count, char** arguments) {
    Report report(arguments[2]);
    StderrJournal journal;
    SeededEntropy entropy;
    TrapClock clock;
    EchoGate gate(report, clock);
    const auto number = [&](int at, int otherwise) {
        return at < count ? std::atoi(arguments[at]) : otherwise;
    };
    auto server = Server::open({.socket = arguments[1],
                                .sessions_max = number(3, 50),
                                .submission_tag = "SUBMISSION",
                                .local_tag = "pickup",
                                .uid_header = "X-Submit-Uid",
                                .drain = std::chrono::milliseconds(number(4, 5'000)),
                                .reload = [&] { report.line("{\"event\":\"reload\"}"); }},
                               gate, journal, entropy, clock);
    if (!server) {
        std::fprintf(stderr, "echo_milter: %s\n", server.error().what.c_str());
        return 3;
    }
    report.line("{\"event\":\"open\",\"pid\":" + std::to_string(getpid()) + "}");
    const auto ended = (*server)->run();
    if (!ended) std::fprintf(stderr, "echo_milter: %s\n", ended.error().what.c_str());
    const auto counts = (*server)->counts();
    report.line("{\"event\":\"end\",\"good\":" + std::string(ended ? "true" : "false") +
                ",\"sessions_now\":" + std::to_string(counts.sessions_now) +
                ",\"sessions_total\":" + std::to_string(counts.sessions_total) +
                ",\"refused\":" + std::to_string(counts.refused) +
                ",\"messages\":" + std::to_string(counts.messages) + "}");
    return ended ? 0 : 4;
}

}  // namespace
}  // namespace bailiff

/// Replies leave by this one.
extern "C" ssize_t send(int fd, const void* bytes, size_t count, int flags) {
    if (bailiff::slow_reply.exchange(false)) bailiff::work_for(std::chrono::milliseconds(400));
    return ::sendto(fd, bytes, count, flags, nullptr, 0);
}

int main(int count, char** arguments) {
    if (count < 3) return 2;
    bailiff::Server::block_signals();
    _exit(bailiff::run(count, arguments));
}
