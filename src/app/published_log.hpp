#pragma once
// The log as it is published, and who may sign it.

#include <string>
#include <vector>

#include "src/log/note.hpp"
#include "src/log/tile.hpp"

namespace bailiff {

/// A checkpoint that one of `keys` signed, and the files below it.
struct PublishedLog {
    std::string folder;
    std::vector<log::VKey> keys;  ///< oldest first
    std::string note;             ///< the checkpoint as it was signed
    log::Checkpoint checkpoint;

    /// Errors   not_found: no file, no key.  corrupt, invalid_input: no checkpoint of theirs.
    [[nodiscard]] static Result<PublishedLog> open(std::string folder,
                                                   const std::vector<std::string>& vkeys);

    [[nodiscard]] log::FileReader reader() const;
    /// The bytes of one leaf.
    [[nodiscard]] Result<std::string> entry(std::uint64_t leaf) const;
    /// That it is in the log, as the file that verify-log.sh reads.
    [[nodiscard]] Result<std::string> proof(std::uint64_t leaf) const;
    /// The newest key that signed this checkpoint: whoever checks it needs that one.
    [[nodiscard]] const PublicKey& signed_by() const;
};

}  // namespace bailiff
