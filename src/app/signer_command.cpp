#include <unistd.h>

#include <memory>

#include "src/api/listener.hpp"
#include "src/app/commands.hpp"
#include "src/app/durable_file.hpp"
#include "src/app/role.hpp"
#include "src/app/signals.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/system_clock.hpp"
#include "src/evidence/sshsig.hpp"
#include "src/exchange/exchange.hpp"
#include "src/journal/journal.hpp"
#include "src/pipeline/signatory.hpp"
#include "src/signer/server.hpp"

#include <bailiff/guard.hpp>

namespace bailiff {
namespace {

Result<std::unique_ptr<Signatory>> signatory_of(const Settings& settings, LastNote& last) {
    BAILIFF_TRY(const auto bags, signing_keys(settings, "evidence"));
    BAILIFF_TRY(const auto logs, signing_keys(settings, "log"));
    std::vector<SigningKey> log_keys;
    for (const auto& key : logs) log_keys.push_back(key.key);
    return std::make_unique<Signatory>(
        Signatory::Names{evidence_identity(settings), log_origin(settings)}, bags.back().key,
        std::move(log_keys), last);
}

/// Holds the keys, opens no environment, and hears the enforcer alone.
Result<int> run_signer(const std::string& config) {
    BAILIFF_TRY(const auto settings, settings_from(config));
    if (settings.signer.socket.empty())
        return fail(Fault::invalid_input, "signer.socket is empty: this node has no signer");
    BAILIFF_TRY(const auto enforcer, user_id(settings.enforcer.user));
    BAILIFF_CHECK(become(settings, settings.signer.user));
    hear_signals();
    LastNoteFile last(signer_path(settings) + "/last-checkpoint");
    BAILIFF_TRY(auto signatory, signatory_of(settings, last));
    SystemClock clock;
    SpdJournal journal("signer", &clock);
    BAILIFF_TRY(auto listener, UnixListener::open(settings.signer.socket));
    exchange::Server server(
        journal,
        {.name = "signer", .listening = listener.release(), .may_ask = [enforcer](uid_t who) {
             return guard(Guard::signer_listens_to_the_enforcer, who == 0 || who == enforcer);
         }});
    journal.event(Severity::info, "started", {{"socket", settings.signer.socket}});
    server.run(stop_is_asked, [&](std::string_view question) {
        if (take_reload()) {
            auto next = signatory_of(settings, last);
            if (next)
                signatory = *std::move(next);
            else
                journal.event(Severity::alarm, "reload_refused", {{"why", next.error().what}});
        }
        return answer_of(*signatory, question);
    });
    journal.event(Severity::info, "stopped", {});
    return 0;
}

}  // namespace

void add_signer_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("signer", "Run the role that holds the signing keys");
    const auto config = std::make_shared<std::string>(configuration_file);
    command->add_option("-c,--config", *config, "Configuration file");
    command->callback([&chosen, config] { chosen = [config] { return run_signer(*config); }; });
}

}  // namespace bailiff
