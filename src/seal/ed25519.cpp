#include <sodium.h>

#include <bailiff/ed25519.hpp>
#include <bailiff/ensure.hpp>

namespace bailiff {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// libsodium's own form: the seed and the public key.
struct Secret {
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> bytes{};
    ~Secret() { sodium_memzero(bytes.data(), bytes.size()); }
};

void expand(const std::array<std::uint8_t, 32>& seed, PublicKey& key, Secret& secret) {
    BAILIFF_ENSURE(sodium_init() >= 0);
    BAILIFF_ENSURE(crypto_sign_seed_keypair(key.bytes.data(), secret.bytes.data(), seed.data()) ==
                   0);
}

}  // namespace

SigningKey::SigningKey(const std::array<std::uint8_t, 32>& seed) : seed_(seed) {
    Secret secret;
    expand(seed_, public_key_, secret);
}

SigningKey::~SigningKey() {
    sodium_memzero(seed_.data(), seed_.size());
}

Signature SigningKey::sign(std::string_view bytes) const {
    Secret secret;
    PublicKey key;
    expand(seed_, key, secret);
    Signature signature;
    BAILIFF_ENSURE(crypto_sign_detached(signature.bytes.data(), nullptr, bytes_of(bytes),
                                        bytes.size(), secret.bytes.data()) == 0);
    return signature;
}

bool verify(const PublicKey& key, std::string_view bytes, const Signature& signature) {
    return crypto_sign_verify_detached(signature.bytes.data(), bytes_of(bytes), bytes.size(),
                                       key.bytes.data()) == 0;
}

std::string sha512(std::string_view bytes) {
    std::string digest(crypto_hash_sha512_BYTES, '\0');
    crypto_hash_sha512(reinterpret_cast<unsigned char*>(digest.data()), bytes_of(bytes),
                       bytes.size());
    return digest;
}

}  // namespace bailiff
