#pragma once
// One file a subcommand; each adds itself to the command line and says what to run.

#include <CLI/CLI.hpp>
#include <bailiff/result.hpp>
#include <functional>

namespace bailiff {

/// What the chosen subcommand does. The value is the exit status; an error is printed by main().
using Chosen = std::function<Result<int>()>;

void add_milter_command(CLI::App& app, Chosen& chosen);
void add_enforcer_command(CLI::App& app, Chosen& chosen);
void add_queue_command(CLI::App& app, Chosen& chosen);
void add_signer_command(CLI::App& app, Chosen& chosen);
void add_keys_command(CLI::App& app, Chosen& chosen);
void add_stamp_command(CLI::App& app, Chosen& chosen);
void add_log_command(CLI::App& app, Chosen& chosen);
void add_directory_command(CLI::App& app, Chosen& chosen);
void add_explain_command(CLI::App& app, Chosen& chosen);
void add_case_command(CLI::App& app, Chosen& chosen);
void add_report_command(CLI::App& app, Chosen& chosen);
void add_undo_command(CLI::App& app, Chosen& chosen);
void add_breaker_command(CLI::App& app, Chosen& chosen);
void add_status_command(CLI::App& app, Chosen& chosen);
void add_config_command(CLI::App& app, Chosen& chosen);
void add_rules_command(CLI::App& app, Chosen& chosen);
void add_replay_command(CLI::App& app, Chosen& chosen);
void add_canary_command(CLI::App& app, Chosen& chosen);
void add_reload_command(CLI::App& app, Chosen& chosen);
void add_evidence_command(CLI::App& app, Chosen& chosen);
void add_evidence_replay(CLI::App& group, Chosen& chosen);
void add_retention_command(CLI::App& app, Chosen& chosen);
void add_panel_command(CLI::App& app, Chosen& chosen);

}  // namespace bailiff
