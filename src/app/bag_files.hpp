#pragma once
// A sealed bag as the files that a stranger checks.

#include <bailiff/evidence.hpp>
#include <string>
#include <vector>

#include "src/evidence/ustar.hpp"

namespace bailiff {

/// What one bag is written of.
struct BagContents {
    CaseId case_id;
    Seal seal;
    std::vector<ArchiveFile> files;     ///< of data/, by their paths in the bag
    std::vector<std::string> withheld;  ///< lines of WITHHELD.txt: path, and why
    std::vector<ArchiveFile> seals;     ///< of seals/, beside signature, stamp and salt
};

/// All of it, by their paths in the bag.
[[nodiscard]] std::vector<ArchiveFile> bag_files(const BagContents& bag);

/// Where a bag of a case stands below the folder of an export: "B…", "B…-addendum-1".
[[nodiscard]] std::string bag_name(const CaseId& id, std::uint32_t number);

}  // namespace bailiff
