#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include "src/app/commands.hpp"
#include "src/app/in_force.hpp"
#include "src/app/replay_run.hpp"
#include "src/app/role.hpp"
#include "src/app/running_role.hpp"

namespace bailiff {
namespace {

struct ReloadOptions {
    std::string config = configuration_file;
    std::string since;
    bool yes = false;
};

/// What the milter is judging by; none: it has told nothing.
Result<Settings> in_force(const Settings& settings) {
    return settings_from(in_force_path(settings));
}

/// Prints who would be stopped; a reload goes on without an answer.
Result<void> show_change(const Settings& now, const Settings& next, Instant since) {
    if (next.counters.features_days == 0) {
        std::printf(
            "counters.features_days is 0: nothing is known of past mail, nothing replayed\n");
        return {};
    }
    const auto status = run_replay(now, asked_settings(now, next), since, false);
    if (!status && status.error().fault == Fault::not_found) {
        std::printf("nothing replayed: %s\n", status.error().what.c_str());
        return {};
    }
    if (!status) return Failure(status.error());
    if (*status != 0) std::printf("nothing replayed: features cannot answer\n");
    return {};
}

bool wanted(const ReloadOptions& options) {
    if (options.yes) return true;
    if (isatty(STDIN_FILENO) == 0) return false;
    std::printf("Reload now? Type yes: ");
    std::fflush(stdout);
    std::string typed;
    return std::getline(std::cin, typed) && typed == "yes";
}

Result<int> tell_roles(const Settings& settings) {
    int told = 0;
    for (const auto* role : {"milter", "enforcer"}) {
        const auto pid = hang_up(settings, role);
        if (pid) {
            std::printf("%s: told to reload (process %d)\n", role, *pid);
            ++told;
        } else {
            std::printf("%s\n", pid.error().what.c_str());
        }
    }
    return told > 0 ? 0 : 1;
}

Result<int> reload(const ReloadOptions& options) {
    Instant since{};
    if (!options.since.empty()) {
        BAILIFF_TRY(since, parse_rfc3339(options.since).within("--since"));
    }
    BAILIFF_TRY(const auto next, settings_from(options.config));
    BAILIFF_TRY(const auto loaded, load_snapshot(next));
    const auto failures = loaded.rules->self_test();
    for (const auto& failure : failures) std::fprintf(stderr, "%s\n", failure.c_str());
    if (!failures.empty()) return fail(Fault::invalid_input, "the rules fail their own tests");
    auto now = in_force(next);
    if (!now) {
        std::printf("what is in force is not known: %s\n", now.error().what.c_str());
        now = next;
    }
    BAILIFF_CHECK(show_change(*now, next, since));
    if (!wanted(options)) {
        std::printf("Nothing was reloaded; with --yes it would be.\n");
        return 1;
    }
    BAILIFF_CHECK(replace_safely(replayed_path(next), fingerprint_of(next, loaded)));
    return tell_roles(next);
}

}  // namespace

void add_reload_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "reload", "Check the configuration, say who would be stopped by it, and reload");
    const auto options = std::make_shared<ReloadOptions>();
    command->add_option("-c,--config", options->config, "Configuration file of the roles");
    command->add_option("--since", options->since, "Replay messages from 2026-11-23T01:26:55Z on");
    command->add_flag("--yes", options->yes, "Do not ask");
    command->callback([&chosen, options] { chosen = [options] { return reload(*options); }; });
}

}  // namespace bailiff
