#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "src/api/client.hpp"
#include "src/app/bag_folder.hpp"
#include "src/app/commands.hpp"
#include "src/app/durable_file.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/system_clock.hpp"
#include "src/app/vault_secret.hpp"
#include "src/evidence/bag.hpp"
#include "src/evidence/profiles.hpp"
#include "src/report/verify_text.hpp"
#include "src/http/client.hpp"
#include "src/log/entry.hpp"
#include "src/log/note.hpp"
#include "src/log/proof.hpp"
#include "src/log/tile.hpp"

#include "scripts.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

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

/// The entry of this leaf and its proof, out of the published files.
struct LogProof {
    std::string entry, proof;
};

Result<LogProof> log_proof(const Settings& settings, std::uint64_t leaf) {
    const LogFolder files(log_path(settings));
    const auto read = [&](const std::string& path) { return files.read(path); };
    BAILIFF_TRY(auto note, files.read(checkpoint_path).within("reading the log's checkpoint"));
    BAILIFF_TRY(const auto parsed, log::parse_note(note));
    BAILIFF_TRY(const auto checkpoint, log::parse_checkpoint(parsed.text));
    LogProof made;
    BAILIFF_TRY(made.entry, log::read_entry(leaf, checkpoint.size, read));
    BAILIFF_TRY(auto path, log::prove_inclusion(leaf, checkpoint.size,
                                                log::tile_reader(checkpoint.size, read)));
    made.proof = log::proof_text(
        {.extra = {}, .index = leaf, .path = std::move(path), .checkpoint = std::move(note)});
    return made;
}

/// Signature identity, proof, keys and scripts: what stands in seals/ beside the seal itself.
Result<std::vector<BagContents::File>> seal_files(const Settings& settings, const Seal& seal) {
    BAILIFF_TRY(auto proof, log_proof(settings, seal.leaf));
    const auto identity = evidence_identity(settings);
    std::vector<BagContents::File> files{{"seals/leaf.bin", std::move(proof.entry)},
                                         {"seals/evidence.tlog-proof", std::move(proof.proof)},
                                         {"seals/signer.txt", identity + " " + identity + "\n"},
                                         {"seals/verify.sh", verify_script},
                                         {"seals/verify-log.sh", verify_log_script}};
    std::error_code wrong;
    std::string newest, newest_text;
    for (const auto& at : std::filesystem::directory_iterator(keys_path(settings), wrong)) {
        const auto name = at.path().filename().string();
        const bool checks =
            name == "allowed_signers" ||
            (name.starts_with("log-") && (name.ends_with(".pem") || name.ends_with(".vkey")));
        if (!checks) continue;
        BAILIFF_TRY(auto text, read_file(at.path().string(), 1U << 20));
        if (name.ends_with(".pem") && name > newest) newest = name, newest_text = text;
        files.push_back({"seals/keys/" + name, std::move(text)});
    }
    if (!settings.timestamp.roots.empty()) {
        BAILIFF_TRY(auto roots, read_file(settings.timestamp.roots, 1U << 20));
        files.push_back({"seals/keys/tsa-root.pem", std::move(roots)});
    }
    files.push_back({"seals/keys/log.pem", std::move(newest_text)});
    return files;
}

std::string verify_name(Language language) {
    return language == Language::fr ? "VERIFY.fr.txt" : "VERIFY.en.txt";
}

VerifyFacts verify_facts(const Settings& settings, const CaseId& id, const Seal& seal) {
    const auto names = cover_names(settings);
    return {.case_id = id,
            .operator_name = names.node,
            .identity = names.identity,
            .name_space = names.identity,
            .bag = sha256(seal.tag_manifest),
            .sealed = seal.at,
            .key_fingerprint = names.key_fingerprint,
            .log_origin = names.log_origin,
            .log_key_digest = log_key_digest(settings),
            .stamp_authority = {},
            .stamp_root_digest = {},
            .site = {},
            .dns_name = {}};
}

/// Which of a bag's files go out.
struct Choice {
    const Profile* profile = nullptr;
    std::optional<std::set<unsigned>> tiers;
    [[nodiscard]] bool takes(const std::string& path) const {
        if (!tiers) return discloses(*profile, path);
        return tier_of(path) == 0 || tiers->contains(tier_of(path));
    }
};

Result<Choice> choice_of(const EvidenceOptions& options) {
    Choice choice{.profile = profile_of(options.profile), .tiers = {}};
    if (choice.profile == nullptr) {
        std::string names;
        for (const auto& profile : profiles) names += " " + std::string(profile.name);
        return fail(Fault::invalid_input,
                    "no profile '" + options.profile + "'; expected one of" + names);
    }
    if (options.tiers.empty()) return choice;
    choice.tiers.emplace();
    for (const auto c : options.tiers) {
        if (c == ',') continue;
        if (c < '1' || c > '4')
            return fail(Fault::invalid_input, "--tiers: expected 1 to 4, as 1,3");
        choice.tiers->insert(static_cast<unsigned>(c - '0'));
    }
    return choice;
}

