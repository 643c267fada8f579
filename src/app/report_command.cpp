#include <cstdio>
#include <memory>

#include "src/api/text.hpp"
#include "src/app/commands.hpp"
#include "src/app/desk_line.hpp"

namespace bailiff {
namespace {

struct ReportOptions {
    std::string config = configuration_file;
    bool json = false;
    std::string since;
};

Result<int> run(const ReportOptions& options) {
    BAILIFF_TRY(const auto line, desk_of(options.config));
    BAILIFF_TRY(const auto json, line->client.report_json(options.since));
    std::printf("%s", (options.json ? json + "\n" : report_text(json)).c_str());
    return 0;
}

}  // namespace

void add_report_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "report", "What was done since a moment; in mode observe, what would have been");
    const auto options = std::make_shared<ReportOptions>();
    command->add_option("--since", options->since, "Cases opened then or later, RFC 3339")
        ->required();
    command->add_option("-c,--config", options->config, "Configuration file");
    command->add_flag("--json", options->json, "One JSON object");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace bailiff
