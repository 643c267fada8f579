#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/durable_file.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/system_clock.hpp"
#include "src/app/vault_secret.hpp"
#include "src/evidence/sshsig.hpp"
#include "src/log/note.hpp"
#include "src/seal/entropy.hpp"

namespace bailiff {
namespace {

constexpr std::array vault_roles{"team", "dpo", "escrow"};
constexpr std::string_view open_end = "valid-before=\"99991231\"";

struct KeyOptions {
    std::string config = configuration_file;
    std::string private_dir = "bailiff-vault-private";
    std::string passphrase_file;
    std::string role;
};

SigningKey new_key() {
    std::array<std::uint8_t, 32> seed{};
    SystemEntropy().fill(seed);
    return SigningKey(seed);
}

/// 20261124, in UTC.
std::string day(Instant at) {
    auto text = to_rfc3339(at).substr(0, 10);
    std::erase(text, '-');
    return text;
}

Result<void> make_folder(const std::string& path, mode_t mode, std::optional<uid_t> owner) {
    if (mkdir(path.c_str(), 0700) != 0) {
        if (errno == EEXIST) return {};
        return fail(Fault::unavailable, path + ": " + std::strerror(errno));
    }
    const bool given = !owner || geteuid() != 0 || chown(path.c_str(), *owner, gid_t(-1)) == 0;
    if (!given || chmod(path.c_str(), mode) != 0)
        return fail(Fault::unavailable, path + ": " + std::strerror(errno));
    return sync_folder_of(path);
}

std::string name_of(const std::string& role, unsigned number, const std::string& ending) {
    return role + "-" + std::to_string(number) + ending;
}

/// What checks the key's signatures, for everybody.
Result<void> publish_key(const Settings& settings, const std::string& role, unsigned number,
                         const PublicKey& key) {
    const auto open = keys_path(settings) + "/";
    if (role == "log") {
        const auto vkey = log::vkey_text({log_origin(settings), key});
        BAILIFF_CHECK(write_durably(open + name_of(role, number, ".vkey"), vkey + "\n", 0644));
        BAILIFF_CHECK(write_durably(open + name_of(role, number, ".pem"), pem_of(key), 0644));
        std::printf("log key %u: %s\n", number, vkey.c_str());
        return {};
    }
    const auto identity = evidence_identity(settings);
    const auto line = ssh::public_line(key);
    BAILIFF_CHECK(
        write_durably(open + name_of(role, number, ".pub"), line + " " + identity + "\n", 0644));
    std::printf("evidence key %u: %s %s\n", number, ssh::fingerprint(key).c_str(),
                identity.c_str());
    const auto signers = open + "allowed_signers";
    const auto known = read_file(signers);
    if (!known && known.error().fault != Fault::not_found) return Failure(known.error());
    return write_durably(signers,
                         (known ? *known : "") + identity + " namespaces=\"" + identity +
                             "\",valid-after=\"" + day(SystemClock().now()) + "\"," +
                             std::string(open_end) + " " + line + "\n",
                         0644);
}

/// All but the last are valid until a day after it came.
Result<void> end_older_signers(const Settings& settings) {
    const auto path = keys_path(settings) + "/allowed_signers";
    BAILIFF_TRY(auto text, read_file(path));
    const auto until = "valid-before=\"" + day(SystemClock().now() + std::chrono::hours(48)) + "\"";
    const auto last = text.rfind(open_end);
    auto ended = text.substr(0, last);
    for (auto at = ended.find(open_end); at != std::string::npos; at = ended.find(open_end))
        ended.replace(at, open_end.size(), until);
    if (last == std::string::npos || ended == text.substr(0, last)) return {};
    return write_durably(path, ended + text.substr(last), 0644);
}

/// The private half comes last: whatever stops us, the signer has no key that nobody can check, and
/// the older keys end only when it has the new one.
Result<void> add_signing_key(const Settings& settings, const std::string& role, unsigned number) {
    BAILIFF_TRY(const auto signer, user_id(settings.signer.user));
    const auto key = new_key();
    const auto own = signer_path(settings) + "/" + name_of(role, number, ".key");
    const auto owner = geteuid() == 0 ? std::optional(signer) : std::nullopt;
    BAILIFF_CHECK(write_beside(own, ssh::private_file(key, "bailiff " + role), 0400, owner));
    BAILIFF_CHECK(publish_key(settings, role, number, key.public_key()));
    BAILIFF_CHECK(put_in_place(own));
    return role == "evidence" ? end_older_signers(settings) : Result<void>();
}

/// Names, and takes away as far as nothing is lost by it, what a rotation that stopped has left.
/// Returns the number of the next key: none is used twice.
Result<unsigned> next_number(const Settings& settings, const std::string& role, unsigned newest) {
    const auto last = last_number(settings, role);
    for (auto number = newest + 1; number <= last + 1; ++number) {
        const auto own =
            signer_path(settings) + "/" + name_of(role, number, std::string(".key") + beside);
        const bool left = unlink(own.c_str()) == 0;
        if (!left && errno != ENOENT)
            return fail(Fault::unavailable, own + ": " + std::strerror(errno));
        if (left || number <= last)
            std::fprintf(stderr, "%s key %u was never finished: nothing is signed with it%s\n",
                         role.c_str(), number, left ? "; its private half is removed" : "");
    }
    return last + 1;
}

Result<void> add_vault_keys(const Settings& settings, const KeyOptions& options) {
    BAILIFF_CHECK(make_folder(options.private_dir, 0700, std::nullopt));
    for (const std::string role : vault_roles) {
        BAILIFF_TRY(const auto phrase,
                    passphrase(options.passphrase_file, "the private key of " + role));
        const auto secret = VaultSecret::make(role);
        const auto own = options.private_dir + "/" + role + ".key";
        if (access(own.c_str(), F_OK) == 0)
            return fail(Fault::invalid_input, own + " is there already: it is not replaced");
        BAILIFF_CHECK(write_durably(own, secret.file(phrase), 0600));
        BAILIFF_CHECK(write_durably(keys_path(settings) + "/vault-" + role + ".pub",
                                    secret.key().line() + "\n", 0644));
    }
    std::printf(
        "private keys of the vault: %s/; take them off this machine, each to whom it "
        "belongs\n",
        options.private_dir.c_str());
    return {};
}

Result<int> init(const KeyOptions& options) {
    umask(0022);
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    if (signing_keys(settings, "evidence") || signing_keys(settings, "log"))
        return fail(Fault::invalid_input,
                    "there are keys already; `bailiff keys rotate` makes the next ones");
    BAILIFF_TRY(const auto signer, user_id(settings.signer.user));
    BAILIFF_CHECK(join_group(settings).within("making the folders"));
    umask(0022);
    BAILIFF_CHECK(make_folder(signer_path(settings), 0700, signer));
    BAILIFF_CHECK(make_folder(keys_path(settings), 0755, std::nullopt));
    BAILIFF_CHECK(add_vault_keys(settings, options));
    BAILIFF_CHECK(add_signing_key(settings, "evidence", 1));
    BAILIFF_CHECK(add_signing_key(settings, "log", 1));
    std::printf("public keys: %s/; publish them where those who receive evidence can find them\n",
                keys_path(settings).c_str());
    return 0;
}

Result<int> rotate(const KeyOptions& options) {
    umask(0022);
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    if (options.role != "evidence" && options.role != "log")
        return fail(Fault::invalid_input, "expected evidence or log");
    const auto keys = signing_keys(settings, options.role);
    // None: of an `init` that was stopped. It makes no second key of the other role.
    if (!keys && keys.error().fault != Fault::not_found) return Failure(keys.error());
    BAILIFF_TRY(const auto number,
                next_number(settings, options.role, keys ? keys->back().number : 0));
    BAILIFF_CHECK(add_signing_key(settings, options.role, number));
    std::printf(
        "HUP the signer; it signs with the new key then%s\n",
        options.role == "log" ? ", and with the old one until `bailiff keys retire log`" : "");
    return 0;
}

/// Private keys go, public ones stay: what they signed is still to be checked.
Result<int> retire(const KeyOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_TRY(const auto keys, signing_keys(settings, options.role));
    for (const auto& key : keys) {
        if (key.number == keys.back().number) continue;
        const auto path = signer_path(settings) + "/" + name_of(options.role, key.number, ".key");
        if (unlink(path.c_str()) != 0)
            return fail(Fault::unavailable, path + ": " + std::strerror(errno));
        std::printf("%s key %u is retired\n", options.role.c_str(), key.number);
    }
    return 0;
}

}  // namespace

void add_keys_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("keys", "Make and change the keys of evidence and log");
    group->require_subcommand(1);
    const auto options = std::make_shared<KeyOptions>();
    const auto add = [&](const char* name, const char* help,
                         Result<int> (*run)(const KeyOptions&)) {
        auto* command = group->add_subcommand(name, help);
        command->add_option("-c,--config", options->config, "Configuration file");
        command->callback([&chosen, options, run] { chosen = [=] { return run(*options); }; });
        return command;
    };
    auto* first = add("init", "The first keys of this node, as root", init);
    first->add_option("--private-dir", options->private_dir,
                      "Where the private keys of team, dpo and escrow are put");
    first->add_option("--passphrase-file", options->passphrase_file,
                      "What protects them; else it is asked for");
    add("rotate", "One more key; the one before stays valid for two days", rotate)
        ->add_option("ROLE", options->role, "evidence or log")
        ->required();
    add("retire", "Remove the private halves of all but the newest key", retire)
        ->add_option("ROLE", options->role, "evidence or log")
        ->required();
}

}  // namespace bailiff
