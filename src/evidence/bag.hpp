#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <utility>
#include <vector>

namespace bailiff {

struct BagFile {
    std::string path;  ///< relative to the bag, "data/case.json"
    std::string content;
};

/// What goes into bag-info.txt, in order; values are one line.
using BagInfo = std::vector<std::pair<std::string, std::string>>;

/// A BagIt 1.0 bag (RFC 8493) of the payload: its own files, SHA-256 manifests, bag-info.
/// Shape    payload paths without "data/": [A-Za-z0-9._-] only, so no name can leave the bag.
/// Errors   invalid_input: a path or an info value that cannot stand in a bag.
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<std::vector<BagFile>> make_bag(std::vector<BagFile> payload, BagInfo info);

}  // namespace bailiff
