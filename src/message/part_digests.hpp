#pragma once
// What identifies the parts of a message elsewhere.

#include <bailiff/digest.hpp>
#include <cstddef>
#include <string_view>
#include <vector>

namespace bailiff {

inline constexpr std::size_t part_digests_max = 1'000;

/// SHA-256 of each part as its reader sees it: transfer-decoded, byte for byte. In the order of
/// Message::parts; of the first part_digests_max.
/// Threads  any; touches only its arguments.
[[nodiscard]] std::vector<Digest> part_digests(std::string_view raw);

}  // namespace bailiff
