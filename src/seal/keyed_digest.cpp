#include <bailiff/ensure.hpp>
#include <bailiff/keyed_digest.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace bailiff {

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    Digest digest;
    unsigned length = 0;
    // An empty key is a key, but a null pointer would mean the one of the call before.
    const auto* secret = key.empty() ? "" : key.data();
    BAILIFF_ENSURE(HMAC(EVP_sha256(), secret, static_cast<int>(key.size()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                        digest.bytes.data(), &length) != nullptr);
    BAILIFF_ENSURE(length == digest.bytes.size());
    return digest;
}

}  // namespace bailiff
