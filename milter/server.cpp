#include "milter/server.hpp"

#include <fcntl.h>
#include <libmilter/mfapi.h>

#include <algorithm>
#include <exception>
#include <latch>
#include <thread>

#include "milter/callbacks.hpp"
#include "milter/descriptors.hpp"
#include "milter/listening.hpp"
#include "milter/threads.hpp"
#include "milter/turnstile.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

constexpr int peer_timeout_s = 900;  // above each of the MTA's own
constexpr int backlog = 1'024;       // far above Postfix's default_process_limit
constexpr auto start_wait_max = 2s;  // for the first callback; then an alarm
constexpr auto finish_max = 2s;      // for messages under way; meanwhile connections wait
constexpr auto quiet_span = 20ms;

Result<void> check(const Server::Options& options) {
    if (options.sessions_max < 1)
        return fail(Fault::invalid_input, "milter.sessions_max must be at least 1");
    if (!options.local_tag.empty() && options.local_tag == options.submission_tag)
        return fail(Fault::invalid_input, "milter.local_tag is milter.submission_tag");
    return {};
}

/// libmilter closes its descriptor at the end; it gets one of its own.
Result<void> open_socket(const Listening& listening, const DescriptorBudget& budget) {
    const int fd = ::fcntl(listening.descriptor(), F_DUPFD_CLOEXEC, 3);
    std::string socket = "fd:" + std::to_string(fd);
    if (fd < 0 || smfi_setconn(socket.data()) != MI_SUCCESS ||
        smfi_settimeout(peer_timeout_s) != MI_SUCCESS || smfi_setbacklog(backlog) != MI_SUCCESS)
        return fail(Fault::invalid_input, "libmilter refused the socket " + socket);
    if (smfi_opensocket(false) != MI_SUCCESS)
        return fail(Fault::unavailable, "libmilter could not open " + socket);
    Turnstile::open(fd, budget.connections_below);
    return {};
}

/// A smaller cap than the operator asked for must be seen.
void tell_budget(Journal& journal, const DescriptorBudget& budget, std::int64_t wanted) {
    if (budget.sessions >= static_cast<std::uint64_t>(wanted)) return;
    journal.event(Severity::alarm, "milter.too_few_descriptors",
                  {{"limit", std::to_string(budget.limit)},
                   {"sessions_wanted", std::to_string(wanted)},
                   {"sessions", std::to_string(budget.sessions)}});
}

Reception::Bounds bounds(const Server::Options& options, const DescriptorBudget& budget) {
    Reception::Bounds bounds{.sessions = budget.sessions};
    if (options.in_flight_bytes_max > 0)
        bounds.in_flight_bytes = static_cast<std::uint64_t>(options.in_flight_bytes_max);
    return bounds;
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
    BAILIFF_TRY(const auto budget,
                descriptor_budget(raise_descriptor_limit(), descriptors_used(),
                                  static_cast<std::uint64_t>(options.sessions_max)));
    tell_budget(journal, budget, options.sessions_max);
    auto reception = std::make_unique<Reception>(
        SessionRules{{options.submission_tag, options.local_tag}, options.uid_header},
        SessionPorts{gate, entropy, clock}, journal, bounds(options, budget));
    BAILIFF_CHECK(register_callbacks(*reception));
    BAILIFF_CHECK(open_socket(*listening, budget));
    return std::unique_ptr<Server>(
        new Server(std::move(options), journal,
                   {*reception.release(), std::move(listening), std::move(bell), budget.limit}));
}

Server::Server(Options options, Journal& journal, Parts parts)
    : options_(std::move(options)),
      journal_(journal),
      reception_(parts.reception),
      listening_(std::move(parts.listening)),
      bell_(std::move(parts.bell)),
      descriptors_max_(parts.descriptors_max) {}

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
    if (Turnstile::counts().passed == 0)
        journal_.event(Severity::alarm, "milter.unguarded",
                       {{"meaning", "libmilter does not use our accept(2): it may spin"}});
    if (options_.listening) options_.listening();
    const auto ended = come_to_an_end(serve());
    libmilter.join();
    return ended;
}

Result<void> Server::come_to_an_end(Bell::Rung last) {
    Turnstile::shut();
    const bool patient = last.ended || finish_messages();
    std::thread stopper([] { smfi_stop(); });  // waits for a lock that the listener holds
    Turnstile::let_go();
    const bool quiet = drain(last, patient);
    stopper.join();
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

// A session that libmilter leaves amid a message costs its client a 451; so those end first, while
// it still serves. Sessions without one are not waited for: they may last for minutes.
bool Server::finish_messages() {
    const auto deadline = std::chrono::steady_clock::now() +
                          std::min<std::chrono::milliseconds>(options_.drain, finish_max);
    while (reception_.messages_under_way() > 0 && std::chrono::steady_clock::now() < deadline)
        if (const auto rung = bell_->wait(quiet_span); rung.stop || rung.ended) return !rung.stop;
    return true;
}

bool Server::drain(Bell::Rung last, bool patient) {
    const auto deadline = std::chrono::steady_clock::now() + options_.drain;
    for (bool ended = last.ended;;) {
        const auto seen = reception_.visits();
        if (!ended) listening_->poke();
        const auto rung = bell_->wait(quiet_span);
        ended |= rung.ended;
        const bool whole_span = !rung.reload && !rung.stop && !rung.ended;
        // A reply leaves libmilter after its callback returned; how long after, only the load of
        // the machine says. Its thread does not sleep before that.
        const bool quiet =
            reception_.visitors() == 0 && reception_.visits() == seen && other_threads_sleep();
        if (ended && whole_span && quiet) return true;
        if (!patient || rung.stop || std::chrono::steady_clock::now() >= deadline)
            return reception_.visitors() == 0;
    }
}

void Server::stop() {
    bell_->ring_stop();
}

Server::Counts Server::counts() const {
    return {reception_.counts(), Turnstile::counts().turned_away, descriptors_max_};
}

}  // namespace bailiff
