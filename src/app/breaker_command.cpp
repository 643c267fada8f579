#include <cstdio>
#include <memory>

#include "src/api/text.hpp"
#include "src/app/commands.hpp"
#include "src/app/desk_line.hpp"

namespace bailiff {
namespace {

struct BreakerOptions {
    std::string config = configuration_file;
    bool json = false;
    DecidedBy by;
};

int print(const BreakerOptions& options, const std::string& json) {
    std::printf("%s", (options.json ? json + "\n" : breaker_text(json)).c_str());
    return 0;
}

Result<int> show(const BreakerOptions& options) {
    BAILIFF_TRY(const auto line, desk_of(options.config));
    BAILIFF_TRY(const auto json, line->client.breaker_json());
    return print(options, json);
}

Result<int> reset(const BreakerOptions& options) {
    BAILIFF_TRY(const auto line, desk_of(options.config));
    BAILIFF_TRY(const auto json, line->client.reset_breaker(options.by));
    return print(options, json);
}

}  // namespace

void add_breaker_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("breaker", "What stops mass action, and who closes it");
    group->require_subcommand(1);
    const auto options = std::make_shared<BreakerOptions>();
    auto* showing = group->add_subcommand("show", "Open or closed, since when and why");
    auto* resetting = group->add_subcommand(
        "reset", "Close it: budgets count anew; what waits needs its own decision");
    resetting->add_option("--by", options->by.name, "Who decides")->required();
    resetting->add_option("--reason", options->by.reason, "Why; kept in the log")->required();
    for (auto* command : {showing, resetting}) {
        command->add_option("-c,--config", options->config, "Configuration file");
        command->add_flag("--json", options->json, "One JSON object");
    }
    showing->callback([&chosen, options] { chosen = [options] { return show(*options); }; });
    resetting->callback([&chosen, options] { chosen = [options] { return reset(*options); }; });
}

}  // namespace bailiff
