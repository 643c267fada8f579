#include <rules/matcher.hpp>
#include <memory>
#include <re2/set.h>
#include <rules/re2_options.hpp>

namespace bailiff::rules {
namespace {

constexpr std::uint32_t groups_per_entry = 4;
static_assert(atom_groups_max <= groups_per_entry);

/// Whether the message's budget allows this comparison.
bool charge(std::uint64_t& compared, std::uint64_t bytes, bool& cut) {
    compared += bytes;
    cut = cut || compared > compared_bytes_max;
    return !cut;
}

}  // namespace

/// Some patterns in one automaton; it only tells which of them match.
struct Matcher::Group {
    std::unique_ptr<const re2::RE2::Set> set;
    std::vector<std::uint32_t> members;  ///< entries, in the order of the set
};

Matcher::Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<Matcher> Matcher::build(std::vector<Entry> entries, Sizes sizes) {
    Matcher matcher;
    matcher.entries_ = std::move(entries);
    std::vector<LiteralScan::Literal> literals;
    std::vector<std::uint32_t> without;
    for (std::uint32_t index = 0; index < matcher.entries_.size(); ++index) {
        const auto& groups = matcher.entries_[index].pattern->atoms();
        for (std::uint32_t group = 0; group < groups.size(); ++group) {
            for (const auto& atom : groups[group]) {
                literals.push_back({atom, index * groups_per_entry + group});
            }
        }
        if (groups.empty()) without.push_back(index);
    }
    BAILIFF_TRY(matcher.literals_, LiteralScan::build(std::move(literals)));
    matcher.memory_ = static_cast<std::int64_t>(matcher.literals_.memory());
    std::vector<std::uint32_t> members;
    for (const auto index : without) {
        members.push_back(index);
        if (members.size() == sizes.patterns_per_set || index == without.back()) {
            matcher.add_group(members, sizes);
            members.clear();
        }
    }
    return matcher;
}

/// A set that cannot be built costs time, never a match: its members then run one by one.
void Matcher::add_group(const std::vector<std::uint32_t>& members, const Sizes& sizes) {
    bool built = members.size() > 1;
    auto set =
        std::make_unique<re2::RE2::Set>(re2_options(sizes.memory_per_set), re2::RE2::UNANCHORED);
    for (std::size_t member = 0; built && member < members.size(); ++member) {
        const auto& text = entries_[members[member]].pattern->re2_text();
        built = set->Add(text, nullptr) == static_cast<int>(member);
    }
    if (built && set->Compile()) {
        memory_ += sizes.memory_per_set;
        groups_.push_back({std::move(set), members});
    } else {
        alone_.insert(alone_.end(), members.begin(), members.end());
    }
}

void Matcher::match(std::string_view text, Text kind, Hits& hits) const {
    ++hits.round_;
    literals_.scan(text, [&](std::uint32_t literal) { see(literal, text, kind, hits); });
    for (const auto& group : groups_) run_group(group, text, kind, hits);
    for (const auto index : alone_) {
        if (wanted(entries_[index], kind, hits)) run(index, text, hits);
    }
}

/// Runs a pattern when the last of its groups of literals is seen in this text.
void Matcher::see(std::uint32_t literal, std::string_view text, Text kind, Hits& hits) const {
    const auto index = literal / groups_per_entry;
    const auto group = 1U << literal % groups_per_entry;
    const auto& entry = entries_[index];
    auto& seen = hits.seen_[entry.rule];
    if (seen.round != hits.round_) seen = {hits.round_, 0};
    if ((seen.groups & group) != 0) return;
    seen.groups |= group;
    const auto all = (1U << entry.pattern->atoms().size()) - 1;
    if (seen.groups == all && wanted(entry, kind, hits)) run(index, text, hits);
}

bool Matcher::wanted(const Entry& entry, Text kind, const Hits& hits) const {
    return hits.count[entry.rule] < entry.count_max &&
           !(entry.skips_subject && kind == Text::subject);
}

void Matcher::run(std::uint32_t index, std::string_view text, Hits& hits) const {
    const auto& entry = entries_[index];
    if (!charge(hits.compared_, text.size(), hits.cut)) return;
    auto& count = hits.count[entry.rule];
    const auto found = entry.count_max == 1
                           ? static_cast<std::uint32_t>(entry.pattern->matches(text))
                           : entry.pattern->count(text, entry.count_max - count);
    if (found > 0 && count == 0) hits.where[entry.rule] = text;
    count += found;
    if (entry.count_max > 1) charge(hits.compared_, found * text.size(), hits.cut);
}

void Matcher::run_group(const Group& group, std::string_view text, Text kind, Hits& hits) const {
    bool any = false;
    for (const auto index : group.members) any = any || wanted(entries_[index], kind, hits);
    if (!any || !charge(hits.compared_, text.size(), hits.cut)) return;
    std::vector<int> matched;
    re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
    group.set->Match(text, &matched, &error);
    if (error.kind != re2::RE2::Set::kNoError) {  // out of memory: "no match" would be a guess
        for (const auto index : group.members) {
            if (wanted(entries_[index], kind, hits)) run(index, text, hits);
        }
        return;
    }
    for (const auto member : matched) {
        const auto index = group.members[static_cast<std::size_t>(member)];
        const auto& entry = entries_[index];
        if (!wanted(entry, kind, hits)) continue;
        if (entry.count_max > 1) {
            run(index, text, hits);
        } else {
            hits.count[entry.rule] = 1;
            hits.where[entry.rule] = text;
        }
    }
}

}  // namespace bailiff::rules
