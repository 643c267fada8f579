#include <bailiff/digest.hpp>
#include <bailiff/ensure.hpp>
#include <openssl/evp.h>

namespace bailiff {

Digest sha256(std::string_view bytes) {
    // Fetched once: EVP_sha256() looks the algorithm up again on each call.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    BAILIFF_ENSURE(algorithm != nullptr);
    Digest digest;
    unsigned length = 0;
    BAILIFF_ENSURE(EVP_Digest(bytes.data(), bytes.size(), digest.bytes.data(), &length, algorithm,
                              nullptr) == 1);
    BAILIFF_ENSURE(length == digest.bytes.size());
    return digest;
}

}  // namespace bailiff
