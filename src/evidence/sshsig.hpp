#pragma once
// OpenSSH's forms of keys and signatures (PROTOCOL.sshsig, PROTOCOL.key), Ed25519 only: a stranger
// checks what we sign with ssh-keygen(1).

#include <bailiff/ed25519.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <string_view>

namespace bailiff::ssh {

/// What `ssh-keygen -Y sign -n NAMESPACE` writes of a file with these bytes, byte for byte.
/// Threads  any.
[[nodiscard]] std::string sign(std::string_view file, std::string_view name_space,
                               const SigningKey& key);

/// Errors   invalid_input: no such signature, of another namespace, by another key, of other bytes.
[[nodiscard]] Result<void> check(std::string_view armoured, std::string_view file,
                                 std::string_view name_space, const PublicKey& key);

/// Whose signature it says to be; nothing is checked.  Errors   invalid_input.
[[nodiscard]] Result<PublicKey> signer_of(std::string_view armoured);

/// "ssh-ed25519 AAAA…", as in a .pub file; without a comment and without a line end.
[[nodiscard]] std::string public_line(const PublicKey& key);

/// Of one line, with or without a comment.  Errors   invalid_input.
[[nodiscard]] Result<PublicKey> parse_public_line(std::string_view line);

/// An unencrypted private key file; ssh-keygen reads it.
[[nodiscard]] std::string private_file(const SigningKey& key, std::string_view comment);

/// Errors   invalid_input: not such a file, or encrypted; never shows its content.
[[nodiscard]] Result<SigningKey> parse_private_file(std::string_view text);

/// "SHA256:…", as `ssh-keygen -l` shows it.
[[nodiscard]] std::string fingerprint(const PublicKey& key);

}  // namespace bailiff::ssh
