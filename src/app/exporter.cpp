#include "src/app/exporter.hpp"

#include <algorithm>
#include <bailiff/base64.hpp>

#include "scripts.hpp"
#include "src/app/files.hpp"
#include "src/app/signing_keys.hpp"
#include "src/evidence/sshsig.hpp"
#include "src/seal/timestamp.hpp"
#include "src/report/verify_text.hpp"

namespace bailiff {
namespace {

constexpr std::size_t key_bytes_max = 1U << 20;
constexpr std::string_view data_folder = "data/";

struct StampNames {
    std::string authority, root_digest;
};

/// Of the first certificate, as it is in DER; empty: there is none.
std::string certificate_digest(std::string_view pem) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----", end = "-----END";
    const auto from = pem.find(begin);
    if (from == std::string_view::npos) return {};
    auto text = std::string(pem.substr(from + begin.size()));
    text.resize(std::min(text.find(end), text.size()));
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
    const auto der = from_base64(text);
    return der ? sha256(*der).hex() : std::string();
}

/// Who stamped this bag, or is asked to.
StampNames stamp_names(const Settings& settings, const Seal& seal) {
    const auto& asked = settings.timestamp;
    if (asked.roots.empty() || asked.authorities.empty()) return {};
    const auto roots = read_file(asked.roots, key_bytes_max);
    if (!roots) return {asked.authorities.front(), {}};
    StampNames names{asked.authorities.front(), certificate_digest(*roots)};
    StampTrust trust;
    trust.roots_pem = *roots;
    trust.untrusted_pem = seal.stamp_chain;
    if (seal.stamp.empty()) return names;
    if (const auto stamp = check_stamp(seal.stamp, seal.tag_manifest, trust))
        names.authority = stamp->authority;
    return names;
}

/// What whoever checks must compare with what reached him by another way.
Result<VerifyFacts> verify_facts(const Settings& settings, const CaseId& id, const Seal& seal,
                                 const PublicKey& log_key) {
    BAILIFF_TRY(const auto signer, ssh::signer_of(seal.signature));
    const auto identity = evidence_identity(settings);
    const auto stamping = stamp_names(settings, seal);
    return VerifyFacts{.case_id = id,
                       .operator_name = node_name(settings),
                       .identity = identity,
                       .name_space = identity,
                       .bag = sha256(seal.tag_manifest),
                       .sealed = seal.at,
                       .key_fingerprint = ssh::fingerprint(signer),
                       .log_origin = log_origin(settings),
                       .log_key_digest = der_digest_of(log_key),
                       .stamp_authority = stamping.authority,
                       .stamp_root_digest = stamping.root_digest,
                       .site = settings.evidence.site,
                       .dns_name = settings.evidence.dns_name};
}

}  // namespace

bool ExportChoice::takes(const std::string& path) const {
    if (!tiers) return discloses(*profile, path);
    return tier_of(path) == 0 || tiers->contains(tier_of(path));
}

std::string ExportChoice::tiers_text() const {
    std::string text;
    for (const auto* path : {"1-x", "2-x", "3-x", "4-x"})
        if (takes(path)) text += path[0];
    return text;
}

Result<ExportChoice> ExportChoice::of(const std::string& profile, const std::string& tiers) {
    ExportChoice choice{.profile = profile_of(profile)};
    if (choice.profile == nullptr) {
        std::string names;
        for (const auto& one : profiles) names += " " + std::string(one.name);
        return fail(Fault::invalid_input, "no profile '" + profile + "'; expected one of" + names);
    }
    if (tiers.empty()) return choice;
    choice.tiers.emplace();
    for (const auto c : tiers) {
        if (c == ',') continue;
        if (c < '1' || c > '4')
            return fail(Fault::invalid_input, "--tiers: expected 1 to 4, as 1,3");
        choice.tiers->insert(static_cast<unsigned>(c - '0'));
    }
    return choice;
}

Result<BagContents> Exporter::bag(const Seal& seal, std::uint64_t leaf) const {
    BagContents bag{.case_id = id_, .seal = seal, .files = {}, .withheld = {}, .seals = {}};
    BAILIFF_TRY(const auto lines, parse_manifest(seal.manifest));
    for (const auto& line : lines) BAILIFF_CHECK(take(bag, line, leaf));
    BAILIFF_CHECK(lay_seals(bag));
    return bag;
}

