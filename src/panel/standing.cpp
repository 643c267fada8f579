#include "src/panel/standing.hpp"

#include <algorithm>

namespace bailiff::panel {
namespace {

/// How much of it is stopped.
int rank(const Look& look, ActionKind kind) {
    switch (look.stand) {
        case Look::Stand::absent:
            return 0;
        case Look::Stand::active:
            return 1;
        case Look::Stand::suspended:
            return state_of(look, kind) == "terminated" ? 3 : 2;
        case Look::Stand::purged:
            return 4;
        case Look::Stand::other:
            return 5;
    }
    return 0;
}

/// A word of the panel as the hook contract takes it: a-z 0-9 . _ -, at most 64.
std::string as_state(std::string_view word) {
    std::string state;
    for (const auto c : word.substr(0, 64)) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        state += upper ? static_cast<char>(c + ('a' - 'A')) : fits ? c : '_';
    }
    return state.empty() ? "other" : state;
}

std::string suspended_state(const Look& look, ActionKind kind) {
    const auto own = own_reason(look);
    if (!own || own->meaning != Meaning::terminated) return "suspended";
    if (look.mail_stopped.value_or(true)) return "terminated";
    // Half way, there or back: neither of the two states that an action may be content with.
    return kind == ActionKind::service_terminate ? "terminating" : "suspended";
}

}  // namespace

std::optional<OwnReason> own_reason(const Look& look) {
    if (look.stand != Look::Stand::suspended) return std::nullopt;
    return read_reason(look.reason);
}

std::string state_of(const Look& look, ActionKind kind) {
    switch (look.stand) {
        case Look::Stand::absent:
            return kind == ActionKind::service_purge ? "purged" : "absent";
        case Look::Stand::active:
            return look.mail_stopped.value_or(false) ? "mail_suspended" : "active";
        case Look::Stand::suspended:
            return suspended_state(look, kind);
        case Look::Stand::purged:
            return "purged";
        case Look::Stand::other:
            return as_state(look.word);
    }
    return "other";
}

std::string state_of(std::span<const Thing> things, ActionKind kind) {
    const auto least = std::ranges::min_element(
        things, {}, [&](const Thing& thing) { return rank(thing.look, kind); });
    return least == things.end() ? "absent" : state_of(least->look, kind);
}

}  // namespace bailiff::panel
