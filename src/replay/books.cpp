#include "src/replay/books.hpp"

namespace bailiff {

Refused learn_books(Replay& replay, std::span<const DatedBook> books, Instant since) {
    Refused refused;
    for (std::size_t i = 0; i < books.size(); ++i) {
        const bool is_newest = i + 1 == books.size();
        if (!is_newest && books[i + 1].learnt + books_overlap < since) continue;
        const auto refusal = replay.learn(books[i].number, *books[i].book);
        if (refusal.empty()) continue;
        for (const auto& atom : refusal.atoms) refused.atoms[atom.symbol] |= atom.changed;
        refused.traps = refused.traps || refusal.traps;
        refused.answerable_since.reset();
        if (!is_newest) refused.answerable_since = books[i + 1].learnt + 2 * books_overlap;
    }
    return refused;
}

}  // namespace bailiff
