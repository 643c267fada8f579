#pragma once
// Where keys lie, and how they are read: private ones of the signer, public ones for everybody.

#include <bailiff/ed25519.hpp>
#include <bailiff/result.hpp>
#include <bailiff/settings.hpp>
#include <string>
#include <vector>

#include "src/pipeline/cover.hpp"
#include "src/seal/sealed.hpp"

namespace bailiff {

/// Of the signer's user alone: evidence-1.key, log-1.key (OpenSSH), last-checkpoint.
[[nodiscard]] std::string signer_path(const Settings& settings);
/// Public keys: allowed_signers, evidence-1.pub, log-1.vkey, log-1.pem, vault-team.pub.
[[nodiscard]] std::string keys_path(const Settings& settings);
/// The published log.
[[nodiscard]] std::string log_path(const Settings& settings);

/// The host name, if the configuration gives none.
[[nodiscard]] std::string node_name(const Settings& settings);
[[nodiscard]] std::string evidence_identity(const Settings& settings);
[[nodiscard]] std::string log_origin(const Settings& settings);

/// A private key by its number: keys follow one another, the highest number signs.
struct NumberedKey {
    unsigned number = 0;
    SigningKey key;
};

/// All keys of `role`, "evidence" or "log", oldest first.
/// Errors   not_found: there is none.  invalid_input: a file that is no key.
[[nodiscard]] Result<std::vector<NumberedKey>> signing_keys(const Settings& settings,
                                                            const std::string& role);

/// The highest number that a file of `role` has, of either half; 0: there is none. Public halves
/// above the newest private one are of a rotation that was not finished: nothing is signed by them.
[[nodiscard]] unsigned last_number(const Settings& settings, const std::string& role);

/// Public keys of the vault; none: `bailiff keys init` was never run, nothing is sealed.
/// Errors   invalid_input: a file that is no key, with its name.
[[nodiscard]] Result<std::vector<VaultKey>> vault_keys(const Settings& settings);

/// What the covering report says of whoever writes and signs it.
[[nodiscard]] CoverNames cover_names(const Settings& settings);

/// As openssl(1) reads it.
[[nodiscard]] std::string pem_of(const PublicKey& key);
/// SHA-256 of it in DER, 64 digits.
[[nodiscard]] std::string der_digest_of(const PublicKey& key);

/// The log's public keys as verifiers have them, oldest first.
[[nodiscard]] Result<std::vector<std::string>> log_vkeys(const Settings& settings);

}  // namespace bailiff
