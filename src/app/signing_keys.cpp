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

/// Files in a folder by their names, in order; none if it is not there.
std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code wrong;
    for (fs::directory_iterator at(folder, wrong), last; !wrong && at != last; at.increment(wrong))
        names.push_back(at->path().filename().string());
    std::ranges::sort(names);
    return names;
}

struct NumberedFile {
    unsigned number = 0;
    std::string path;
};

/// "ROLE-NUMBER.ENDING", in order of number: the tenth key comes behind the ninth.
std::vector<NumberedFile> numbered_in(const std::string& folder, const std::string& role,
                                      const std::string& ending) {
    std::vector<NumberedFile> files;
    for (const auto& name : names_in(folder)) {
        if (!name.starts_with(role + "-")) continue;
        unsigned number = 0;
        const auto* last = name.data() + name.size();
        const auto [end, wrong] = std::from_chars(name.data() + role.size() + 1, last, number);
        if (wrong == std::errc() && std::string_view(end, last) == ending)
            files.push_back({number, folder + "/" + name});
    }
    std::ranges::sort(files, {}, &NumberedFile::number);
    return files;
}

/// What stands before a raw key in DER (RFC 8410).
constexpr std::string_view der_head("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

std::string der_of(const PublicKey& key) {
    return std::string(der_head).append(raw(key));
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
    std::vector<NumberedKey> keys;
    for (const auto& file : numbered_in(signer_path(settings), role, ".key")) {
        BAILIFF_TRY(const auto text, read_file(file.path, key_bytes_max));
        BAILIFF_TRY(auto key, ssh::parse_private_file(text).within(file.path));
        keys.push_back({file.number, std::move(key)});
    }
    if (keys.empty())
        return fail(Fault::not_found, signer_path(settings) + ": no key of " + role +
                                          "; `bailiff keys init` makes one");
    return keys;
}

unsigned last_number(const Settings& settings, const std::string& role) {
    unsigned last = 0;
    const auto look = [&](const std::string& folder, const std::string& ending) {
        for (const auto& file : numbered_in(folder, role, ending))
            last = std::max(last, file.number);
    };
    look(signer_path(settings), ".key");
    for (const auto* ending : {".pub", ".vkey", ".pem"}) look(keys_path(settings), ending);
    return last;
}

Result<std::vector<VaultKey>> vault_keys(const Settings& settings) {
    const auto folder = keys_path(settings);
    std::vector<VaultKey> keys;
    for (const auto& name : names_in(folder)) {
        if (!name.starts_with("vault-") || !name.ends_with(".pub")) continue;
        BAILIFF_TRY(const auto text, read_file(folder + "/" + name, key_bytes_max));
        BAILIFF_TRY(auto key, VaultKey::parse(text).within(folder + "/" + name));
        keys.push_back(std::move(key));
    }
    return keys;
}

CoverNames cover_names(const Settings& settings) {
    return {.node = node_name(settings),
            .software = std::string("bailiff ") + program_version,
            .identity = evidence_identity(settings),
            .log_origin = log_origin(settings)};
}

std::string pem_of(const PublicKey& key) {
    return "-----BEGIN PUBLIC KEY-----\n" + to_base64(der_of(key)) + "\n-----END PUBLIC KEY-----\n";
}

std::string der_digest_of(const PublicKey& key) {
    return sha256(der_of(key)).hex();
}

Result<std::vector<std::string>> log_vkeys(const Settings& settings) {
    std::vector<std::string> keys;
    for (const auto& file : numbered_in(keys_path(settings), "log", ".vkey")) {
        BAILIFF_TRY(auto text, read_file(file.path, key_bytes_max));
        while (text.ends_with('\n')) text.pop_back();
        keys.push_back(std::move(text));
    }
    return keys;
}

}  // namespace bailiff
