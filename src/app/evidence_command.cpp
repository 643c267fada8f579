#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/durable_file.hpp"
#include "src/app/exporter.hpp"
#include "src/app/kept_rules.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/evidence/exhibits.hpp"
#include "src/http/client.hpp"

namespace bailiff {
namespace {

struct EvidenceOptions {
    std::string config = configuration_file;
    std::string id;
    std::string folder;
    std::string profile = "authority";
    std::string tiers;  ///< "1,3"; empty: those of the profile
    Disclosure disclosure;
    VaultSecretFile secret;
};

/// The covering report in both languages, beside the bags.
Result<void> write_cover(const EvidenceOptions& options, const DeskClient& client, const CaseId& id,
                         const Disclosed& disclosed, const std::string& tiers) {
    for (const auto language : {Language::fr, Language::en}) {
        BAILIFF_TRY(const auto html, client.cover(id, tiers, language, disclosed.leaf));
        const auto name = language == Language::fr ? "/report.fr.html" : "/report.en.html";
        BAILIFF_CHECK(write_durably(options.folder + name, html, 0600));
    }
    return {};
}

/// Whoever gets the message can reach the verdict once more, if he has the rules, too.
Result<void> add_rules(const Settings& settings, const BagContents& bag,
                       const std::string& folder) {
    const auto file_at = [&](std::string_view path) {
        return std::ranges::find(bag.files, "data/" + std::string(path), &BagContents::File::path);
    };
    const auto engine_file = file_at(engine_path);
    if (file_at(message_path) == bag.files.end() || engine_file == bag.files.end()) return {};
    BAILIFF_TRY(const auto engine, engine_facts(engine_file->bytes));
    if (const auto laid = hand_out_rules(settings, engine.rule_set, folder); !laid)
        std::printf("without its rules, so the verdict cannot be replayed from it: %s\n",
                    laid.error().what.c_str());
    return {};
}

Result<int> export_case(const EvidenceOptions& options) {
    BAILIFF_TRY(const auto id, CaseId::parse(options.id));
    BAILIFF_TRY(const auto choice, ExportChoice::of(options.profile, options.tiers));
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    if (options.secret.given()) BAILIFF_CHECK(options.secret.open());  // before anything is noted
    CurlHttp http;
    SystemClock clock;
    const DeskClient client(http, clock, settings.enforcer.desk_socket);
    auto disclosure = options.disclosure;
    disclosure.profile = options.profile;
    // A folder that cannot be made must not stand in the case as something that left the house.
    if (mkdir(options.folder.c_str(), 0700) != 0)
        return fail(Fault::unavailable, options.folder + ": " + std::strerror(errno));
    auto disclosed = client.disclose(id, disclosure);
    if (!disclosed) {
        (void)rmdir(options.folder.c_str());
        return Failure(std::move(disclosed).error());
    }
    BAILIFF_CHECK(write_cover(options, client, id, *disclosed, choice.tiers_text()));
    const Exporter exporter(settings, client, id, choice, options.secret);
    std::size_t withheld = 0;
    for (const auto& seal : disclosed->seals) {
        BAILIFF_TRY(const auto bag, exporter.bag(seal, disclosed->leaf));
        const auto folder = options.folder + "/" + bag_name(id, seal.number);
        BAILIFF_CHECK(write_bag(folder, bag).within("writing the bag"));
        withheld += bag.withheld.size();
        BAILIFF_CHECK(add_rules(settings, bag, options.folder));
    }
    std::printf("%s: %zu bag%s of case %s, profile %s, %zu files withheld\n",
                options.folder.c_str(), disclosed->seals.size(),
                disclosed->seals.size() == 1 ? "" : "s", id.text().c_str(), options.profile.c_str(),
                withheld);
    std::printf("check each: (cd %s/%s && sh seals/verify.sh)\n", options.folder.c_str(),
                bag_name(id, 0).c_str());
    return 0;
}

}  // namespace

void add_evidence_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("evidence", "Take a case out of the house");
    group->require_subcommand(1);
    add_evidence_replay(*group, chosen);
    const auto options = std::make_shared<EvidenceOptions>();
    auto* command = group->add_subcommand("export", "Write the sealed bags of a case");
    command->add_option("CASE", options->id, "Case")->required();
    command->add_option("DIR", options->folder, "Folder to create")->required();
    command->add_option("--by", options->disclosure.by, "Who asks for it here: a name")->required();
    command->add_option("--reason", options->disclosure.reason, "Why it leaves the house")
        ->required();
    command->add_option("--profile", options->profile,
                        "authority, court, art18-urgent, customer, cert, peer or signal-spam");
    command->add_option("--reference", options->disclosure.reference, "File number of the request");
    command->add_option("--to", options->disclosure.recipient, "Who receives it");
    command->add_option("--tiers", options->tiers, "Only these, as 1,3, instead of the profile's");
    command->add_option("--key", options->secret.path,
                        "Private key of the vault, for sealed files");
    command->add_option("--passphrase-file", options->secret.passphrase_file,
                        "What opens it; else it is asked for");
    command->add_option("-c,--config", options->config, "Configuration file");
    command->callback([&chosen, options] { chosen = [options] { return export_case(*options); }; });
}

}  // namespace bailiff
