#pragma once
// BagIt 1.0 (RFC 8493): the files of a bag that name the others. They need digests only, so a bag
// is laid out and signed by somebody who cannot read what is in it.

#include <bailiff/evidence.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff {

/// bagit.txt.
inline constexpr std::string_view bagit_text =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// What goes into bag-info.txt, in order; values are one line. Payload-Oxum is added.
using BagInfo = std::vector<std::pair<std::string, std::string>>;

struct BagTags {
    std::string bag_info;      ///< bag-info.txt
    std::string manifest;      ///< manifest-sha256.txt, in order of path
    std::string tag_manifest;  ///< tagmanifest-sha256.txt
};

/// Shape    paths below data/: [A-Za-z0-9_-][A-Za-z0-9._-]* per segment, at most 100 bytes, so no
///          name leaves the bag and none is written another way by sha256sum(1) or by BagIt.
/// Errors   invalid_input: a path or an info value that cannot stand in a bag; a path twice.
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<BagTags> bag_tags(std::vector<Exhibit> payload, const BagInfo& info);

/// The disclosure tiers: 1 subscriber, 2 identification, 3 traffic, 4 content; 0: none of them.
[[nodiscard]] unsigned tier_of(std::string_view path);

/// One line of a manifest.
struct ManifestLine {
    std::string digest;  ///< 64 hexadecimal digits
    std::string path;    ///< from the top of the bag
};
/// Errors   corrupt: a line that bag_tags() does not write.
[[nodiscard]] Result<std::vector<ManifestLine>> parse_manifest(std::string_view text);

}  // namespace bailiff
