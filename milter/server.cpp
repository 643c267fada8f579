#include "milter/server.hpp"

#include <signal.h>

#include <algorithm>
#include <exception>

#include "milter/connection.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

constexpr auto finish_max = 2s;    // for messages under way; meanwhile connections wait
constexpr auto beginning = 100ms;  // from connect to MAIL
constexpr auto hanging_up = 200ms;  // until threads have seen that they are hung up
constexpr auto a_moment = 5ms;
constexpr std::size_t told_to_wait = 16;  // threads for those above the cap, beside as many again

Result<void> check(const Server::Options& options) {
    if (options.sessions_max < 1)
        return fail(Fault::invalid_input, "milter.sessions_max must be at least 1");
    if (!options.local_tag.empty() && options.local_tag == options.submission_tag)
        return fail(Fault::invalid_input, "milter.local_tag is milter.submission_tag");
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
    std::unique_ptr<Server> server(
        new Server(std::move(options), journal,
                   {std::move(listening), std::move(bell), std::move(reception), budget}));
    BAILIFF_TRY(server->entrance_, Entrance::open(server->way_in()));
    return server;
}

Server::Server(Options options, Journal& journal, Parts parts)
    : options_(std::move(options)),
      journal_(journal),
      parts_(std::move(parts)),
      workers_(2 * parts_.budget.sessions + told_to_wait, [this](int socket, PacketReader& reader) {
          serve_connection(socket, *parts_.reception, reader);
      }) {}

Entrance::Options Server::way_in() {
    return {.listening = parts_.listening->descriptor(),
            .connections_below = parts_.budget.connections_below,
            .take = [this](Descriptor connection) { return workers_.take(std::move(connection)); }};
}

Server::~Server() = default;

Result<void> Server::run() {
    Bell::block_signals();
    ::signal(SIGPIPE, SIG_IGN);
    entrance_->start();
    journal_.event(Severity::info, "milter.listening", {{"socket", options_.socket}});
    if (options_.listening) options_.listening();
    serve_until_stopped();
    entrance_->shut();
    const bool quiet = drain(finish_messages());
    journal_.event(quiet ? Severity::info : Severity::alarm, "milter.stopped",
                   {{"sessions", std::to_string(counts().sessions_now)},
                    {"unanswered", std::to_string(workers_.busy())}});
    if (!quiet) return fail(Fault::exhausted, "judgements outlasted milter.drain");
    return {};
}

void Server::serve_until_stopped() {
    for (;;) {
        const auto rung = parts_.bell->wait(-1ms);
        if (rung.stop) return;
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

// A session that is left amid a message costs its client a 451; so those end first, and who has
// just connected comes as far as MAIL. Sessions without a message are not waited for: they may last
// for minutes.
bool Server::finish_messages() {
    const auto begun = std::chrono::steady_clock::now();
    const auto most = std::min<std::chrono::milliseconds>(options_.drain, finish_max);
    for (;;) {
        const auto passed = std::chrono::steady_clock::now() - begun;
        const bool under_way = passed < beginning || parts_.reception->messages_under_way() > 0;
        if (!under_way || passed >= most) return true;
        if (parts_.bell->wait(a_moment).stop) return false;
    }
}

// Told once more to end, it still lets idle connections see that they are hung up.
bool Server::drain(bool patient) {
    const auto begun = std::chrono::steady_clock::now();
    auto deadline = begun + (patient ? options_.drain : hanging_up);
    workers_.hang_up();
    while (workers_.busy() > 0) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        if (parts_.bell->wait(a_moment).stop)
            deadline = std::min(deadline, std::chrono::steady_clock::now() + hanging_up);
    }
    return true;
}

void Server::stop() {
    parts_.bell->ring_stop();
}

Server::Counts Server::counts() const {
    return {parts_.reception->counts(), entrance_->turned_away(), parts_.budget.limit};
}

}  // namespace bailiff
