#include "src/log/merkle.hpp"

#include <algorithm>
#include <bailiff/ed25519.hpp>
#include <bit>
#include <string>

namespace bailiff::log {
namespace {

/// The leaves `begin` to `end` - 1 as complete subtrees, from the left and largest. `begin` is a
/// multiple of the largest, as RFC 6962 cuts a tree.
Result<std::vector<Digest>> subtrees(std::uint64_t begin, std::uint64_t end,
                                     const HashReader& reader) {
    std::vector<Digest> parts;
    while (begin < end) {
        const auto leaves = std::bit_floor(end - begin);
        const auto level = static_cast<unsigned>(std::countr_zero(leaves));
        BAILIFF_TRY(const auto part, reader(level, begin >> level));
        parts.push_back(part);
        begin += leaves;
    }
    return parts;
}

Digest joined(const std::vector<Digest>& parts) {
    if (parts.empty()) return empty_root();
    auto hash = parts.back();
    for (auto at = parts.size() - 1; at > 0; --at) hash = node_hash(parts[at - 1], hash);
    return hash;
}

Result<Digest> range_hash(std::uint64_t begin, std::uint64_t end, const HashReader& reader) {
    BAILIFF_TRY(const auto parts, subtrees(begin, end, reader));
    return joined(parts);
}

/// Where RFC 6962 cuts a tree of two leaves or more: the largest power of two below its size.
std::uint64_t cut(std::uint64_t size) {
    return std::bit_floor(size - 1);
}

Failure refused(const std::string& why) {
    return fail(Fault::invalid_input, why);
}

bool odd(std::uint64_t number) {
    return (number & 1U) != 0;
}

}  // namespace

Digest leaf_hash(std::string_view data) {
    return sha256(std::string(1, '\0').append(data));
}

Digest node_hash(const Digest& left, const Digest& right) {
    return sha256(std::string(1, '\1').append(raw(left)).append(raw(right)));
}

Digest empty_root() {
    return sha256("");
}

Result<Frontier> Frontier::of(std::uint64_t size, std::vector<Digest> parts) {
    if (parts.size() != static_cast<std::size_t>(std::popcount(size)))
        return fail(Fault::corrupt, "the right edge of a tree of " + std::to_string(size) +
                                        " leaves has " + std::to_string(std::popcount(size)) +
                                        " hashes, not " + std::to_string(parts.size()));
    Frontier frontier;
    frontier.size_ = size;
    frontier.parts_ = std::move(parts);
    return frontier;
}

Result<Frontier> Frontier::read(std::uint64_t size, const HashReader& reader) {
    BAILIFF_TRY(auto parts, subtrees(0, size, reader));
    return of(size, std::move(parts));
}

void Frontier::append(const Digest& leaf) {
    auto hash = leaf;
    // As in adding one to a binary number: each set bit at the end is a subtree to join.
    for (auto bits = size_; odd(bits); bits >>= 1U) {
        hash = node_hash(parts_.back(), hash);
        parts_.pop_back();
    }
    parts_.push_back(hash);
    ++size_;
}

Digest Frontier::root() const {
    return joined(parts_);
}

Result<Digest> root_of(std::uint64_t size, const HashReader& reader) {
    return range_hash(0, size, reader);
}

Result<std::vector<Digest>> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                            const HashReader& reader) {
    if (index >= size)
        return refused("a log of " + std::to_string(size) + " entries has no entry " +
                       std::to_string(index));
    std::vector<Digest> proof;
    std::uint64_t begin = 0;
    auto end = size;
    while (end - begin > 1) {
        const auto middle = begin + cut(end - begin);
        const bool left = index < middle;
        BAILIFF_TRY(const auto other,
                    left ? range_hash(middle, end, reader) : range_hash(begin, middle, reader));
        proof.push_back(other);
        (left ? end : begin) = middle;
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<std::vector<Digest>> prove_consistency(std::uint64_t old, std::uint64_t size,
                                              const HashReader& reader) {
    if (old > size)
        return refused("a log of " + std::to_string(size) + " entries never had " +
                       std::to_string(old));
    std::vector<Digest> proof;
    if (old == 0 || old == size) return proof;
    std::uint64_t begin = 0;
    auto end = size;
    while (end != old) {
        const auto middle = begin + cut(end - begin);
        const bool left = old <= middle;
        BAILIFF_TRY(const auto other,
                    left ? range_hash(middle, end, reader) : range_hash(begin, middle, reader));
        proof.push_back(other);
        (left ? end : begin) = middle;
    }
    // Where the old tree ends in a subtree of its own the checker cannot know its hash.
    if (begin != 0) {
        BAILIFF_TRY(const auto last, range_hash(begin, end, reader));
        proof.push_back(last);
    }
    std::ranges::reverse(proof);
    return proof;
}

Result<void> check_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                             std::span<const Digest> proof, const Digest& root) {
    if (index >= size)
        return refused("a log of " + std::to_string(size) + " entries has no entry " +
                       std::to_string(index));
    auto hash = leaf;
    auto here = index;
    auto last = size - 1;
    for (const auto& other : proof) {
        if (last == 0) return refused("the inclusion proof is too long");
        const bool right = odd(here) || here == last;
        hash = right ? node_hash(other, hash) : node_hash(hash, other);
        for (; right && !odd(here) && here != 0; here >>= 1U) last >>= 1U;
        here >>= 1U;
        last >>= 1U;
    }
    if (last != 0) return refused("the inclusion proof is too short");
    if (hash != root) return refused("the inclusion proof leads to another root");
    return {};
}

Result<void> check_consistency(std::uint64_t old, const Digest& old_root, std::uint64_t size,
                               const Digest& root, std::span<const Digest> proof) {
    if (old > size)
        return refused("the log has shrunk from " + std::to_string(old) + " to " +
                       std::to_string(size) + " entries");
    if (old == 0 || old == size) {
        if (!proof.empty()) return refused("the consistency proof is too long");
        if (old == 0 && old_root != empty_root())
            return refused("the old root is not that of an empty log");
        if (old == size && old_root != root)
            return refused("two roots of one size: the log was changed");
        return {};
    }
    auto here = old - 1;
    auto last = size - 1;
    for (; odd(here); here >>= 1U) last >>= 1U;
    // Of a power of two the old root is itself a subtree, and not repeated in the proof.
    const bool whole = here == 0;
    if (!whole && proof.empty()) return refused("the consistency proof is too short");
    auto old_hash = whole ? old_root : proof.front();
    auto hash = old_hash;
    for (const auto& other : proof.subspan(whole ? 0 : 1)) {
        if (last == 0) return refused("the consistency proof is too long");
        const bool right = odd(here) || here == last;
        if (right) old_hash = node_hash(other, old_hash);
        hash = right ? node_hash(other, hash) : node_hash(hash, other);
        for (; right && !odd(here) && here != 0; here >>= 1U) last >>= 1U;
        here >>= 1U;
        last >>= 1U;
    }
    if (last != 0) return refused("the consistency proof is too short");
    if (old_hash != old_root) return refused("the consistency proof leads to another old root");
    if (hash != root) return refused("the consistency proof leads to another root");
    return {};
}

}  // namespace bailiff::log
