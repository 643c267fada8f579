#pragma once
// That an entry is in the log, as one file (c2sp.org/tlog-proof): index, path and checkpoint.

#include <bailiff/digest.hpp>
#include <bailiff/result.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/log/note.hpp"

namespace bailiff::log {

/// No tree of size_max leaves has a longer path.
inline constexpr std::size_t proof_hashes_max = 63;

struct Proof {
    std::optional<std::string> extra;  ///< bytes beside the proof, which nothing vouches for
    std::uint64_t index = 0;
    std::vector<Digest> path;  ///< as prove_inclusion() gives it
    std::string checkpoint;    ///< a signed note
};

/// "c2sp.org/tlog-proof@v1", maybe "extra <base64>", "index <n>", the path in base64, an empty
/// line, the checkpoint.  Threads  any.
[[nodiscard]] std::string proof_text(const Proof& proof);

/// Errors   corrupt: not such a text. What it says is not checked, nor its checkpoint looked at.
[[nodiscard]] Result<Proof> parse_proof(std::string_view text);

struct Proven {
    std::uint64_t index = 0;
    Checkpoint checkpoint;
};

/// Succeeds if one of `keys` signed a log that holds these bytes as an entry. The caller compares
/// the origin with that of the log he means.
/// Errors   corrupt: no such text; invalid_input: signature or path do not hold.
/// Threads  any.
[[nodiscard]] Result<Proven> check_proof(std::string_view text, std::string_view leaf_data,
                                         std::span<const VKey> keys);

}  // namespace bailiff::log
