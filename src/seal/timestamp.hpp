#pragma once
// RFC 3161 time stamps: the question to an authority, and what is held of its reply.

#include <bailiff/clock.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// A longer reply is not read: real ones have 2 to 8 KiB.
inline constexpr std::size_t stamp_reply_bytes_max = 64U << 10;

/// What is sent to the authority, and kept until its reply is read.
struct StampQuestion {
    std::string request;  ///< a TimeStampReq in DER; the nonce and the policy asked for are in it
};

/// A reply that was found good. The reply itself is what is kept, whole.
struct Stamp {
    Instant at;             ///< genTime; finer fractions than milliseconds are cut
    std::string serial;     ///< upper-case hexadecimal
    std::string policy;     ///< dotted: "1.2.3.4.1"
    std::string authority;  ///< subject of the signing certificate, one line of ASCII
    std::string chain_pem;  ///< the signer first, up to and without the root
};

/// Who may have signed a stamp.
struct StampTrust {
    std::string roots_pem;                       ///< at least one certificate
    std::string untrusted_pem;                   ///< certificates between, if replies lack them
    std::vector<std::string> policies;           ///< dotted; empty: any
    std::chrono::seconds clock_difference{300};  ///< between genTime and our clock
};

/// A question about the SHA-512 of `data`, with a fresh nonce, asking for the certificates too.
/// Shape    `policy_oid` is dotted, or empty: the authority chooses.
/// Errors   invalid_input: `policy_oid` is no object identifier.
/// Threads  as `entropy`.
[[nodiscard]] Result<StampQuestion> ask_stamp(std::string_view data, Entropy& entropy,
                                              const std::string& policy_oid = "");

/// Reads the reply to `question`, as it came; any bytes will do.
/// Shape    good if granted, in DER, over the SHA-512 of `data`, with the nonce and under the
///          policy asked for, signed (SHA-256 or longer) by a certificate that may only stamp and
///          that leads to a root, under a policy of `trust`, and made close to `now`.
/// Errors   invalid_input: the reply is refused; says what was expected and what came.
///          unavailable: the authority says "later".  exhausted: the reply is too long.
/// Threads  any.
/// Source   RFC 3161, 2.4.2; RFC 5816.
[[nodiscard]] Result<Stamp> read_stamp(std::string_view reply_der, std::string_view data,
                                       const StampQuestion& question, const StampTrust& trust,
                                       Instant now);

/// The same for a reply that was kept: no nonce and no clock; certificates count as of genTime.
[[nodiscard]] Result<Stamp> check_stamp(std::string_view reply_der, std::string_view data,
                                        const StampTrust& trust);

}  // namespace bailiff
