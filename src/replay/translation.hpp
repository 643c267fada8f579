#pragma once
// The atoms of another time in terms of today's.

#include <bailiff/features.hpp>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// A rule of today that a row of then says nothing about.
struct Unanswerable {
    std::string symbol;
    bool changed = false;  ///< there was one of this name; else it is new
    bool operator==(const Unanswerable&) const = default;
};

/// By definition, not by name: a rule that was only renamed has the same hits.
class Translation {
public:
    Translation(const FeatureBook& then, const std::vector<Atom>& now);

    /// Nothing: every row of the book can be asked.
    [[nodiscard]] const std::vector<Unanswerable>& unanswerable() const { return unanswerable_; }
    /// What would hit today. None: it cannot be told, for the rules of then stopped at their limit,
    /// and today's would stop elsewhere; or the row does not belong to this book.
    [[nodiscard]] std::optional<AtomHits> of(const AtomHits& then) const;

private:
    std::vector<std::vector<std::uint32_t>> today_;  ///< by atom of then
    std::vector<Unanswerable> unanswerable_;
    bool same_ = true;  ///< the same atoms in the same order
};

}  // namespace bailiff
