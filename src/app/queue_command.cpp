#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "src/api/listener.hpp"
#include "src/app/commands.hpp"
#include "src/app/role.hpp"
#include "src/app/signals.hpp"
#include "src/app/system_clock.hpp"
#include "src/journal/journal.hpp"
#include "src/process/postfix_queue.hpp"
#include "src/queue/server.hpp"

namespace bailiff {
namespace {

/// The socket that systemd opened for us, descriptor 3; -1: none.
int handed_over() {
    const auto is = [](const char* name, const std::string& wanted) {
        const char* value = std::getenv(name);
        return value != nullptr && value == wanted;
    };
    constexpr int first = 3;
    return is("LISTEN_PID", std::to_string(getpid())) && is("LISTEN_FDS", "1") ? first : -1;
}

/// Root, and nothing but the queue: no ledger, no directory, no network.
Result<int> run_queue(const std::string& config) {
    BAILIFF_TRY(const auto settings, settings_from(config));
    if (geteuid() != 0)
        return fail(Fault::invalid_input, "the queue role runs as root: postsuper(1) asks for it");
    if (settings.queue.socket.empty())
        return fail(Fault::invalid_input, "queue.socket is empty: this node has no queue role");
    BAILIFF_TRY(const auto enforcer, user_id(settings.enforcer.user));
    BAILIFF_CHECK(join_group(settings));
    // No core file; but dumpable, so that postcat(1) may open what we have opened (/proc/PID/fd).
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    hear_signals();  // a HUP changes nothing: there is nothing to reload
    SystemClock clock;
    SpdJournal journal("queue", &clock);
    std::optional<UnixListener> own;
    int listening = handed_over();
    if (listening < 0) {
        BAILIFF_TRY(auto listener, UnixListener::open(settings.queue.socket));
        own.emplace(std::move(listener));
        listening = own->release();
    }
    PostfixQueue postfix({.config_directory = settings.queue.postfix});
    // Refused again with each request that acts; said now, while the operator looks.
    if (const auto fit = postfix.check(); !fit)
        journal.event(Severity::alarm, "postfix_unfit", {{"why", fit.error().what}});
    QueueServer server(postfix, journal, {.listening = listening, .users = {0, enforcer}});
    journal.event(Severity::info, "started",
                  {{"socket", settings.queue.socket}, {"postfix", settings.queue.postfix}});
    server.run(stop_is_asked);
    journal.event(Severity::info, "stopped", {});
    return 0;
}

}  // namespace

void add_queue_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("queue", "Run the role that holds mail in Postfix' queue");
    const auto config = std::make_shared<std::string>(configuration_file);
    command->add_option("-c,--config", *config, "Configuration file");
    command->callback([&chosen, config] { chosen = [config] { return run_queue(*config); }; });
}

}  // namespace bailiff
