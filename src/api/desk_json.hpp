#pragma once
// Values → JSON, by the shapes of README.md (version 1). Bytes that are no UTF-8 become U+FFFD;
// nothing here fails or throws on any value.

#include <bailiff/attribution.hpp>
#include <bailiff/ports/desk.hpp>
#include <bailiff/result.hpp>
#include <bailiff/verdict.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// All of a case, recipients masked: what `GET /v1/cases/ID` answers.
[[nodiscard]] std::string case_json(const CaseFile& file);
/// A line a case: what `GET /v1/cases` answers.
[[nodiscard]] std::string case_list_json(const std::vector<Case>& cases);
/// What `GET /v1/breaker` answers.
[[nodiscard]] std::string breaker_json(const ActionBreaker& breaker);
/// What `GET /v1/report?since=` answers.
[[nodiscard]] std::string report_json(const Report& report);
[[nodiscard]] std::string error_json(const Error& error);

// Parts, for whoever puts together another object of the same words.
[[nodiscard]] std::string findings_json(const Findings& findings);
[[nodiscard]] std::string verdict_json(const Verdict& verdict);
[[nodiscard]] std::string attribution_json(const Attribution& attribution);
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace bailiff
