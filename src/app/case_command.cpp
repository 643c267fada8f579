#include <cstdio>
#include <memory>

#include "src/api/list_json.hpp"
#include "src/api/printable.hpp"
#include "src/api/text.hpp"
#include "src/app/commands.hpp"
#include "src/app/desk_line.hpp"

namespace bailiff {
namespace {

struct CaseOptions {
    std::string config = configuration_file;
    bool json = false;
    std::string id;
    CaseQuery query;
    std::string by;
    std::string reason;
    std::string what, from, to;
    bool french = false;
};

int print(const CaseOptions& options, const std::string& json, const std::string& as_text) {
    std::fputs((options.json ? json + "\n" : as_text).c_str(), stdout);
    return 0;
}

int print_case(const CaseOptions& options, const std::string& json) {
    return print(options, json, case_show_text(json, options.french ? Language::fr : Language::en));
}

Result<int> list(const CaseOptions& options) {
    BAILIFF_TRY(const auto line, desk_of(options.config));
    BAILIFF_TRY(const auto json, line->client.list_json(options.query));
    return print(options, json, case_list_text(json));
}

Result<int> show(const CaseOptions& options) {
    BAILIFF_TRY(const auto id, CaseId::parse(options.id));
    BAILIFF_TRY(const auto line, desk_of(options.config));
    BAILIFF_TRY(const auto json, line->client.show_json(id));
    return print_case(options, json);
}

/// Whoever decides one case of a service should know of the others: they may decide otherwise.
void tell_others(const DeskClient& desk, const CaseId& decided, const std::string& json) {
    constexpr std::size_t told_max = 10;
    CaseQuery query;
    query.state = "open";
    query.service = service_from_json(json);
    if (query.service.empty()) return;
    const auto listed = desk.list_json(query);
    const Result<std::vector<ListedCase>> others =
        listed ? cases_from_json(*listed) : Failure(listed.error());
    if (!others) return;
    std::size_t told = 0;
    for (const auto& other : *others) {
        if (other.id == decided) continue;
        if (++told <= told_max)
            std::printf("%s: %s  path %s\n",
                        told == 1 ? "\nStill open of this service" : "                         ",
                        other.id.text().c_str(), other.path.c_str());
    }
    if (told > told_max)
        std::printf("and %zu more: bailiff case list --state open --service %s\n", told - told_max,
                    printable(query.service).c_str());
}

Result<int> decide_as(const CaseOptions& options, Decision decision) {
    BAILIFF_TRY(const auto id, CaseId::parse(options.id));
    BAILIFF_TRY(const auto line, desk_of(options.config));
    const auto what =
        decision == Decision::edit ? options.from + " to " + options.to : options.what;
    BAILIFF_TRY(const auto json,
                line->client.decide(id, decision, {options.by, options.reason, what}));
    const int status = print_case(options, json);
    if (!options.json) tell_others(line->client, id, json);
    return status;
}

void add_decision(CLI::App& group, Chosen& chosen, const std::shared_ptr<CaseOptions>& options,
                  Decision decision, const char* help) {
    auto* command = group.add_subcommand(std::string(to_text(decision)), help);
    command->add_option("ID", options->id, "Case")->required();
    command->add_option("--by", options->by, "Who decides")->required();
    command->add_option("--reason", options->reason, "Why; kept in the case")->required();
    if (decision == Decision::confirm)
        command->add_option("--path", options->what, "Path that it starts")->required();
    if (decision == Decision::drop)
        command->add_option("--action", options->what, "Kind of the action, as `case show` has it")
            ->required();
    if (decision == Decision::erase)
        command->add_option("--what", options->what, "content, holder or all")->required();
    if (decision == Decision::legal_hold)
        command->add_option("--what", options->what, "set or released")->required();
    if (decision == Decision::edit) {
        command->add_option("--action", options->from, "Kind of the action that does not go on")
            ->required();
        command->add_option("--to", options->to, "Milder kind that stands in for it")->required();
    }
    command->add_option("-c,--config", options->config, "Configuration file");
    command->add_flag("--json", options->json, "One JSON object");
    command->callback([&chosen, options, decision] {
        chosen = [options, decision] { return decide_as(*options, decision); };
    });
}

}  // namespace

void add_case_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("case", "Read and decide cases, through the enforcer's desk");
    group->require_subcommand(1);
    const auto options = std::make_shared<CaseOptions>();
    auto* listing = group->add_subcommand("list", "Newest first");
    listing->add_option("--state", options->query.state, "open, released, rejected or reinstated");
    listing->add_option("--service", options->query.service, "Only this service");
    listing->add_option("--since", options->query.since, "Opened then or later, RFC 3339");
    listing->add_option("--rule", options->query.rule, "Only those in which this rule weighs");
    listing->add_option("--path", options->query.path, "Only this path");
    listing->add_option("--count", options->query.count, "At most so many")
        ->check(CLI::Range(1, 1000));
    auto* showing = group->add_subcommand("show", "Everything about one case");
    showing->add_option("ID", options->id, "Case")->required();
    showing->add_flag("--french", options->french, "Reasons of the verdict in French");
    for (auto* command : {listing, showing}) {
        command->add_option("-c,--config", options->config, "Configuration file");
        command->add_flag("--json", options->json, "JSON");
    }
    listing->callback([&chosen, options] { chosen = [options] { return list(*options); }; });
    showing->callback([&chosen, options] { chosen = [options] { return show(*options); }; });
    add_decision(*group, chosen, options, Decision::reinstate,
                 "The service comes back: what was done to it is undone");
    add_decision(*group, chosen, options, Decision::release,
                 "It was no spam: the mail may go, what was done is undone");
    add_decision(*group, chosen, options, Decision::retry,
                 "Try its dead actions again: the panel or the hook has been mended");
    add_decision(*group, chosen, options, Decision::purge,
                 "Destroy the data of the service that it has terminated, once the claim window "
                 "has closed");
    add_decision(*group, chosen, options, Decision::confirm,
                 "Stand in for the second witness: a case for review takes a path");
    add_decision(*group, chosen, options, Decision::drop,
                 "Give up an action that is dead or waiting; what waited for it goes on");
    add_decision(*group, chosen, options, Decision::edit,
                 "Put a milder action in the place of one that is dead or waiting");
    add_decision(*group, chosen, options, Decision::erase,
                 "Put what is sealed of it out of everybody's reach; digests and seals stay");
    add_decision(*group, chosen, options, Decision::legal_hold,
                 "Nothing of it is erased while it is set");
    add_decision(*group, chosen, options, Decision::reject,
                 "It was spam: the mail stays stopped, the service stays as it is");
}

}  // namespace bailiff
