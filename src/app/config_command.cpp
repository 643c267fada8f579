#include <cstdio>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/load_snapshot.hpp"
#include "src/app/role.hpp"
#include "src/config/load.hpp"

namespace bailiff {
namespace {

Result<int> check(const std::string& file) {
    BAILIFF_TRY(const auto settings, settings_from(file));
    BAILIFF_TRY(const auto loaded, load_snapshot(settings));
    std::printf("%s: good; mode %s, %zu rules, %zu paths, %zu hooks\n", file.c_str(),
                std::string(to_text(settings.mode)).c_str(), loaded.rules->counts().rules,
                settings.paths.size(), settings.hooks.size());
    return 0;
}

Result<int> show(const std::string& file) {
    BAILIFF_TRY(const auto settings, settings_from(file));
    std::fputs(effective_configuration(settings).c_str(), stdout);
    return 0;
}

}  // namespace

void add_config_command(CLI::App& app, Chosen& chosen) {
    auto* config = app.add_subcommand("config", "Check or show the configuration");
    config->require_subcommand(1);
    const auto file = std::make_shared<std::string>(configuration_file);
    const auto add = [&](const char* name, const char* help,
                         Result<int> (*run)(const std::string&)) {
        auto* command = config->add_subcommand(name, help);
        command->add_option("FILE,-c,--config", *file, "Configuration file");
        command->callback([&chosen, file, run] { chosen = [file, run] { return run(*file); }; });
    };
    add("check", "Read configuration, rules and weights; say all that is wrong", check);
    add("show", "Print the effective configuration", show);
    config->add_subcommand("example", "Print a commented example with every setting")
        ->callback([&chosen] {
            chosen = []() -> Result<int> {
                std::fputs(example_configuration().c_str(), stdout);
                return 0;
            };
        });
}

}  // namespace bailiff
