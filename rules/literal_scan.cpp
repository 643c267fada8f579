#include <rules/literal_scan.hpp>

namespace bailiff::rules {

Result<LiteralScan> LiteralScan::build(const std::vector<Literal>& literals) {
    LiteralScan scan;
    scan.choose_classes(literals);
    std::size_t states = 1;
    for (const auto& literal : literals) states += literal.text.size();
    if (states > literal_table_bytes_max / sizeof(std::uint32_t) / scan.classes_) {
        return fail(Fault::exhausted, "the table of literals would be larger than " +
                                          std::to_string(literal_table_bytes_max) + " bytes");
    }
    scan.link(scan.grow(literals));
    return scan;
}

/// Bytes that no literal holds share class 0; a capital letter shares the class of its small one.
void LiteralScan::choose_classes(const std::vector<Literal>& literals) {
    for (const auto& literal : literals) {
        for (const char c : literal.text) {
            auto& of = class_of_[static_cast<unsigned char>(c)];
            if (of == 0) of = static_cast<std::uint8_t>(classes_++);
        }
    }
    for (unsigned upper = 'A'; upper <= 'Z'; ++upper) class_of_[upper] = class_of_[upper + 0x20];
}

/// The trie; 0 in next_ stands for "no such child", as no child leads back to the root.
std::vector<std::vector<std::uint32_t>> LiteralScan::grow(const std::vector<Literal>& literals) {
    std::vector<std::vector<std::uint32_t>> owners(1);
    next_.assign(classes_, 0);
    for (const auto& literal : literals) {
        std::uint32_t state = 0;
        for (const char c : literal.text) {
            const auto slot = state + class_of_[static_cast<unsigned char>(c)];
            if (next_[slot] == 0) {
                next_[slot] = static_cast<std::uint32_t>(next_.size());
                next_.resize(next_.size() + classes_, 0);
                owners.emplace_back();
            }
            state = next_[slot];
        }
        owners[state / classes_].push_back(literal.owner);
    }
    return owners;
}

/// Turns the trie into an automaton, shorter states first.
void LiteralScan::link(std::vector<std::vector<std::uint32_t>> owners) {
    ends_.resize(owners.size());
    for (std::size_t row = 0; row < owners.size(); ++row) {
        ends_[row].first = static_cast<std::uint32_t>(owners_.size());
        owners_.insert(owners_.end(), owners[row].begin(), owners[row].end());
        ends_[row].last = static_cast<std::uint32_t>(owners_.size());
    }
    std::vector<std::uint32_t> fallback(owners.size(), 0);
    std::vector<std::uint32_t> queue{0};
    for (std::size_t at = 0; at < queue.size(); ++at) {
        const auto state = queue[at];
        const auto back = fallback[state / classes_];
        for (std::uint32_t of = 0; of < classes_; ++of) {
            auto& child = next_[state + of];
            const auto beyond = state == 0 ? 0 : next_[back + of] & ~ends_here;
            if (child == 0) {
                child = next_[back + of];
                continue;
            }
            const auto row = child / classes_;
            fallback[row] = beyond;
            const auto& shorter = ends_[beyond / classes_];
            ends_[row].shorter = shorter.first < shorter.last ? beyond / classes_ : shorter.shorter;
            queue.push_back(child);
            const bool ends = ends_[row].first < ends_[row].last || ends_[row].shorter != none;
            if (ends) child |= ends_here;
        }
    }
}

}  // namespace bailiff::rules
