#pragma once
// Mail addresses and IP addresses as text.

#include <string>
#include <string_view>

namespace bailiff {

/// The first address of an address header ("Name <a@b>, ..."), its domain in lower case.
/// Shape    `header_value` may be folded. Empty: there is none, or it is longer than
///          address_bytes_max, or it holds control characters.
/// Threads  any.
[[nodiscard]] std::string address_of(std::string_view header_value);

/// What stands after the last '@', lower case, without a final dot; empty if there is none.
[[nodiscard]] std::string domain_of(std::string_view address);

/// The one way in which we write this IP address; empty if `text` is none. An IPv4 address inside
/// IPv6 (::ffff:192.0.2.1) is written as IPv4; "IPv6:" and brackets around it are taken off.
[[nodiscard]] std::string canonical_ip(std::string_view text);

/// The network of a canonical address, as a customer has it from his provider: "192.0.2.0/24",
/// "2001:db8:1::/48"; empty for what is no address.
[[nodiscard]] std::string network_of(std::string_view address);

}  // namespace bailiff
