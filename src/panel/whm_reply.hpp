#pragma once
// What WHM API 1 answers. Pure; the only place that knows that format.

#include <bailiff/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::panel {

struct WhmVerdict {
    bool done = false;   ///< metadata.result is 1
    std::string reason;  ///< metadata.reason, one line
};

/// Nothing, if `body` is no answer of WHM API 1 to `function`: metadata.result is neither 0 nor 1,
/// or another command is named.
[[nodiscard]] std::optional<WhmVerdict> read_whm_verdict(std::string_view body,
                                                         std::string_view function);

struct WhmAccount {
    bool present = false;
    std::optional<bool> mail_stopped{};  ///< none: this version does not tell
};

/// accountsummary. Absent only if WHM says in so many words that it does not exist.
/// Errors   unavailable: any other no, or an answer about somebody else.
[[nodiscard]] Result<WhmAccount> read_whm_account(std::string_view body, std::string_view user);

/// listsuspended: the reason; nothing: the user is not suspended.
/// Errors   unavailable: it says no, or has no list.
[[nodiscard]] Result<std::optional<std::string>> read_whm_suspension(std::string_view body,
                                                                     std::string_view user);

/// listresellers: their user names.  Errors  unavailable: it says no, or has no list.
[[nodiscard]] Result<std::vector<std::string>> read_whm_resellers(std::string_view body);

}  // namespace bailiff::panel