/// Takes the files of one bag out of the house; each must be what the manifest says.
class Exporter {
public:
    Exporter(const Settings& settings, const DeskClient& client, CaseId id, Choice choice,
             const VaultSecretFile& secret)
        : settings_(settings),
          client_(client),
          id_(std::move(id)),
          choice_(std::move(choice)),
          secret_(secret) {}

    /// "134": those of which something goes out.
    [[nodiscard]] std::string tiers() const {
        std::string text;
        for (const auto* path : {"1-x", "2-x", "3-x", "4-x"})
            if (choice_.takes(path)) text += path[0];
        return text;
    }

    Result<BagContents> bag(const Seal& seal, std::uint64_t leaf) {
        BagContents bag{.case_id = id_, .seal = seal, .files = {}, .withheld = {}, .seals = {}};
        BAILIFF_TRY(const auto lines, parse_manifest(seal.manifest));
        for (const auto& line : lines) {
            const auto path = line.path.substr(std::string_view("data/").size());
            if (!choice_.takes(path)) {
                bag.withheld.push_back(line.path + "  not for profile " +
                                       std::string(choice_.profile->name));
                continue;
            }
            BAILIFF_CHECK(take(bag, line, path, leaf));
        }
        BAILIFF_TRY(bag.seals, seal_files(settings_, seal));
        for (const auto language : {Language::fr, Language::en})
            bag.seals.push_back({"seals/" + verify_name(language),
                                 verify_text(verify_facts(settings_, id_, seal), language)});
        return bag;
    }

private:
    Result<void> take(BagContents& bag, const ManifestLine& line, const std::string& path,
                      std::uint64_t leaf) {
        BAILIFF_TRY(auto bytes, client_.exhibit(id_, bag.seal.number, path, leaf).within(path));
        if (is_erased(bytes)) {
            bag.withheld.push_back(line.path + "  erased");
            return {};
        }
        if (is_sealed(bytes)) {
            if (!secret_.given()) {
                bag.withheld.push_back(line.path + "  sealed, no private key was given");
                return {};
            }
            BAILIFF_TRY(const auto* secret, secret_.open());
            BAILIFF_TRY(bytes, unseal(bytes, vault_context(id_, path), *secret).within(path));
        }
        if (sha256(bytes).hex() != line.digest)
            return fail(Fault::corrupt, path + " is not what was sealed");
        bag.files.push_back({line.path, std::move(bytes)});
        return {};
    }

    const Settings& settings_;
    const DeskClient& client_;
    const CaseId id_;
    const Choice choice_;
    const VaultSecretFile& secret_;
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

Result<int> export_case(const EvidenceOptions& options) {
    BAILIFF_TRY(const auto id, CaseId::parse(options.id));
    BAILIFF_TRY(auto choice, choice_of(options));
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    if (options.secret.given()) BAILIFF_CHECK(options.secret.open());  // before anything is noted
    CurlHttp http;
    SystemClock clock;
    const DeskClient client(http, clock, settings.enforcer.desk_socket);
    auto disclosure = options.disclosure;
    disclosure.profile = options.profile;
    BAILIFF_TRY(const auto disclosed, client.disclose(id, disclosure));
    if (mkdir(options.folder.c_str(), 0700) != 0)
        return fail(Fault::unavailable, options.folder + ": " + std::strerror(errno));
    Exporter exporter(settings, client, id, std::move(choice), options.secret);
    BAILIFF_CHECK(write_cover(options, client, id, disclosed, exporter.tiers()));
    std::size_t withheld = 0;
    for (const auto& seal : disclosed.seals) {
        BAILIFF_TRY(const auto bag, exporter.bag(seal, disclosed.leaf));
        const auto folder = options.folder + "/" + bag_name(id, seal.number);
        BAILIFF_CHECK(write_bag(folder, bag).within("writing the bag"));
        withheld += bag.withheld.size();
    }
    std::printf("%s: %zu bag%s of case %s, profile %s, %zu files withheld\n",
                options.folder.c_str(), disclosed.seals.size(),
                disclosed.seals.size() == 1 ? "" : "s", id.text().c_str(), options.profile.c_str(),
                withheld);
    std::printf("check each: (cd %s/%s && sh seals/verify.sh)\n", options.folder.c_str(),
                bag_name(id, 0).c_str());
    return 0;
}

}  // namespace

void add_evidence_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("evidence", "Take a case out of the house");
    group->require_subcommand(1);
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