Result<void> Exporter::take(BagContents& bag, const ManifestLine& line, std::uint64_t leaf) const {
    const auto path = line.path.substr(data_folder.size());
    const auto withhold = [&](const std::string& why) -> Result<void> {
        bag.withheld.push_back(line.path + "  " + why);
        return {};
    };
    if (!choice_.takes(path))
        return withhold("not for profile " + std::string(choice_.profile->name));
    auto bytes = opened(bag.seal, line, leaf);
    if (!bytes && bytes.error().fault == Fault::not_found) return withhold(bytes.error().what);
    if (!bytes) return Failure(std::move(bytes).error());
    bag.files.push_back({line.path, *std::move(bytes)});
    return {};
}

/// The plain bytes of one line of the manifest.  Errors   not_found: nobody opens it, and why.
Result<std::string> Exporter::opened(const Seal& seal, const ManifestLine& line,
                                     std::uint64_t leaf) const {
    const auto path = line.path.substr(data_folder.size());
    BAILIFF_TRY(auto bytes, kept(seal, path, leaf));
    if (is_erased(bytes)) return fail(Fault::not_found, "erased");
    if (is_sealed(bytes)) {
        if (!secret_.given()) return fail(Fault::not_found, "sealed, no private key was given");
        BAILIFF_TRY(const auto* secret, secret_.open());
        BAILIFF_TRY(bytes, unseal(bytes, vault_context(id_, path), *secret).within(path));
    }
    if (sha256(bytes).hex() != line.digest)
        return fail(Fault::corrupt, path + " is not what was sealed");
    return bytes;
}

/// What the desk has, which has all that the manifest names.
Result<std::string> Exporter::kept(const Seal& seal, const std::string& path,
                                   std::uint64_t leaf) const {
    auto bytes = client_.exhibit(id_, seal.number, path, leaf).within(path);
    if (!bytes && bytes.error().fault == Fault::not_found)
        return fail(Fault::corrupt, std::move(bytes).error().what);
    return bytes;
}

Result<std::string> Exporter::file(const Seal& first, std::string_view path,
                                   std::uint64_t leaf) const {
    BAILIFF_TRY(const auto lines, parse_manifest(first.manifest));
    const auto whole = std::string(data_folder) + std::string(path);
    const auto line = std::ranges::find(lines, whole, &ManifestLine::path);
    if (line == lines.end()) return fail(Fault::not_found, "the bag has no " + whole);
    return opened(first, *line, leaf).within(whole);
}

/// What stands in seals/ beside the seal itself.
Result<void> Exporter::lay_seals(BagContents& bag) const {
    BAILIFF_TRY(const auto vkeys, log_vkeys(settings_));
    BAILIFF_TRY(const auto log, PublishedLog::open(log_path(settings_), vkeys));
    BAILIFF_TRY(auto entry, log.entry(bag.seal.leaf));
    BAILIFF_TRY(auto proof, log.proof(bag.seal.leaf));
    BAILIFF_TRY(auto signers, read_file(keys_path(settings_) + "/allowed_signers", key_bytes_max));
    BAILIFF_TRY(const auto facts, verify_facts(settings_, id_, bag.seal, log.signed_by()));
    bag.seals = {{"seals/leaf.bin", std::move(entry)},
                 {"seals/evidence.tlog-proof", std::move(proof)},
                 {"seals/signer.txt", facts.identity + " " + facts.name_space + "\n"},
                 {"seals/verify.sh", verify_script},
                 {"seals/verify-log.sh", verify_log_script},
                 {"seals/VERIFY.fr.txt", verify_text(facts, Language::fr)},
                 {"seals/VERIFY.en.txt", verify_text(facts, Language::en)},
                 {"seals/keys/allowed_signers", std::move(signers)},
                 {"seals/keys/log.pem", pem_of(log.signed_by())}};
    if (settings_.timestamp.roots.empty()) return {};
    BAILIFF_TRY(auto roots, read_file(settings_.timestamp.roots, key_bytes_max));
    bag.seals.push_back({"seals/keys/tsa-root.pem", std::move(roots)});
    return {};
}

}  // namespace bailiff
