#pragma once

#include <bailiff/result.hpp>
#include <bailiff/submission.hpp>
#include <string>

namespace bailiff {

/// A message file as Postfix would hand it over: CRLF, whatever the file has. No envelope.
/// Errors   as read_file().
[[nodiscard]] Result<Submission> submission_in(const std::string& file);

/// The address of its From; empty: it has none.
[[nodiscard]] std::string from_address(const std::string& raw);

}  // namespace bailiff
