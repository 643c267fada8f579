#include <algorithm>
#include <cstdio>
#include <memory>

#include "src/api/retention_json.hpp"
#include "src/app/commands.hpp"
#include "src/app/desk_line.hpp"

namespace bailiff {
namespace {

struct RetentionOptions {
    std::string config = configuration_file;
    bool json = false;
    std::uint64_t limit = 0;  ///< 0: all that is due
    DecidedBy by;
};

Result<int> show(const RetentionOptions& options) {
    BAILIFF_TRY(const auto line, desk_of(options.config));
    BAILIFF_TRY(const auto json, line->client.retention_json());
    std::fputs((options.json ? json + "\n" : retention_text(json)).c_str(), stdout);
    return 0;
}

/// In steps: the desk is not kept from others, and an interrupted run has done what it has said.
Result<int> run(const RetentionOptions& options) {
    BAILIFF_TRY(const auto line, desk_of(options.config));
    std::uint64_t erased = 0, from = 0;
    for (bool end = false; !end && (options.limit == 0 || erased < options.limit);) {
        const auto left = options.limit == 0 ? retention_step_max : options.limit - erased;
        const RetentionStep step{from, std::min(left, retention_step_max)};
        BAILIFF_TRY(const auto json, line->client.run_retention(options.by, step));
        BAILIFF_TRY(const auto answer, retention_run_from_json(json));
        for (const auto& one : answer.erased) std::printf("erased  %s\n", one.c_str());
        std::fflush(stdout);
        erased += answer.erased.size();
        from = answer.next;
        end = answer.end;
    }
    std::printf("%llu erased\n", static_cast<unsigned long long>(erased));
    return 0;
}

}  // namespace

void add_retention_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("retention", "How long what is sealed of a case stays");
    group->require_subcommand(1);
    const auto options = std::make_shared<RetentionOptions>();
    auto* showing = group->add_subcommand(
        "show", "What is due to be erased, what within 30 days, what is held back and why");
    showing->add_flag("--json", options->json, "One JSON object");
    auto* running = group->add_subcommand(
        "run", "Erase what is due, of all kinds, and beyond what the enforcer may by itself");
    running->add_option("--by", options->by.name, "Who decides")->required();
    running->add_option("--reason", options->by.reason, "Why; kept in each case")->required();
    running->add_option("--limit", options->limit, "At most so many parts")
        ->check(CLI::Range(1, 1'000'000));
    for (auto* command : {showing, running})
        command->add_option("-c,--config", options->config, "Configuration file");
    showing->callback([&chosen, options] { chosen = [options] { return show(*options); }; });
    running->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace bailiff
