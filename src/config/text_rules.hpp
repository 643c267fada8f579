#pragma once
// What a text setting may hold. Each returns what was expected, or nothing when `text` fits.

#include <string_view>

namespace bailiff::text_rules {

[[nodiscard]] std::string_view absolute_path(std::string_view text);
[[nodiscard]] std::string_view absolute_path_or_none(std::string_view text);
/// Fits into sockaddr_un.
[[nodiscard]] std::string_view socket_path(std::string_view text);
[[nodiscard]] std::string_view socket_path_or_none(std::string_view text);
/// "unix:/path" or "fd:N".
[[nodiscard]] std::string_view listen_address(std::string_view text);
/// A user or group, by name or number.
[[nodiscard]] std::string_view account_name(std::string_view text);
[[nodiscard]] std::string_view node_name_or_none(std::string_view text);
/// A header field name that no mail standard uses.
[[nodiscard]] std::string_view extension_field(std::string_view text);
[[nodiscard]] std::string_view tag(std::string_view text);
[[nodiscard]] std::string_view tag_or_none(std::string_view text);
[[nodiscard]] std::string_view http_url_or_none(std::string_view text);
/// Where a secret may be sent: https, or http to this machine; without user name or query.
/// To somebody outside: what is sent there is no secret.
[[nodiscard]] std::string_view web_url(std::string_view text);
[[nodiscard]] std::string_view web_url_or_none(std::string_view text);
[[nodiscard]] std::string_view guarded_url(std::string_view text);
/// A name that stands in a request header: no blanks, at most 128 bytes.
[[nodiscard]] std::string_view token_or_none(std::string_view text);
[[nodiscard]] std::string_view path_name(std::string_view text);
[[nodiscard]] std::string_view path_name_or_none(std::string_view text);
/// The name of a rule or of a symbol of rspamd; the second: or a beginning and '*'.
[[nodiscard]] std::string_view symbol(std::string_view text);
[[nodiscard]] std::string_view symbol_or_start(std::string_view text);
/// What the enforcer erases by itself.
[[nodiscard]] std::string_view retention_job(std::string_view text);
[[nodiscard]] std::string_view door_or_any(std::string_view text);
/// Of a service or account, as in ids.hpp.
[[nodiscard]] std::string_view id_or_none(std::string_view text);
/// Something that a person can read.
[[nodiscard]] std::string_view sentence(std::string_view text);
/// No control characters; what a row without a rule of its own gets.
[[nodiscard]] std::string_view any(std::string_view text);

}  // namespace bailiff::text_rules
