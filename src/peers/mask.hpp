#pragma once
// People in text that leaves the house: addresses, numbers and links, each in one masked form.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// "alice.martin@example.org" as "a***@example.org".
/// Shape    the domain is what follows the last '@', in lower case, if it is made of letters,
///          digits, ". - _ : [ ]" and UTF-8 that does not mislead, 255 bytes at most; otherwise
///          nothing is left of the input: "***". The first character is shown if it is an ASCII
///          letter or digit and not the only one of the local part.
[[nodiscard]] std::string mask_address(std::string_view address);

/// The idea of RFC 6590: one person, one value, for whoever has many reports of ours and no key.
/// Shape    16 characters of base32 in lower case, of the HMAC-SHA-256 of the address in lower case
///          (ASCII); then the domain, by the rule of mask_address().
/// Threads  any.
[[nodiscard]] std::string keyed_address(std::string_view address, std::string_view key);

/// Links, bare domains and addresses so that no client makes something to click of them:
/// "hxxps[:]//a[.]example/x", "b[@]a[.]example". A second time it stays as it is.
[[nodiscard]] std::string defang(std::string_view text);

/// Where an address stands in a text.
struct AddressSpan {
    std::size_t begin = 0, at = 0, end = 0;  ///< `at`: of the '@' or "%40"
};

/// Every address in free text, in order; within a link the local part ends at the link's own marks.
[[nodiscard]] std::vector<AddressSpan> addresses_in(std::string_view text);

/// Free text without people: addresses by mask_address(), each of `others` (names and the like, in
/// any case; shorter than 3 bytes: left out) as "***"; IBANs by their country and check digits;
/// the digits of numbers that have eight or more, separators between them or not, but for the last
/// two. IPv4 addresses and dates as 2026-11-23 stay.
/// Threads  any.
[[nodiscard]] std::string mask_text(std::string_view text, const std::vector<std::string>& others);

}  // namespace bailiff
