#pragma once
// Ed25519 (RFC 8032), so that pure code makes and checks signatures without seeing a library.
// Defined in src/seal/ed25519.cpp.  Threads  any.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace bailiff {

struct PublicKey {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const PublicKey&) const = default;
};

struct Signature {
    std::array<std::uint8_t, 64> bytes{};
    auto operator<=>(const Signature&) const = default;
};

/// A key pair, made of the 32 secret bytes that RFC 8032 calls the private key. Wiped at its end.
class SigningKey {
public:
    explicit SigningKey(const std::array<std::uint8_t, 32>& seed);
    SigningKey(const SigningKey&) = default;
    SigningKey& operator=(const SigningKey&) = default;
    ~SigningKey();

    [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
    [[nodiscard]] const std::array<std::uint8_t, 32>& seed() const { return seed_; }
    [[nodiscard]] Signature sign(std::string_view bytes) const;

private:
    std::array<std::uint8_t, 32> seed_;
    PublicKey public_key_;
};

/// False also for keys and signatures that are no point or no scalar of the curve.
[[nodiscard]] bool verify(const PublicKey& key, std::string_view bytes, const Signature& signature);

/// 64 raw bytes.
[[nodiscard]] std::string sha512(std::string_view bytes);

/// The raw bytes as text.
template <class Bytes>
[[nodiscard]] std::string_view raw(const Bytes& value) {
    return {reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()};
}

}  // namespace bailiff
