#pragma once
// application/x-www-form-urlencoded: what WHM and WHMCS read.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff::panel {

using Form = std::vector<std::pair<std::string_view, std::string>>;

/// Bytes other than letters, digits, '-', '.', '_' and '~' as %XX.
[[nodiscard]] std::string encoded(const Form& form);

/// What a panel says, for people: one line, printable, at most 200 bytes.
[[nodiscard]] std::string as_said(std::string_view text);

}  // namespace bailiff::panel
