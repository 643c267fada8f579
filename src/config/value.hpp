#pragma once
// Between what a file says and what a row's field holds.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/config/schema.hpp"

namespace bailiff {

/// Anything that no setting takes: a table, a date, a list with more than text in it.
struct OtherValue {};
/// A value as the file has it, free of the library that read it.
using FileValue =
    std::variant<OtherValue, std::string, std::int64_t, double, bool, std::vector<std::string>>;

/// Puts `value` where `row` says.  Returns what was expected; nothing when it fits.
template <class Owner>
[[nodiscard]] std::optional<std::string> assign(const SettingRow<Owner>& row, Owner& owner,
                                                const FileValue& value);

/// Puts the row's default there, if it has one.
template <class Owner>
void assign_fallback(const SettingRow<Owner>& row, Owner& owner);

/// What the field holds, as TOML.
template <class Owner>
[[nodiscard]] std::string toml_of(const SettingRow<Owner>& row, const Owner& owner);

/// `text` in quotes, as TOML.
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace bailiff
