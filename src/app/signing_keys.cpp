#include "src/app/signing_keys.hpp"

#include <unistd.h>

#include <algorithm>
#include <bailiff/base64.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/version.hpp>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>

#include "src/app/files.hpp"
#include "src/evidence/sshsig.hpp"

namespace bailiff {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t key_bytes_max = 64U << 10;

/// Names in a folder that begin and end so, in order of name; none if it is not there.
std::vector<std::string> names_in(const std::string& folder, const std::string& begin,
                                  const std::string& end) {
    std::vector<std::string> names;
    std::error_code wrong;
    for (fs::directory_iterator at(folder, wrong), last; !wrong && at != last;
         at.increment(wrong)) {
        const auto name = at->path().filename().string();
        if (name.starts_with(begin) && name.ends_with(end)) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

std::optional<unsigned> number_in(const std::string& name, std::size_t at) {
    unsigned number = 0;
    const auto* from = name.data() + at;
    const auto [end, wrong] = std::from_chars(from, name.data() + name.size(), number);
    if (wrong != std::errc() || std::string_view(end) != ".key") return std::nullopt;
    return number;
}

}  // namespace

std::string signer_path(const Settings& settings) {
    return settings.state_dir + "/signer";
}
std::string keys_path(const Settings& settings) {
    return settings.state_dir + "/keys";
}
std::string log_path(const Settings& settings) {
    return settings.state_dir + "/log";
}

std::string node_name(const Settings& settings) {
    if (!settings.node.empty()) return settings.node;
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "unnamed";
    return name.data();
}

std::string evidence_identity(const Settings& settings) {
    const auto& own = settings.evidence.identity;
    return own.empty() ? "evidence@" + node_name(settings) : own;
}

std::string log_origin(const Settings& settings) {
    return settings.log.origin.empty() ? "bailiff@" + node_name(settings) : settings.log.origin;
}

Result<std::vector<NumberedKey>> signing_keys(const Settings& settings, const std::string& role) {
    const auto folder = signer_path(settings);
    std::vector<NumberedKey> keys;
    for (const auto& name : names_in(folder, role + "-", ".key")) {
        const auto number = number_in(name, role.size() + 1);
        if (!number) continue;
        BAILIFF_TRY(const auto text, read_file(folder + "/" + name, key_bytes_max));
        BAILIFF_TRY(auto key, ssh::parse_private_file(text).within(folder + "/" + name));
        keys.push_back({*number, std::move(key)});
    }
    if (keys.empty())
        return fail(Fault::not_found,
                    folder + ": no key of " + role + "; `bailiff keys init` makes one");
    std::ranges::sort(keys, {}, &NumberedKey::number);
    return keys;
}

Result<std::vector<VaultKey>> vault_keys(const Settings& settings) {
    const auto folder = keys_path(settings);
    std::vector<VaultKey> keys;
    for (const auto& name : names_in(folder, "vault-", ".pub")) {
        BAILIFF_TRY(const auto text, read_file(folder + "/" + name, key_bytes_max));
        BAILIFF_TRY(auto key, VaultKey::parse(text).within(folder + "/" + name));
        keys.push_back(std::move(key));
    }
    return keys;
}

CoverNames cover_names(const Settings& settings) {
    CoverNames names{.node = node_name(settings),
                     .software = std::string("bailiff ") + program_version,
                     .identity = evidence_identity(settings),
                     .key_fingerprint = {},
                     .log_origin = log_origin(settings)};
    const auto public_keys = names_in(keys_path(settings), "evidence-", ".pub");
    if (public_keys.empty()) return names;
    const auto text = read_file(keys_path(settings) + "/" + public_keys.back(), key_bytes_max);
    const auto key =
        text ? ssh::parse_public_line(*text) : Result<PublicKey>(Failure(text.error()));
    if (key) names.key_fingerprint = ssh::fingerprint(*key);
    return names;
}

std::string log_key_digest(const Settings& settings) {
    const auto keys = names_in(keys_path(settings), "log-", ".pem");
    if (keys.empty()) return {};
    auto text = read_file(keys_path(settings) + "/" + keys.back(), key_bytes_max).value_or("");
    const auto begin = text.find('\n'), end = text.find("\n-----END");
    if (end == std::string::npos || begin >= end) return {};
    const auto der = from_base64(std::string_view(text).substr(begin + 1, end - begin - 1));
    return der ? sha256(*der).hex() : "";
}

Result<std::vector<std::string>> log_vkeys(const Settings& settings) {
    const auto folder = keys_path(settings);
    std::vector<std::string> keys;
    for (const auto& name : names_in(folder, "log-", ".vkey")) {
        BAILIFF_TRY(auto text, read_file(folder + "/" + name, key_bytes_max));
        while (text.ends_with('\n')) text.pop_back();
        keys.push_back(std::move(text));
    }
    return keys;
}

}  // namespace bailiff
