#pragma once
// A slow and obviously right Merkle tree (RFC 6962, 2.1, word by word), and the log as files.

#include <bailiff/ed25519.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "src/log/merkle.hpp"
#include "src/log/tile.hpp"

namespace bailiff::log {

using Hashes = std::vector<Digest>;

inline Digest naive_node(const Digest& left, const Digest& right) {
    return sha256("\x01" + std::string(raw(left)) + std::string(raw(right)));
}

inline std::size_t naive_cut(std::size_t size) {
    std::size_t k = 1;
    while (2 * k < size) k *= 2;
    return k;
}

/// MTH(D[n])
inline Digest naive_root(std::span<const Digest> leaves) {
    if (leaves.empty()) return sha256("");
    if (leaves.size() == 1) return leaves[0];
    const auto k = naive_cut(leaves.size());
    return naive_node(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

/// PATH(m, D[n])
inline Hashes naive_path(std::size_t m, std::span<const Digest> leaves) {
    if (leaves.size() == 1) return {};
    const auto k = naive_cut(leaves.size());
    const auto left = leaves.first(k);
    const auto right = leaves.subspan(k);
    auto path = m < k ? naive_path(m, left) : naive_path(m - k, right);
    path.push_back(naive_root(m < k ? right : left));
    return path;
}

/// SUBPROOF(m, D[n], b)
inline Hashes naive_subproof(std::size_t m, std::span<const Digest> leaves, bool b) {
    if (m == leaves.size()) return b ? Hashes{} : Hashes{naive_root(leaves)};
    const auto k = naive_cut(leaves.size());
    const auto left = leaves.first(k);
    const auto right = leaves.subspan(k);
    auto proof = m <= k ? naive_subproof(m, left, b) : naive_subproof(m - k, right, false);
    proof.push_back(naive_root(m <= k ? right : left));
    return proof;
}

inline Hashes numbered_leaves(std::size_t size) {
    Hashes leaves;
    for (std::size_t i = 0; i < size; ++i)
        leaves.push_back(leaf_hash("entry " + std::to_string(i)));
    return leaves;
}

/// Complete subtrees of `leaves`, which outlive it.
inline HashReader naive_reader(std::span<const Digest> leaves) {
    return [leaves](unsigned level, std::uint64_t index) -> Result<Digest> {
        const auto width = std::size_t{1} << level;
        if ((index + 1) * width > leaves.size())
            return fail(Fault::internal, "asked for a subtree that is not whole");
        return naive_root(leaves.subspan(index * width, width));
    };
}

/// What a web server has of a log.
struct Files {
    std::map<std::string, std::string> content;

    void put(const std::vector<TileFile>& files) {
        for (const auto& file : files) content[file.path] = file.content;
    }
    [[nodiscard]] FileReader reader() const {
        return [this](const std::string& path) -> Result<std::string> {
            const auto found = content.find(path);
            if (found == content.end()) return fail(Fault::not_found, "no file " + path);
            return found->second;
        };
    }
};

}  // namespace bailiff::log
