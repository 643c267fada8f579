#include <rules/literal_scan.hpp>
#include <algorithm>

namespace bailiff::rules {

Result<LiteralScan> LiteralScan::build(std::vector<Literal> literals) {
    if (literals.size() > literals_max)
        return fail(Fault::exhausted, "more than " + std::to_string(literals_max) + " literals");
    const auto is_short = [](const Literal& each) { return each.text.size() < literal_bytes_min; };
    if (std::any_of(literals.begin(), literals.end(), is_short))
        return fail(Fault::invalid_input, "a literal is shorter than three bytes");
    std::vector<Literal> of_three, of_four, of_six;
    for (auto& each : literals) {
        const auto size = each.text.size();
        (size == 3 ? of_three : size < 6 ? of_four : of_six).push_back(std::move(each));
    }
    LiteralScan scan;
    scan.by_three_.fill(std::move(of_three));
    scan.by_four_.fill(std::move(of_four));
    scan.by_six_.fill(std::move(of_six));
    return scan;
}

LiteralScan::Prefixes::Head LiteralScan::Prefixes::head_of(std::string_view text) {
    Head head;
    for (std::size_t at = 0; at < window_bytes; ++at) {
        head.bytes = head.bytes << 8 | (at < text.size() ? folded(text[at]) : 0);
        head.mask = head.mask << 8 | (at < text.size() ? 0xFF : 0);
    }
    return head;
}

void LiteralScan::Prefixes::fill(std::vector<Literal> literals) {
    const auto hash_of = [&](const Literal& literal) { return hash(head_of(literal.text).bytes); };
    std::stable_sort(literals.begin(), literals.end(),
                     [&](const Literal& a, const Literal& b) { return hash_of(a) < hash_of(b); });
    for (const auto& literal : literals) {
        const auto hashed = hash_of(literal);
        filter_[hashed / 64] |= std::uint64_t{1} << hashed % 64;
        ++begins_[(hashed >> (filter_bits - bucket_bits)) + 1];
        heads_.push_back(head_of(literal.text));
    }
    for (std::size_t bucket = 1; bucket < begins_.size(); ++bucket)
        begins_[bucket] += begins_[bucket - 1];
    literals_ = std::move(literals);
}

bool LiteralScan::Prefixes::ends_like(std::uint32_t literal, std::string_view text) const {
    const auto& wanted = literals_[literal].text;
    if (wanted.size() > text.size()) return false;
    for (std::size_t at = window_bytes; at < wanted.size(); ++at)
        if (folded(text[at]) != static_cast<unsigned char>(wanted[at])) return false;
    return true;
}

std::size_t LiteralScan::Prefixes::memory() const {
    return sizeof filter_ + begins_.size() * sizeof begins_[0] +
           literals_.size() * (sizeof literals_[0] + sizeof heads_[0]);
}

}  // namespace bailiff::rules
