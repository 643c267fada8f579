#pragma once
// The forms of an address that mean the same to a browser.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff::uri {

/// The cleaned forms of `uri`, most faithful first; may be empty, may repeat `uri`. At most six.
/// Shape    scheme and host in lower case; printable %XX decoded once; '\' as '/'; user and default
///          port removed; IDN as ASCII; an IPv4 address in whatever notation as dotted; then the
///          same for an address inside the query, as redirectors have it.
/// Source   reference of the rule language §2.10.
[[nodiscard]] std::vector<std::string> cleaned(std::string_view uri);

/// Told at a glance, of most links: its only cleaned form is `uri` itself. False says nothing.
[[nodiscard]] bool is_clean(std::string_view uri);

/// 3221225985, 0xC0.0.2.1, 0300.0.513 -> 192.0.2.1; empty if `host` is no such number.
[[nodiscard]] std::string dotted_ipv4(std::string_view host);

}  // namespace bailiff::uri
