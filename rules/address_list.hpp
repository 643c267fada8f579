#pragma once
// Addresses and display names out of a raw header, as `:addr` and `:name` ask for them.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff::rules {

struct ListedAddress {
    std::string address;  ///< without <>; may be empty
    std::string name;     ///< RFC 2047 decoded, white space collapsed; may be empty
};

/// The mailboxes of an address list (RFC 5322 §3.4), group names left out. The structure is read
/// before encoded words are decoded, so that no encoded comma or bracket makes an address.
/// Total on any input.  Threads  any.
[[nodiscard]] std::vector<ListedAddress> read_addresses(std::string_view raw);

/// RFC 2047: encoded words of UTF-8, ASCII, Latin-1 and windows-1252 as UTF-8; the bytes of other
/// charsets as they are; what is no encoded word untouched.
[[nodiscard]] std::string decode_words(std::string_view text);

}  // namespace bailiff::rules
