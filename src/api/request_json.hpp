#pragma once

#include <bailiff/ports/desk.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <string_view>

namespace bailiff {

inline constexpr std::size_t person_bytes_max = 100;

/// Reads {"by": ..., "reason": ...}, and "what" if it is wanted.
/// Shape    any bytes.
/// Errors   invalid_input: no such object; a field missing, empty, too long or not printable.
[[nodiscard]] Result<DecidedBy> decided_by_from_json(std::string_view body,
                                                     bool with_what = false);

/// Reads {"by", "reason", "profile"}, and maybe "reference" and "recipient".
[[nodiscard]] Result<Disclosure> disclosure_from_json(std::string_view body);
[[nodiscard]] std::string to_json(const Disclosure& disclosure);

/// The other direction, for the client.
[[nodiscard]] std::string to_json(const DecidedBy& by);

}  // namespace bailiff
