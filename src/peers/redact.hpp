#pragma once
// A copy of a message that names none of its recipients: for peers, CSIRTs and customers.

#include <bailiff/result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

enum class BodyRule {
    headers_only,         ///< the safe one: the copy ends with the header
    kept,                 ///< refused if a part is not text as it stands
    drop_encoded_bodies,  ///< such a part becomes a line with its size and SHA-256
};

struct RedactOptions {
    std::vector<std::string> recipients;  ///< addresses of the envelope
    std::string key;                      ///< for keyed_address(); empty: mask_address()
    BodyRule body = BodyRule::headers_only;
};

/// Beyond the size of the input: for each field of the header, and for each part of the body.
inline constexpr std::size_t redact_growth_bytes_max = 1'024;
inline constexpr std::size_t redact_field_bytes_max = 64U << 10;  ///< a longer value is left out
inline constexpr std::size_t redact_body_bytes_max = 1U << 20;    ///< of a body that is kept

/// The message at `raw`, any bytes.
/// Shape    no recipient's address, and no local part of 4 bytes or more, occurs in any case, over
///          folds, or in what RFC 2047, RFC 2231, percent and base64 hide; but for the names of
///          standard fields, our own few words, and what only the sender can read (tokens, hashes).
///          Fields that name recipients (To, Delivered-To, ...) hold masked or keyed addresses, 20
///          at most; "for" in Received likewise; addresses in To and Cc that are not also the
///          sender's are taken out as a whole elsewhere. What cannot be cleaned piece by piece
///          becomes "[***]". Line ends and the order of the fields stay.
/// Errors   invalid_input: the body is to be kept and has an encoded part (`kept`), or a boundary
///          that hides a recipient; exhausted: a body to be kept above redact_body_bytes_max.
/// Threads  any.
[[nodiscard]] Result<std::string> redacted_message(std::string_view raw,
                                                   const RedactOptions& options);

/// The same for one value out of a message (a subject, a link): "[***]", if it hides a recipient.
[[nodiscard]] std::string redacted_value(std::string_view value,
                                         const std::vector<std::string>& recipients);

}  // namespace bailiff
