#pragma once
// The Merkle tree of RFC 6962: its root, and proofs that an entry is in it and that it only grew.

#include <bailiff/digest.hpp>
#include <bailiff/result.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace bailiff::log {

/// SHA-256 of 0x00 and `data`.
[[nodiscard]] Digest leaf_hash(std::string_view data);
/// SHA-256 of 0x01, `left` and `right`.
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);
/// SHA-256 of nothing.
[[nodiscard]] Digest empty_root();

/// The hash of the complete subtree over the leaves index·2^level to (index+1)·2^level - 1; of
/// level 0 it is the leaf's hash. Asked only for subtrees that the tree holds whole.
using HashReader = std::function<Result<Digest>(unsigned level, std::uint64_t index)>;

/// The right edge of a tree: enough to append to it and to know its root.
/// Threads  as a value.
class Frontier {
public:
    /// Of the empty tree.
    Frontier() = default;
    /// `parts` as parts() gave them at this size.  Errors   corrupt: another number of them.
    [[nodiscard]] static Result<Frontier> of(std::uint64_t size, std::vector<Digest> parts);
    /// Of a tree that somebody stored.  Errors   those of `reader`.
    [[nodiscard]] static Result<Frontier> read(std::uint64_t size, const HashReader& reader);

    void append(const Digest& leaf);
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Digest root() const;
    /// The complete subtrees, from the left and largest: one for each bit of size().
    [[nodiscard]] const std::vector<Digest>& parts() const { return parts_; }

private:
    std::uint64_t size_ = 0;
    std::vector<Digest> parts_;
};

/// The root of the first `size` leaves.  Errors   those of `reader`.
[[nodiscard]] Result<Digest> root_of(std::uint64_t size, const HashReader& reader);

/// RFC 6962, 2.1.1: what leads from the leaf to the root, the leaf's neighbour first.
/// Errors   invalid_input: no such leaf; those of `reader`.
[[nodiscard]] Result<std::vector<Digest>> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                                          const HashReader& reader);

/// RFC 6962, 2.1.2; empty if `old` is 0 or `size`.
/// Errors   invalid_input: `old` is larger than `size`; those of `reader`.
[[nodiscard]] Result<std::vector<Digest>> prove_consistency(std::uint64_t old, std::uint64_t size,
                                                            const HashReader& reader);

/// Succeeds if the leaf of hash `leaf` is at `index` of the tree of this size and root.
/// Errors   invalid_input: it is not, or `proof` does not say so (too short, too long, another
///          root).
/// Threads  any.  Source   RFC 9162, 2.1.3.2.
[[nodiscard]] Result<void> check_inclusion(std::uint64_t index, std::uint64_t size,
                                           const Digest& leaf, std::span<const Digest> proof,
                                           const Digest& root);

/// Succeeds if the tree of `size` and `root` begins with the leaves of that of `old` and
/// `old_root`; of an empty old one there is nothing to compare.
/// Errors   invalid_input: it does not, or `proof` does not say so.
/// Threads  any.  Source   RFC 9162, 2.1.4.2.
[[nodiscard]] Result<void> check_consistency(std::uint64_t old, const Digest& old_root,
                                             std::uint64_t size, const Digest& root,
                                             std::span<const Digest> proof);

}  // namespace bailiff::log
