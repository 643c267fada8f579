#pragma once
// A sealed bag as a folder that a stranger checks.

#include <bailiff/evidence.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <vector>

namespace bailiff {

/// What one bag is written of.
struct BagContents {
    CaseId case_id;
    Seal seal;
    struct File {
        std::string path;  ///< from the top of the bag
        std::string bytes;
    };
    std::vector<File> files;            ///< of data/
    std::vector<std::string> withheld;  ///< lines of WITHHELD.txt: path, and why
    std::vector<File> seals;            ///< of seals/, beside signature, stamp and salt
};

/// Creates the folder; nothing is ever replaced, no link followed.
/// Errors   unavailable: naming the file.
[[nodiscard]] Result<void> write_bag(const std::string& folder, const BagContents& bag);

/// Where a bag of a case stands below the folder of an export: "B…", "B…-addendum-1".
[[nodiscard]] std::string bag_name(const CaseId& id, std::uint32_t number);

}  // namespace bailiff
