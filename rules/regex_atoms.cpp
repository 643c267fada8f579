#include <rules/regex.hpp>
#include <algorithm>

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

/// Adds `group` if it is worth looking for.
void keep(AtomGroups& groups, const Strings& group) {
    if (group.size() <= choice_max && shortest(group) >= atom_bytes_min) groups.push_back(group);
}

/// The rarest groups, one of long and few strings before one of short and many.
AtomGroups rarest(AtomGroups groups) {
    const auto rarer = [](const Strings& a, const Strings& b) {
        const auto bytes = [](const Strings& group) {
            return std::min(shortest(group), atom_bytes_max);
        };
        return bytes(a) != bytes(b) ? bytes(a) > bytes(b) : a.size() < b.size();
    };
    std::stable_sort(groups.begin(), groups.end(), rarer);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    if (groups.size() > atom_groups_max) groups.resize(atom_groups_max);
    return groups;
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

Known know_choice(const Regex& regex) {
    Known all{.is_exact = true, .exact = {}, .needs = {}};
    for (const auto& part : regex.parts) {
        const auto one = know(part);
        if (!one.is_exact && one.needs.empty()) return {};
        const auto& strings = one.is_exact ? one.exact : one.needs.front();
        all.is_exact = all.is_exact && one.is_exact;
        all.exact.insert(all.exact.end(), strings.begin(), strings.end());
    }
    make_unique(all.exact);
    if (all.is_exact && all.exact.size() <= exact_max) return all;
    Known some;
    keep(some.needs, all.exact);
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
    }
    return std::move(known.needs);
}

}  // namespace bailiff::rules
