#pragma once

namespace bailiff {

/// What `bailiff --version` says, and what a record names as the program that judged.
inline constexpr const char* program_version = "0.2.0";

}  // namespace bailiff
