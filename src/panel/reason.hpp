#pragma once
// The reason that a suspension carries. Format: panels keep it, and we know our own by it.

#include <bailiff/ports/effect.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff::panel {

/// What a suspension of ours stands for: a panel has one state for both.
enum class Meaning : std::uint8_t { suspended, terminated };

[[nodiscard]] constexpr Meaning meaning_of(ActionKind kind) {
    return kind == ActionKind::service_terminate ? Meaning::terminated : Meaning::suspended;
}

/// A suspension that bailiff has made.
struct OwnReason {
    Meaning meaning = Meaning::suspended;
    std::string case_id;
    std::string before;  ///< the reason of the suspension that it took the place of; empty: none
    bool mail_was_stopped = false;  ///< of `terminated`: by somebody else, and stays so
};

/// "bailiff terminated case B0123456789ABCDEF; mail was stopped; before: unpaid". No personal data,
/// at most 480 bytes.
[[nodiscard]] std::string reason_text(const OwnReason& reason);

/// Nothing, if `text` is not exactly of that form: then the suspension is somebody else's.
[[nodiscard]] std::optional<OwnReason> read_reason(std::string_view text);

}  // namespace bailiff::panel
