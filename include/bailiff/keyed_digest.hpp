#pragma once
// HMAC-SHA-256, so that whoever signs a request sees no library.

#include <bailiff/digest.hpp>
#include <string_view>

namespace bailiff {

/// RFC 2104 with SHA-256. Defined in src/seal/keyed_digest.cpp.  Threads  any.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace bailiff
