#pragma once
// Which of the rules of today the rows of a time can answer.

#include <map>
#include <optional>
#include <span>
#include <string>

#include "src/replay/replay.hpp"

namespace bailiff {

/// A message keeps the snapshot that it began with: rows of a book may come so much later than the
/// first of the next one.
inline constexpr auto books_overlap = std::chrono::minutes(2);

/// What the rows since a time cannot answer.
struct Refused {
    std::map<std::string, bool> atoms;        ///< symbol -> whether it was changed, not new
    bool traps = false;                       ///< the list of spam traps is another one
    std::optional<Instant> answerable_since;  ///< later messages can be asked; none: at no time

    [[nodiscard]] bool any() const { return !atoms.empty() || traps; }
};

/// Learns every book that rows since `since` may belong to.
/// Shape    `books` in order of time.
[[nodiscard]] Refused learn_books(Replay& replay, std::span<const DatedBook> books, Instant since);

}  // namespace bailiff
