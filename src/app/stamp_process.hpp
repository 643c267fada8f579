#pragma once
// `bailiff stamp` as the enforcer calls it.

#include <bailiff/ports/stamp.hpp>
#include <string>
#include <string_view>

namespace bailiff {

/// Three lines: reply and chain in base64, and milliseconds since 1970.
[[nodiscard]] std::string stamp_lines(const KeptStamp& stamp);
/// Errors   internal: no such lines.
[[nodiscard]] Result<KeptStamp> parse_stamp_lines(std::string_view lines);

/// Runs this very program as `bailiff stamp --config CONFIG`.
[[nodiscard]] StampSource stamp_process(std::string config);

}  // namespace bailiff
