#pragma once
// The line that a hook is given → an order; the state that it prints. Hook contract, version 1.

#include <bailiff/ports/effect.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <string_view>

namespace bailiff::panel {

/// Shape    any bytes. Keys that are not known are left out.
/// Errors   invalid_input: which key is missing or wrong, and what was expected.
[[nodiscard]] Result<Order> read_order(std::string_view line);

/// {"state":"..."} and a line end.
[[nodiscard]] std::string state_line(const std::string& state);

}  // namespace bailiff::panel
