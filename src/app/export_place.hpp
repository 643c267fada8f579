#pragma once
// Where an export goes: a folder, or one archive, which may be encrypted.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <vector>

#include "src/evidence/ustar.hpp"
#include "src/seal/cms.hpp"

namespace bailiff {

/// Made before anything is noted in the case: what cannot be written must not stand there as
/// something that left the house.
class ExportPlace {
public:
    /// `archive`: one file, a tar; else a folder. Never one that is there already.
    /// Errors   unavailable: naming it.
    [[nodiscard]] static Result<ExportPlace> create(std::string path, bool archive);

    /// All at once. To somebody: nothing but what they can open is ever on the disk.
    /// Errors   unavailable: naming the file.
    [[nodiscard]] Result<void> write(std::vector<ArchiveFile> files, Instant modified,
                                     const CmsRecipients& to) const;
    /// Nothing went out.
    void discard() const;

private:
    ExportPlace(std::string path, bool archive) : path_(std::move(path)), archive_(archive) {}
    std::string path_;
    bool archive_ = false;
};

}  // namespace bailiff
