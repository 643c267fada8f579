#pragma once

#include <bailiff/ids.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// One line of `GET /v1/cases`, as far as a program needs it.
struct ListedCase {
    CaseId id;
    std::string service, path;  ///< printable
};

/// Errors   invalid_input: this is not the desk's JSON.
[[nodiscard]] Result<std::vector<ListedCase>> cases_from_json(std::string_view json);

/// Of `GET /v1/cases/ID`. Empty: nobody could be named, or this is no such answer.
[[nodiscard]] std::string service_from_json(std::string_view json);

}  // namespace bailiff
