#pragma once

#include <bailiff/guard.hpp>
#include <bailiff/message.hpp>
#include <bailiff/service.hpp>
#include <bailiff/submission.hpp>
#include <string>
#include <vector>

namespace bailiff {

/// Something the sender wrote that points to a service: evidence of nothing by itself.
struct Claim {
    IdentityKind kind = IdentityKind::domain;
    std::vector<std::string> values;  ///< most specific first; the first that is known counts
    std::string source;               ///< the header, or MAIL FROM
    Guard guard = Guard::header_from_is_a_claim;
};

/// All claims in envelope and headers, bounded, in the order of the table in README.md.
[[nodiscard]] std::vector<Claim> claims_of(const Envelope& envelope, const Message& message);

}  // namespace bailiff
