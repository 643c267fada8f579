#pragma once
// A time stamp of an authority, as it is kept.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace bailiff {

struct KeptStamp {
    std::string reply;  ///< RFC 3161, DER: whole, as it came
    std::string chain;  ///< certificates of the signer, PEM
    Instant at{};       ///< what it says
};

/// Obtains one over these bytes.  Errors   unavailable: no authority now.  invalid_input: refused.
using StampSource = std::function<Result<KeptStamp>(std::string_view bytes)>;

}  // namespace bailiff
