#include "src/replay/translation.hpp"

#include <algorithm>
#include <map>

namespace bailiff {
namespace {

bool has_symbol(const FeatureBook& book, const std::string& symbol) {
    return std::ranges::find(book.atoms, symbol, &Atom::symbol) != book.atoms.end();
}

}  // namespace

Translation::Translation(const FeatureBook& then, const std::vector<Atom>& now)
    : today_(then.atoms.size()) {
    std::map<Digest, std::uint32_t> known;
    for (std::uint32_t atom = 0; atom < then.atoms.size(); ++atom)
        known.emplace(then.atoms[atom].definition, atom);
    for (std::uint32_t atom = 0; atom < now.size(); ++atom) {
        const auto found = known.find(now[atom].definition);
        if (found == known.end())
            unanswerable_.push_back({now[atom].symbol, has_symbol(then, now[atom].symbol)});
        else
            today_[found->second].push_back(atom);
    }
    same_ = std::ranges::equal(then.atoms, now, {}, &Atom::definition, &Atom::definition);
}

std::optional<AtomHits> Translation::of(const AtomHits& then) const {
    if (then.cut && !same_) return std::nullopt;
    AtomHits hits;
    hits.cut = then.cut;
    for (const auto& hit : then.hits) {
        if (hit.atom >= today_.size()) return std::nullopt;
        for (const auto atom : today_[hit.atom]) hits.hits.push_back({atom, hit.count});
    }
    return hits;
}

}  // namespace bailiff
