#include <cstdio>
#include <exception>
#include <string>

#include <bailiff/version.hpp>

#include "src/app/commands.hpp"

namespace {

/// CLI11 says only that a subcommand is required, whatever was typed in its place.
int wrong_use(const CLI::App& app, const CLI::ParseError& error, int count, char** arguments) {
    const std::string first = count > 1 ? arguments[1] : "";
    std::string names;
    bool is_known = first.starts_with('-');
    for (const auto* command : app.get_subcommands({})) {
        names += (names.empty() ? "" : ", ") + command->get_name();
        is_known = is_known || command->get_name() == first;
    }
    if (is_known) return app.exit(error) == 0 ? 0 : 2;
    std::fprintf(stderr, "bailiff: %s; expected one of %s\n",
                 first.empty() ? "no command" : ("there is no command '" + first + "'").c_str(),
                 names.c_str());
    return 2;
}

int run(int count, char** arguments) {
    CLI::App app{"bailiff: outbound mail spam and abuse enforcement for web hosts"};
    app.set_version_flag("--version", std::string("bailiff ") + bailiff::program_version);
    app.require_subcommand(1);
    bailiff::Chosen chosen;
    bailiff::add_milter_command(app, chosen);
    bailiff::add_enforcer_command(app, chosen);
    bailiff::add_queue_command(app, chosen);
    bailiff::add_signer_command(app, chosen);
    bailiff::add_keys_command(app, chosen);
    bailiff::add_log_command(app, chosen);
    bailiff::add_stamp_command(app, chosen);
    bailiff::add_directory_command(app, chosen);
    bailiff::add_explain_command(app, chosen);
    bailiff::add_case_command(app, chosen);
    bailiff::add_report_command(app, chosen);
    bailiff::add_undo_command(app, chosen);
    bailiff::add_breaker_command(app, chosen);
    bailiff::add_retention_command(app, chosen);
    bailiff::add_status_command(app, chosen);
    bailiff::add_config_command(app, chosen);
    bailiff::add_rules_command(app, chosen);
    bailiff::add_replay_command(app, chosen);
    bailiff::add_canary_command(app, chosen);
    bailiff::add_reload_command(app, chosen);
    bailiff::add_evidence_command(app, chosen);
    bailiff::add_panel_command(app, chosen);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return wrong_use(app, error, count, arguments);
    }
    const auto status = chosen();
    if (status) return *status;
    std::fprintf(stderr, "bailiff: %s\n", status.error().what.c_str());
    return 1;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bailiff: our own bug: %s\n", error.what());
        return 1;
    }
}
