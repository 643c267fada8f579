// A mistake has many victims: one command brings all of them back.
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "src/api/list_json.hpp"
#include "src/app/commands.hpp"
#include "src/app/desk_line.hpp"

namespace bailiff {
namespace {

constexpr std::size_t page = 1'000;

struct UndoOptions {
    std::string config = configuration_file;
    CaseQuery query;
    bool all = false;
    bool dry_run = false;
    DecidedBy by;
};

/// `--rule ""`, of a variable that was never set, would mean all of them.
std::string is_named(const std::string& text) {
    return text.empty() ? "expected a name, and not nothing" : "";
}

struct Undone {
    std::size_t done = 0, failed = 0;
};

/// Nobody has looked at an open case: its mail goes, too. A person has upheld a rejected one: only
/// the service comes back.
Result<void> undo(const DeskClient& desk, const UndoOptions& options, Decision decision,
                  Undone& total) {
    std::set<std::string> failed;
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        BAILIFF_TRY(const auto json, desk.list_json(options.query));
        BAILIFF_TRY(const auto listed, cases_from_json(json));
        for (const auto& one : listed) {
            if (failed.contains(one.id.text())) continue;
            std::printf("%s  %s  %s  %s  ", one.id.text().c_str(), one.service.c_str(),
                        one.path.c_str(), std::string(to_text(decision)).c_str());
            const auto decided = options.dry_run ? Result<std::string>("")
                                                 : desk.decide(one.id, decision, options.by);
            std::printf("%s\n", !decided          ? decided.error().what.c_str()
                                : options.dry_run ? "would be done"
                                                  : "done");
            ++(decided ? total.done : total.failed);
            if (!decided) failed.insert(one.id.text());
            goes_on = goes_on || (decided && !options.dry_run);
        }
        if (options.dry_run && listed.size() == page)
            std::printf("and perhaps more: these are the newest %zu\n", page);
        goes_on = goes_on && listed.size() == page;
    }
    return {};
}

Result<int> run(UndoOptions options) {
    if (options.query.rule.empty() && options.query.path.empty() && !options.all)
        return fail(Fault::invalid_input, "expected --rule, --path or --all: which cases");
    BAILIFF_TRY(const auto line, desk_of(options.config));
    options.query.mode = "enforce";  // in mode observe nothing was done
    options.query.count = page;
    Undone total;
    options.query.state = "open";
    BAILIFF_CHECK(undo(line->client, options, Decision::release, total));
    options.query.state = "rejected";
    BAILIFF_CHECK(undo(line->client, options, Decision::reinstate, total));
    if (total.done + total.failed == 0) {
        const auto& rule = options.query.rule;
        return fail(
            Fault::not_found,
            "no case is such a one; nothing was undone" +
                (rule.empty() ? ""
                              : " (`bailiff report --since` names the rules that weigh: is '" +
                                    rule + "' spelt so?)"));
    }
    std::printf("%zu cases %s, %zu failed\n", total.done,
                options.dry_run ? "would be undone" : "undone", total.failed);
    if (total.done > 0 && !options.dry_run)
        std::printf("the enforcer takes their actions back, as soon as its mode is enforce\n");
    return total.failed == 0 ? 0 : 1;
}

}  // namespace

void add_undo_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "undo", "Take back a batch: release open cases, reinstate rejected ones");
    const auto options = std::make_shared<UndoOptions>();
    command->add_option("--since", options->query.since, "Cases opened then or later, RFC 3339")
        ->required();
    command->add_option("--rule", options->query.rule, "Only those in which this rule weighs")
        ->check(is_named);
    command->add_option("--path", options->query.path, "Only those on this path")->check(is_named);
    command->add_flag("--all", options->all, "All of them");
    command->add_flag("--dry-run", options->dry_run, "Say which, and do nothing");
    command->add_option("--by", options->by.name, "Who decides")->required();
    command->add_option("--reason", options->by.reason, "Why; kept in each case")->required();
    command->add_option("-c,--config", options->config, "Configuration file");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace bailiff
