#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <set>

#include "lmdb/directory.hpp"
#include "lmdb/holders.hpp"
#include "lmdb/ledger.hpp"
#include "src/app/commands.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/directory/import.hpp"

namespace bailiff {
namespace {

struct DirectoryOptions {
    std::string config = configuration_file;
    std::string services;
    std::string holders;
    std::string service;
};

/// Says after the complaints what became of the import.
template <class Rows>
Result<Rows> untouched(Result<Rows> read) {
    if (read) return read;
    auto error = std::move(read).error();
    error.what += "\nnothing was imported: the directory is as before";
    return Failure(std::move(error));
}

/// A holder that nobody described: the dossier of his case would name no one.
void warn_of_strangers(const std::vector<Service>& services, const std::vector<Holder>& holders) {
    std::set<HolderId> known;
    for (const auto& holder : holders) known.insert(holder.id);
    std::set<HolderId> strangers;
    for (const auto& service : services)
        if (!service.holder.empty() && !known.contains(service.holder))
            strangers.insert(service.holder);
    if (strangers.empty()) return;
    std::fprintf(stderr, "warning: %zu holders of services are not in the file of holders, as %s\n",
                 strangers.size(), strangers.begin()->text().c_str());
}

/// Both files are read whole before anything is written: a bad row loses nothing.
Result<int> import(const DirectoryOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_TRY(const auto services_text, read_file(options.services));
    BAILIFF_TRY(const auto services, untouched(read_services(services_text, options.services)));
    std::vector<Holder> holders;
    if (!options.holders.empty()) {
        BAILIFF_TRY(const auto text, read_file(options.holders));
        BAILIFF_TRY(holders, untouched(read_holders(text, options.holders)));
    }
    BAILIFF_CHECK(become(settings, settings.enforcer.user));
    if (!options.holders.empty()) {
        BAILIFF_TRY(const auto store, HolderStore::open(holders_path(settings)));
        BAILIFF_CHECK(store->replace_all(holders).within("writing the holders"));
    }
    BAILIFF_TRY(const auto writer, DirectoryWriter::open(directory_path(settings)));
    BAILIFF_CHECK(
        writer->replace_all(services, SystemClock().now()).within("writing the directory"));
    std::printf("%zu services and %zu holders imported\n", services.size(), holders.size());
    if (!options.holders.empty()) warn_of_strangers(services, holders);
    return 0;
}

Result<std::unique_ptr<LmdbDirectory>> opened(const DirectoryOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_CHECK(become(settings, settings.enforcer.user));
    return LmdbDirectory::open(directory_path(settings));
}

/// All services, page by page.
Result<std::vector<Service>> everything(const Directory& directory) {
    constexpr std::size_t page = 1000;
    std::vector<Service> all;
    for (ServiceId after;;) {
        BAILIFF_TRY(auto services, directory.list(after, page));
        if (services.empty()) return all;
        after = services.back().id;
        std::ranges::move(services, std::back_inserter(all));
    }
}

Result<int> list(const DirectoryOptions& options) {
    BAILIFF_TRY(const auto directory, opened(options));
    BAILIFF_TRY(const auto services, everything(*directory));
    std::printf("%-24s %-24s %-12s %-24s %s\n", "SERVICE", "ACCOUNT", "PLAN", "CREATED", "FLAGS");
    for (const auto& service : services)
        std::printf("%-24s %-24s %-12s %-24s %s%s\n", service.id.text().c_str(),
                    service.account.text().c_str(), service.plan.c_str(),
                    to_rfc3339(service.created).c_str(), service.test ? "test " : "",
                    service.is_protected ? "protected" : "");
    return 0;
}

constexpr std::size_t cases_shown_max = 20;  ///< of each service of the account

std::string text_of(const StandingRow& row, Instant now) {
    std::string text(to_text(row.standing));
    if (row.standing != Standing::active)
        text += " since " + to_rfc3339(row.since) + ", case " + row.case_id.text();
    if (row.probation_until > now)
        text += "; on probation until " + to_rfc3339(row.probation_until);
    return text;
}

/// Newest first, of each of the services.
Result<std::string> cases_of(const LedgerView& view, const std::vector<Service>& services) {
    std::string text;
    for (const auto& service : services) {
        BAILIFF_TRY(
            const auto cases,
            view.cases({.state = std::nullopt, .service = service.id, .count = cases_shown_max}));
        for (const auto& record : cases)
            text += "  " + record.id.text() + " " + to_rfc3339(record.opened) + " " +
                    std::string(to_text(record.state)) + ", " + record.path + ", mode " +
                    std::string(to_text(record.mode)) + ", service " + service.id.text() + "\n";
        if (cases.size() == cases_shown_max)
            text += "  perhaps more: bailiff case list --service " + service.id.text() + "\n";
    }
    return text;
}

/// How service and account stand, and why: the ledger's; without one there is none to tell.
Result<std::string> standing_of(const Settings& settings, const Service& service,
                                const std::vector<Service>& of_account) {
    auto ledger =
        LmdbLedger::open({.path = ledger_path(settings), .role = "status", .read_only = true});
    if (!ledger && ledger.error().fault == Fault::not_found)
        return std::string("standing: active (no case was ever opened)\n");
    if (!ledger) return Failure(std::move(ledger).error());
    std::string text;
    BAILIFF_CHECK((*ledger)->read([&](const LedgerView& view) -> Result<void> {
        const auto now = SystemClock().now();
        BAILIFF_TRY(const auto own, view.standing(service.ref()));
        BAILIFF_TRY(const auto account, view.standing(service.account));
        BAILIFF_TRY(const auto cases, cases_of(view, of_account));
        text = "standing: " + text_of(own, now) + "\naccount " + service.account.text() + ": " +
               text_of(account, now) + "; services: " + std::to_string(of_account.size()) + "\n" +
               (cases.empty() ? "" : "cases of the account:\n" + cases);
        return {};
    }));
    return text;
}

Result<int> show(const DirectoryOptions& options) {
    BAILIFF_TRY(const auto id, ServiceId::parse(options.service));
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_TRY(const auto directory, opened(options));
    BAILIFF_TRY(const auto service, directory->service(id));
    if (!service) return fail(Fault::not_found, "no service '" + id.text() + "' in the directory");
    std::fputs(write_services({*service}).c_str(), stdout);
    BAILIFF_TRY(const auto of_account, directory->services_of(service->account));
    BAILIFF_TRY(const auto standing,
                standing_of(settings, *service, of_account).within("the standing of " + id.text()));
    std::fputs(standing.c_str(), stdout);
    return 0;
}

Result<int> export_all(const DirectoryOptions& options) {
    BAILIFF_TRY(const auto directory, opened(options));
    BAILIFF_TRY(const auto services, everything(*directory));
    std::fputs(write_services(services).c_str(), stdout);
    return 0;
}

}  // namespace

void add_directory_command(CLI::App& app, Chosen& chosen) {
    auto* directory = app.add_subcommand("directory", "Who answers for which identity");
    directory->require_subcommand(1);
    const auto options = std::make_shared<DirectoryOptions>();
    const auto add = [&](const char* name, const char* help,
                         Result<int> (*run)(const DirectoryOptions&)) {
        auto* command = directory->add_subcommand(name, help);
        command->add_option("-c,--config", options->config, "Configuration file");
        command->callback(
            [&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
        return command;
    };
    auto* importing = add("import", "Replace the directory by the panel's data", import);
    importing->add_option("SERVICES", options->services, "JSON or CSV")->required();
    importing->add_option("--holders", options->holders, "JSON or CSV, kept apart");
    add("list", "One line a service", list);
    add("show", "One service, how it and its account stand, and their cases", show)
        ->add_option("SERVICE", options->service)
        ->required();
    add("export", "The whole directory as JSON that imports again", export_all);
}

}  // namespace bailiff
