#pragma once
// Files that a role writes and must find again after any crash.

#include <bailiff/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "src/pipeline/log_keeper.hpp"
#include "src/pipeline/signatory.hpp"

namespace bailiff {

/// Writes a file beside the old one, syncs it, renames it over, and syncs the folder.
/// Errors   unavailable, exhausted: naming the file; the old one stands.
[[nodiscard]] Result<void> write_durably(const std::string& path, std::string_view content,
                                         mode_t mode);

/// What ends the name of the new file while it lies beside the old one.
inline constexpr const char* beside = ".new";

/// The two halves of write_durably(), for what has to happen to other files between them. `owner`
/// is given the new file, if one is named.
[[nodiscard]] Result<void> write_beside(const std::string& path, std::string_view content,
                                        mode_t mode, std::optional<uid_t> owner = {});
[[nodiscard]] Result<void> put_in_place(const std::string& path);

/// A name that is new or changed in its folder is there after a loss of power, too.
[[nodiscard]] Result<void> sync_folder_of(const std::string& path);

/// The published log below a folder of ours; folders in between are made.
class LogFolder final : public LogFiles {
public:
    explicit LogFolder(std::string folder) : folder_(std::move(folder)) {}
    [[nodiscard]] Result<std::string> read(const std::string& path) const override;
    [[nodiscard]] Result<void> write(const std::string& path, const std::string& content) override;

private:
    std::string folder_;
};

/// The signer's memory: one file that only it may write.
class LastNoteFile final : public LastNote {
public:
    explicit LastNoteFile(std::string path) : path_(std::move(path)) {}
    [[nodiscard]] Result<std::string> read() const override;
    [[nodiscard]] Result<void> keep(const std::string& note) override;

private:
    std::string path_;
};

}  // namespace bailiff
