#pragma once
// What is due to be erased: the desk's JSON, and what a person reads of it.

#include <bailiff/result.hpp>
#include <bailiff/retention.hpp>
#include <string>
#include <string_view>

namespace bailiff {

[[nodiscard]] std::string retention_json(const RetentionReport& report);
[[nodiscard]] std::string retention_run_json(const RetentionRun& run);

/// Shape    any bytes; what is not the desk's JSON gives a line that says so.
[[nodiscard]] std::string retention_text(std::string_view json);

/// What a program needs of one step of a run.
struct RetentionRunAnswer {
    std::vector<std::string> erased;  ///< "B0123456789ABCDEF  content  why", printable
    std::uint64_t next = 0;
    bool end = false;
};
/// Errors   invalid_input: this is not the desk's JSON.
[[nodiscard]] Result<RetentionRunAnswer> retention_run_from_json(std::string_view json);

}  // namespace bailiff
