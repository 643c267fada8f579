#include <algorithm>
#include <cstdio>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/export_place.hpp"
#include "src/app/exporter.hpp"
#include "src/app/files.hpp"
#include "src/app/kept_rules.hpp"
#include "src/app/peer_reports.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/evidence/exhibits.hpp"
#include "src/http/client.hpp"

namespace bailiff {
namespace {

constexpr std::size_t certificate_bytes_max = 1U << 20;

struct EvidenceOptions {
    std::string config = configuration_file;
    std::string id;
    std::string place;
    bool archive = false;
    std::vector<std::string> certificates;  ///< files; none: not encrypted
    std::string profile = "authority";
    std::string tiers;  ///< "1,3"; empty: those of the profile
    Disclosure disclosure;
    VaultSecretFile secret;
};

/// All that goes out, and what is said of it.
struct Handout {
    std::vector<ArchiveFile> files;
    std::size_t bags = 0, withheld = 0;
    std::string without_rules;   ///< why; empty: they are in it, or nobody asked
    std::string without_report;  ///< likewise
};

/// The covering report in both languages, beside the bags.
Result<void> add_cover(Handout& handout, const DeskClient& client, const CaseId& id,
                       const Disclosed& disclosed, const std::string& tiers) {
    for (const auto language : {Language::fr, Language::en}) {
        BAILIFF_TRY(auto html, client.cover(id, tiers, language, disclosed.leaf));
        const auto* name = language == Language::fr ? "report.fr.html" : "report.en.html";
        handout.files.push_back({name, std::move(html)});
    }
    return {};
}

/// Whoever gets the message can reach the verdict once more, if he has the rules, too.
Result<void> add_rules(Handout& handout, const Settings& settings, const BagContents& bag) {
    const auto file_at = [&](std::string_view path) {
        return std::ranges::find(bag.files, "data/" + std::string(path), &ArchiveFile::path);
    };
    const auto engine_file = file_at(engine_path);
    if (file_at(message_path) == bag.files.end() || engine_file == bag.files.end()) return {};
    BAILIFF_TRY(const auto engine, engine_facts(engine_file->bytes));
    auto rules = kept_rules(settings, engine.rule_set);
    if (!rules) {
        handout.without_rules = rules.error().what;
        return {};
    }
    for (auto& file : *rules)
        handout.files.push_back(
            {"rules/" + engine.rule_set + "/" + file.name, std::move(file.text)});
    return {};
}

Result<void> add_bag(Handout& handout, const Settings& settings, const BagContents& bag) {
    BAILIFF_CHECK(add_rules(handout, settings, bag));
    const auto folder = bag_name(bag.case_id, bag.seal.number) + "/";
    for (auto& file : bag_files(bag))
        handout.files.push_back({folder + file.path, std::move(file.bytes)});
    ++handout.bags;
    handout.withheld += bag.withheld.size();
    return {};
}

/// Without the private key there is none, and the rest goes out all the same.
Result<void> add_report(Handout& handout, Result<ArchiveFile> report) {
    if (report)
        handout.files.push_back(*std::move(report));
    else if (report.error().fault == Fault::not_found)
        handout.without_report = report.error().what;
    else
        return Failure(std::move(report).error());
    return {};
}

void tell(const EvidenceOptions& options, const CaseId& id, const Handout& handout,
          const CmsRecipients& to) {
    std::printf("%s: %zu bag%s of case %s, profile %s, %zu files withheld\n", options.place.c_str(),
                handout.bags, handout.bags == 1 ? "" : "s", id.text().c_str(),
                options.profile.c_str(), handout.withheld);
    if (!handout.without_rules.empty())
        std::printf("without its rules, so the verdict cannot be replayed from it: %s\n",
                    handout.without_rules.c_str());
    if (!handout.without_report.empty())
        std::printf("without a report in its format: %s\n", handout.without_report.c_str());
    for (const auto& name : to.names()) std::printf("encrypted to %s\n", name.c_str());
    if (!to.empty())
        std::printf(
            "to open: openssl cms -decrypt -binary -inform DER -in %s -inkey KEY.pem "
            "-out case.tar\n",
            options.place.c_str());
    else if (!options.archive)
        std::printf("check each: (cd %s/%s && sh seals/verify.sh)\n", options.place.c_str(),
                    bag_name(id, 0).c_str());
}

Result<CmsRecipients> recipients_of(const EvidenceOptions& options, Instant now) {
    CmsRecipients to;
    for (const auto& file : options.certificates) {
        BAILIFF_TRY(const auto pem, read_file(file, certificate_bytes_max));
        BAILIFF_CHECK(to.add(pem, file, now));
    }
    return to;
}

/// Who can open it stands in the case with the rest.
Disclosure noted(const EvidenceOptions& options, const CmsRecipients& to) {
    auto disclosure = options.disclosure;
    disclosure.profile = options.profile;
    for (const auto& name : to.names()) disclosure.reason += "; encrypted to " + name;
    return disclosure;
}

Result<int> export_case(const EvidenceOptions& options) {
    BAILIFF_TRY(const auto id, CaseId::parse(options.id));
    BAILIFF_TRY(const auto choice, ExportChoice::of(options.profile, options.tiers));
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    SystemClock clock;
    BAILIFF_TRY(const auto to, recipients_of(options, clock.now()));
    BAILIFF_CHECK(check_report(settings, *choice.profile, options.disclosure.recipient));
    if (options.secret.given()) BAILIFF_CHECK(options.secret.open());  // before anything is noted
    CurlHttp http;
    const DeskClient client(http, clock, settings.enforcer.desk_socket);
    BAILIFF_TRY(const auto place,
                ExportPlace::create(options.place, options.archive || !to.empty()));
    auto disclosed = client.disclose(id, noted(options, to));
    if (!disclosed) {
        place.discard();
        return Failure(std::move(disclosed).error());
    }
    Handout handout;
    BAILIFF_CHECK(add_cover(handout, client, id, *disclosed, choice.tiers_text()));
    const Exporter exporter(settings, client, id, choice, options.secret);
    for (const auto& seal : disclosed->seals) {
        BAILIFF_TRY(const auto bag, exporter.bag(seal, disclosed->leaf));
        BAILIFF_CHECK(add_bag(handout, settings, bag));
    }
    if (has_report(*choice.profile))
        BAILIFF_CHECK(
            add_report(handout, peer_report(settings, *choice.profile, exporter, id, *disclosed,
                                            options.disclosure.recipient, clock.now())));
    const auto modified = disclosed->seals.empty() ? clock.now() : disclosed->seals.front().at;
    BAILIFF_CHECK(place.write(std::move(handout.files), modified, to));
    tell(options, id, handout, to);
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
    command->add_option("DIR", options->place, "Folder to create; or file, see --archive")
        ->required();
    command->add_flag("--archive", options->archive, "One file instead of a folder: a tar");
    command
        ->add_option("--encrypt-to", options->certificates,
                     "Certificate, PEM: the archive is encrypted to it; may be repeated")
        ->allow_extra_args(false);
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
