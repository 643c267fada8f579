#include <rules/regex.hpp>
#include <algorithm>
#include <array>
#include <string_view>

namespace bailiff::rules {
namespace {

using Strings = std::vector<std::string>;
using Kind = Regex::Kind;

constexpr std::size_t atom_bytes_min = 3;   ///< shorter ones are in every message
constexpr std::size_t atom_bytes_max = 12;  ///< longer ones find no less and cost memory
constexpr std::size_t exact_max = 32;       ///< strings followed at once
constexpr std::size_t exact_bytes_max = 16;
constexpr std::size_t class_max = 4;  ///< bytes of a class that are followed one by one
constexpr std::size_t choice_max = 256;
constexpr std::uint32_t copies_max = 8;

/// What is known of all matches of a piece.
struct Known {
    bool is_exact = false;
    Strings exact;     ///< if is_exact: it matches these strings and no others
    AtomGroups needs;  ///< else: each match holds one of each group, the rarest first
};

void make_unique(Strings& strings) {
    std::sort(strings.begin(), strings.end());
    strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
}

std::size_t shortest(const Strings& strings) {
    std::size_t least = strings.empty() ? 0 : strings.front().size();
    for (const auto& string : strings) least = std::min(least, string.size());
    return least;
}

/// Words that most mail in English or French has. They only order groups: what is found stays.
constexpr std::array<std::string_view, 88> common_words{
    "a",    "about", "all",  "an",   "and",  "any",  "are",  "as",    "at",   "au",   "aux",
    "avec", "be",    "been", "but",  "by",   "ce",   "ces",  "cette", "dans", "de",   "des",
    "do",   "don",   "du",   "each", "est",  "et",   "few",  "for",   "from", "get",  "had",
    "has",  "have",  "here", "how",  "if",   "il",   "in",   "is",    "it",   "je",   "just",
    "la",   "le",    "les",  "may",  "me",   "more", "my",   "new",   "no",   "not",  "nous",
    "now",  "of",    "on",   "one",  "only", "or",   "our",  "par",   "pas",  "per",  "pour",
    "que",  "qui",   "so",   "sur",  "that", "the",  "this", "to",    "un",   "une",  "us",
    "use",  "votre", "vous", "want", "was",  "we",   "will", "with",  "you",  "your", "yours"};

/// Bytes of the words, but one for a common one; blanks and signs between words count nothing.
std::size_t telling_bytes(std::string_view atom) {
    const auto in_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < 0;
    };
    std::size_t sum = 0;
    for (std::size_t at = 0; at < atom.size();) {
        auto end = at;
        while (end < atom.size() && in_word(atom[end])) ++end;
        const auto word = atom.substr(at, end - at);
        const bool common = std::binary_search(common_words.begin(), common_words.end(), word);
        sum += common ? 1 : word.size();
        at = std::max(end, at + 1);
    }
    return sum;
}

/// Adds `group` if it is worth looking for.
void keep(AtomGroups& groups, const Strings& group) {
    if (group.size() <= choice_max && shortest(group) >= atom_bytes_min) groups.push_back(group);
}

/// How often text will hold one of the group, by rule of thumb: of words one letter longer there
/// are four times fewer. Units of 4^-12.
std::uint64_t frequency(const Strings& group) {
    std::uint64_t sum = 0;
    for (const auto& atom : group)
        sum += std::uint64_t{1} << 2 * (atom_bytes_max -
                                        std::min(telling_bytes(atom), atom_bytes_max));
    return sum;
}

/// Groups beyond the first of which most texts hold one cost more than they spare.
constexpr std::uint64_t frequency_max = std::uint64_t{1} << 2 * (atom_bytes_max - 1);

/// The rarest groups.
AtomGroups rarest(AtomGroups groups) {
    const auto rarer = [](const Strings& a, const Strings& b) {
        return frequency(a) < frequency(b);
    };
    std::stable_sort(groups.begin(), groups.end(), rarer);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    if (groups.size() > atom_groups_max) groups.resize(atom_groups_max);
    while (groups.size() > 1 && frequency(groups.back()) >= frequency_max) groups.pop_back();
    return groups;
}

/// Whoever looks for "pill" need not look for "pills".
void drop_longer(Strings& group) {
    const auto holds_another = [&](const std::string& atom) {
        return std::any_of(group.begin(), group.end(), [&](const std::string& other) {
            return other.size() < atom.size() && atom.find(other) != std::string::npos;
        });
    };
    Strings kept;
    for (const auto& atom : group)
        if (!holds_another(atom)) kept.push_back(atom);
    group = std::move(kept);
}

/// Each of `heads` with each of `tails` behind it; none when that is too many.
Strings joined(const Strings& heads, const Strings& tails) {
    Strings all;
    if (heads.size() * tails.size() > exact_max) return all;
    for (const auto& head : heads) {
        for (const auto& tail : tails) {
            if (head.size() + tail.size() > exact_bytes_max) return {};
            all.push_back(head + tail);
        }
    }
    make_unique(all);
    return all;
}

Known know(const Regex& regex);

Known know_set(const ByteSet& bytes) {
    if (bytes.count() > 2 * class_max) return {};
    Strings strings;
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (!bytes[byte]) continue;
        const unsigned lower = byte >= 'A' && byte <= 'Z' ? byte + 0x20 : byte;
        strings.emplace_back(1, static_cast<char>(lower));
    }
    make_unique(strings);
    if (strings.size() > class_max) return {};
    return {.is_exact = true, .exact = std::move(strings), .needs = {}};
}

