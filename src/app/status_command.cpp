#include <cstdio>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/status_json.hpp"
#include "src/app/system_clock.hpp"

namespace bailiff {
namespace {

struct StatusOptions {
    std::string config = configuration_file;
    bool json = false;
};

/// Both roles write a file a second: the age of the file tells whether they live.
Result<int> status(const StatusOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    const auto milter = read_file(settings.run_dir + "/milter.json").value_or("");
    const auto enforcer = read_file(settings.run_dir + "/enforcer.json").value_or("");
    const auto joined = joined_status(milter, enforcer, SystemClock().now());
    std::printf("%s", (options.json ? joined + "\n" : status_text(joined)).c_str());
    return both_run(joined) ? 0 : 1;
}

}  // namespace

void add_status_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("status", "What the roles are doing");
    const auto options = std::make_shared<StatusOptions>();
    command->add_option("-c,--config", options->config, "Configuration file");
    command->add_flag("--json", options->json, "One JSON object");
    command->callback([&chosen, options] { chosen = [options] { return status(*options); }; });
}

}  // namespace bailiff
