#pragma once
// A bag that somebody carries: its files, each held against the manifest.

#include <bailiff/result.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "src/evidence/bag.hpp"

namespace bailiff {

/// Says nothing of the signature: seals/verify.sh does.
class BagReader {
public:
    /// Errors   not_found, corrupt: of manifest-sha256.txt.
    [[nodiscard]] static Result<BagReader> open(std::string folder);

    /// A file by its path below data/.
    /// Errors   not_found: this copy is without it; corrupt: it is not what was sealed.
    [[nodiscard]] Result<std::string> read(std::string_view path) const;

private:
    BagReader(std::string folder, std::vector<ManifestLine> lines)
        : folder_(std::move(folder)), lines_(std::move(lines)) {}

    std::string folder_;
    std::vector<ManifestLine> lines_;
};

}  // namespace bailiff
