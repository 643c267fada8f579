#pragma once
// The words of the program in the language of people who never heard of it.

#include <bailiff/case.hpp>
#include <bailiff/sentence.hpp>

namespace bailiff::words {

[[nodiscard]] Sentence of(Level level);
[[nodiscard]] Sentence of(Family family);
/// "rules, behaviour"; of none: a state.
[[nodiscard]] Sentence of(FamilySet families);
[[nodiscard]] Sentence of(Strength strength);
[[nodiscard]] Sentence of(IdentityKind kind);
[[nodiscard]] Sentence of(ActionKind kind);
[[nodiscard]] Sentence of(ActionState state);
[[nodiscard]] Sentence of(CaseState state);

/// "24 November 2026 at 03:02:07 UTC".
[[nodiscard]] Sentence day_and_time(Instant at);
/// "2026-11-24 03:02:07.123 UTC", the same in both.
[[nodiscard]] std::string instant(Instant at);
/// "5.25", « 5,25 »; one decimal at least.
[[nodiscard]] Sentence points(MilliPoints score);
[[nodiscard]] Sentence number(std::uint64_t value);

}  // namespace bailiff::words
