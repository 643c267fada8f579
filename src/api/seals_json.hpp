#pragma once
// Seals over the desk socket, and back.

#include <bailiff/ports/desk.hpp>
#include <string>
#include <string_view>

namespace bailiff {

/// What `POST /v1/cases/ID/disclosure` answers.
[[nodiscard]] std::string disclosed_json(const Disclosed& disclosed);
/// Errors   internal: no such answer.
[[nodiscard]] Result<Disclosed> disclosed_from_json(std::string_view text);

}  // namespace bailiff
