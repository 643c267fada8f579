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

/// Nothing: the role has written none.
/// Errors   what keeps us from reading it: a role that we may not look at is not one that is down.
Result<std::string> written_by(const Settings& settings, const std::string& role) {
    auto text = read_file(settings.run_dir + "/" + role + ".json");
    if (!text && text.error().fault != Fault::not_found)
        return Failure(
            std::move(text).error().within("whether the " + role + " runs cannot be told"));
    return text.value_or("");
}

/// Both roles write a file a second: the age of the file tells whether they live.
Result<int> status(const StatusOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_TRY(const auto milter, written_by(settings, "milter"));
    BAILIFF_TRY(const auto enforcer, written_by(settings, "enforcer"));
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
