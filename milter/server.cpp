#include "milter/server.hpp"

#include <libmilter/mfapi.h>

#include <algorithm>
#include <exception>
#include <latch>
#include <thread>

#include "milter/callbacks.hpp"
#include "milter/listening.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

constexpr int peer_timeout_s = 900;  // above each of the MTA's own
constexpr int backlog = 128;         // above Postfix's default_process_limit
constexpr auto start_wait_max = 2s;  // for the first callback; then an alarm
constexpr auto quiet_span = 100ms;   // a reply leaves libmilter after its callback returned

Result<void> check(const Server::Options& options) {
    if (options.sessions_max < 1)
        return fail(Fault::invalid_input, "milter.sessions_max must be at least 1");
    if (!options.local_tag.empty() && options.local_tag == options.submission_tag)
        return fail(Fault::invalid_input, "milter.local_tag is milter.submission_tag");
    return {};
}

Result<void> open_socket(std::string socket) {
    if (smfi_setconn(socket.data()) != MI_SUCCESS ||
        smfi_settimeout(peer_timeout_s) != MI_SUCCESS || smfi_setbacklog(backlog) != MI_SUCCESS)
        return fail(Fault::invalid_input, "libmilter refused the socket " + socket);
    if (smfi_opensocket(true) != MI_SUCCESS)
        return fail(Fault::unavailable, "libmilter could not open " + socket);
    return {};
}

}  // namespace

void Server::block_signals() noexcept {
    Bell::block_signals();
}

Result<std::unique_ptr<Server>> Server::open(Options options, Gate& gate, Journal& journal,
                                             Entropy& entropy, Clock& clock) {
    BAILIFF_CHECK(check(options));
    BAILIFF_TRY(auto listening, Listening::claim(options.socket));
    BAILIFF_TRY(auto bell, Bell::hang());
    auto reception = std::make_unique<Reception>(
        SessionRules{{options.submission_tag, options.local_tag}, options.uid_header},
        SessionPorts{gate, entropy, clock}, journal,
        static_cast<std::uint64_t>(options.sessions_max));
    BAILIFF_CHECK(register_callbacks(*reception));
    BAILIFF_CHECK(open_socket(options.socket));
    return std::unique_ptr<Server>(new Server(std::move(options), journal, *reception.release(),
                                              std::move(listening), std::move(bell)));
}

Server::Server(Options options, Journal& journal, Reception& reception,
               std::unique_ptr<Listening> listening, std::unique_ptr<Bell> bell)
    : options_(std::move(options)),
      journal_(journal),
      reception_(reception),
      listening_(std::move(listening)),
      bell_(std::move(bell)) {}

Server::~Server() = default;

Result<void> Server::run() {
    // libmilter's threads must have the signals blocked, and must not wait for one before the main
    // thread would take it.
    Bell::block_signals();
    std::latch main_listens(1);
    std::thread libmilter([&] {
        main_listens.wait();
        smfi_main();
        bell_->ring_ended();
    });
    bell_->take_signals();
    main_listens.count_down();
    const bool answers = answers_itself();
    journal_.event(answers ? Severity::info : Severity::alarm, "milter.listening",
                   {{"socket", options_.socket}, {"answers", answers ? "yes" : "no"}});
    const auto last = serve();
    std::thread stopper([] { smfi_stop(); });  // waits for a lock that the listener holds
    const bool quiet = drain(last);
    stopper.join();
    libmilter.join();
    journal_.event(quiet ? Severity::info : Severity::alarm, "milter.stopped",
                   {{"sessions", std::to_string(counts().sessions_now)},
                    {"unanswered", std::to_string(reception_.visitors())}});
    if (!last.stop) return fail(Fault::unavailable, "libmilter ended by itself");
    if (!quiet) return fail(Fault::exhausted, "callbacks outlasted milter.drain");
    return {};
}

// smfi_stop() is only safe once smfi_main() has made its locks: a callback proves that it has.
bool Server::answers_itself() {
    const auto deadline = std::chrono::steady_clock::now() + start_wait_max;
    while (reception_.visits() == 0 && std::chrono::steady_clock::now() < deadline) {
        listening_->poke();
        std::this_thread::sleep_for(5ms);
    }
    return reception_.visits() > 0;
}

Bell::Rung Server::serve() {
    for (;;) {
        const auto rung = bell_->wait(-1ms);
        if (rung.stop || rung.ended) return rung;
        if (rung.reload) reload();
    }
}

void Server::reload() {
    if (!options_.reload) return;
    try {
        options_.reload();
    } catch (const std::exception& error) {
        journal_.event(Severity::alarm, "milter.reload_failed", {{"error", error.what()}});
    }
}

bool Server::drain(Bell::Rung last) {
    const auto deadline = std::chrono::steady_clock::now() + options_.drain;
    for (bool ended = last.ended;;) {
        const auto seen = reception_.visits();
        if (!ended) listening_->poke();
        const auto rung = bell_->wait(quiet_span);
        ended |= rung.ended;
        const bool whole_span = !rung.reload && !rung.stop && !rung.ended;
        const bool quiet = reception_.visitors() == 0 && reception_.visits() == seen;
        if (ended && whole_span && quiet) return true;
        if (rung.stop || std::chrono::steady_clock::now() >= deadline)
            return reception_.visitors() == 0;
    }
}

void Server::stop() {
    bell_->ring_stop();
}

Server::Counts Server::counts() const {
    return reception_.counts();
}

}  // namespace bailiff