/// Follows pieces from left to right, keeping what to look for.
class Follower {
public:
    void follow(const Known& part) {
        if (part.is_exact) {
            auto longer = joined(run_, part.exact);
            if (!longer.empty() || part.exact.empty()) {
                run_ = std::move(longer);
                return;
            }
        }
        unbroken_ = false;
        keep(needs_, run_);
        for (const auto& group : part.needs) keep(needs_, group);
        const bool follows_on = part.is_exact && part.exact.size() <= exact_max;
        if (part.is_exact && !follows_on) keep(needs_, part.exact);
        run_ = follows_on ? part.exact : Strings{""};
    }
    [[nodiscard]] Known result() && {
        if (unbroken_) return {.is_exact = true, .exact = std::move(run_), .needs = {}};
        keep(needs_, run_);
        return {.is_exact = false, .exact = {}, .needs = rarest(std::move(needs_))};
    }

private:
    bool unbroken_ = true;
    Strings run_{""};
    AtomGroups needs_;
};

Known know_sequence(const Regex& regex) {
    Follower follower;
    for (const auto& part : regex.parts) follower.follow(know(part));
    return std::move(follower).result();
}

/// A group takes one of each alternative: the rarest of all of them, then their second ones.
Known know_choice(const Regex& regex) {
    std::vector<Known> parts;
    for (const auto& part : regex.parts) {
        auto& one = parts.emplace_back(know(part));
        if (!one.is_exact && one.needs.empty()) return {};
    }
    const bool is_exact =
        std::all_of(parts.begin(), parts.end(), [](const Known& one) { return one.is_exact; });
    Known some;
    for (std::size_t rank = 0; rank < atom_groups_max; ++rank) {
        Strings group;
        for (const auto& one : parts) {
            const auto& strings =
                one.is_exact ? one.exact : one.needs[std::min(rank, one.needs.size() - 1)];
            group.insert(group.end(), strings.begin(), strings.end());
        }
        make_unique(group);
        if (is_exact && group.size() <= exact_max)
            return {.is_exact = true, .exact = std::move(group), .needs = {}};
        keep(some.needs, group);
    }
    some.needs = rarest(std::move(some.needs));
    return some;
}

Known know_repeat(const Regex& regex) {
    if (regex.most == 0) return {.is_exact = true, .exact = {""}, .needs = {}};
    auto one = know(regex.parts.front());
    if (regex.least == 0) {
        if (regex.most != 1 || !one.is_exact || one.exact.size() >= exact_max) return {};
        one.exact.emplace_back();
        make_unique(one.exact);
        return one;
    }
    Follower follower;
    const auto copies = std::min(regex.least, copies_max);
    for (std::uint32_t copy = 0; copy < copies; ++copy) follower.follow(one);
    if (regex.most > copies) follower.follow({});
    return std::move(follower).result();
}

Known know(const Regex& regex) {
    switch (regex.kind) {
        case Kind::set:
            return know_set(regex.bytes);
        case Kind::sequence:
            return know_sequence(regex);
        case Kind::choice:
            return know_choice(regex);
        case Kind::repeat:
            return know_repeat(regex);
        default:
            return {.is_exact = true, .exact = {""}, .needs = {}};
    }
}

}  // namespace

AtomGroups required_atoms(const Regex& regex) {
    auto known = know(regex);
    if (known.is_exact) keep(known.needs, known.exact);
    for (auto& group : known.needs) {
        for (auto& atom : group) atom.resize(std::min(atom.size(), atom_bytes_max));
        make_unique(group);
        drop_longer(group);
    }
    return rarest(std::move(known.needs));
}

}  // namespace bailiff::rules
