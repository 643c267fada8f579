#pragma once
// What only the holders of private keys can read again: not the node that wrote it.

#include <array>
#include <bailiff/result.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// To whom something is sealed: an X25519 public key, and who has the private one.
struct VaultKey {
    std::string role;  ///< "team", "dpo", "escrow": [a-z]{1,16}
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const VaultKey&) const = default;

    /// "bailiff-vault-1 team BASE64": one line of a public key file.
    [[nodiscard]] std::string line() const;
    /// Errors   invalid_input.
    [[nodiscard]] static Result<VaultKey> parse(std::string_view line);
};

/// The private half. Wiped at its end.
class VaultSecret {
public:
    VaultSecret(std::string role, const std::array<std::uint8_t, 32>& secret);
    VaultSecret(const VaultSecret&) = default;
    VaultSecret& operator=(const VaultSecret&) = default;
    ~VaultSecret();
    [[nodiscard]] static VaultSecret make(std::string role);

    [[nodiscard]] const VaultKey& key() const { return key_; }

    /// A file, encrypted with a key made of `passphrase` (Argon2id, 256 MiB: about a second).
    [[nodiscard]] std::string file(std::string_view passphrase) const;
    /// Errors   invalid_input: not such a file, or another passphrase.  exhausted: no memory.
    [[nodiscard]] static Result<VaultSecret> open(std::string_view file,
                                                  std::string_view passphrase);

private:
    friend Result<std::string> unseal(std::string_view, std::string_view, const VaultSecret&);
    std::array<std::uint8_t, 32> secret_;
    VaultKey key_;
};

/// Seals `plain` under a fresh random key, which is then wrapped to each of `keys` and forgotten.
/// Shape    README.md has the format. `context` says what it is and of which case; it is not
///          stored, and unsealing takes the same one: what is sealed cannot stand in for another.
/// Threads  any. Some 1 ms a MB.
[[nodiscard]] std::string seal(std::string_view plain, std::string_view context,
                               std::span<const VaultKey> keys);

/// Errors   invalid_input: not sealed to this key.  corrupt: changed, cut, or of another context.
///          not_found: erased.
[[nodiscard]] Result<std::string> unseal(std::string_view sealed, std::string_view context,
                                         const VaultSecret& secret);

[[nodiscard]] bool is_sealed(std::string_view bytes);

/// Whether it is `erased_bytes`.
[[nodiscard]] bool is_erased(std::string_view bytes);

/// Who can open it.  Errors   corrupt.
[[nodiscard]] Result<std::vector<VaultKey>> sealed_to(std::string_view sealed);

}  // namespace bailiff
