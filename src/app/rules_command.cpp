#include <cstdio>
#include <memory>

#include "rules/rule_set.hpp"
#include "src/app/commands.hpp"
#include "src/app/rules_diff.hpp"

namespace bailiff {
namespace {

/// Loads the rules and runs the tests that they carry.
Result<int> check(const std::string& directory) {
    BAILIFF_TRY(const auto rules, RuleSet::load_dir(directory));
    const auto counts = rules->counts();
    std::printf("%s: %zu rules, %zu patterns, %zu metas, %zu scored; digest %s\n",
                directory.c_str(), counts.rules, counts.patterns, counts.metas, counts.scored,
                rules->digest().c_str());
    const auto failures = rules->self_test();
    for (const auto& failure : failures) std::printf("%s\n", failure.c_str());
    return failures.empty() ? 0 : 1;
}

Result<int> list(const std::string& directory) {
    BAILIFF_TRY(const auto rules, RuleSet::load_dir(directory));
    for (const auto& name : rules->names()) {
        const auto explanation = rules->explanation(name);
        std::printf("%-32s %s\n", name.c_str(), explanation ? explanation->en.c_str() : "");
    }
    return 0;
}

}  // namespace

void add_rules_command(CLI::App& app, Chosen& chosen) {
    auto* rules = app.add_subcommand("rules", "Look at rule files");
    rules->require_subcommand(1);
    const auto directory = std::make_shared<std::string>("/usr/share/bailiff/rules/outbound");
    const auto add = [&](const char* name, const char* help,
                         Result<int> (*run)(const std::string&)) {
        auto* command = rules->add_subcommand(name, help);
        command->add_option("DIR", *directory, "Folder of *.cf files");
        command->callback(
            [&chosen, directory, run] { chosen = [directory, run] { return run(*directory); }; });
    };
    add("check", "Load the rules and run their own tests", check);
    add("list", "Name every rule", list);
    auto* diff = rules->add_subcommand("diff", "What other rules say of given messages");
    const auto sets = std::make_shared<RulesDiff>();
    diff->add_option("OLD_DIR", sets->old_rules, "Folder of *.cf files")->required();
    diff->add_option("NEW_DIR", sets->new_rules, "Folder of *.cf files")->required();
    diff->add_option("FILE", sets->files, "Messages, or folders of such")->required();
    diff->add_option("-c,--config", sets->config,
                     "Configuration whose lines hold, not the defaults");
    diff->callback([&chosen, sets] { chosen = [sets] { return rules_diff(*sets); }; });
}

}  // namespace bailiff
