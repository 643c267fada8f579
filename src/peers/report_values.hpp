#pragma once
// Values of a report to a peer: ours are refused if they do not fit, a stranger's made to fit.

#include <bailiff/result.hpp>
#include <string>
#include <string_view>

#include "src/peers/abuse_report.hpp"

namespace bailiff {

/// Errors   invalid_input: the first value of ours that does not fit, by its name.
[[nodiscard]] Result<void> check_own_values(const PeerReport& report);

[[nodiscard]] bool is_ip_address(std::string_view text);
/// "local@domain" without blanks, quotes and comments, 254 bytes at most.
[[nodiscard]] bool is_plain_address(std::string_view text);
[[nodiscard]] bool is_domain_name(std::string_view text);

/// The same report with its strangers' values redacted; links and domains that are none, or too
/// long, or hide a recipient, are left out.
[[nodiscard]] PeerReport presentable(PeerReport report);

/// One line of printable ASCII, others as '?', at most `bytes_max`.
[[nodiscard]] std::string ascii_line(std::string_view text, std::size_t bytes_max);
/// Valid UTF-8 in one line, at most `characters_max`.
[[nodiscard]] std::string text_line(std::string_view text, std::size_t characters_max);

/// "Mon, 23 Nov 2026 10:20:30 +0000".
[[nodiscard]] std::string to_rfc5322(Instant instant);

}  // namespace bailiff
