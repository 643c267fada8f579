#pragma once
// Addresses as the MTA writes them, in the one form that the rest compares.

#include <string>
#include <string_view>

namespace bailiff {

/// The argument of MAIL or RCPT without its <>; Postfix sends them at one door, not at the other.
[[nodiscard]] std::string_view without_brackets(std::string_view argument) noexcept;

/// IPv4 or IPv6 in canonical text: "IPv6:" taken off, IPv4 in IPv6 shown as IPv4. What is no
/// address comes back as it is.
[[nodiscard]] std::string plain_ip(std::string_view text);

}  // namespace bailiff
