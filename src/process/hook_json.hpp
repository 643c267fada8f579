#pragma once
// What a hook reads and writes, version 1. The names are format.

#include <bailiff/ports/effect.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff::process {

/// One line of JSON. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string to_hook_json(const Order& order);

/// What the lookup hook is asked: {"v":1,"account":...,"service":...,"holder":...}, one line.
[[nodiscard]] std::string to_lookup_json(const AccountId& account, const ServiceId& service,
                                         const HolderId& holder);

/// The state in `{"state":"..."}`: 1 to 64 of a-z 0-9 . _ -; nothing, if `output` is anything else.
[[nodiscard]] std::optional<std::string> state_from_hook_json(std::string_view output);

}  // namespace bailiff::process
