#include "src/app/durable_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bailiff/crash_point.hpp>
#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <cstring>

#include "src/app/files.hpp"

namespace bailiff {
namespace {

constexpr std::size_t file_bytes_max = 32U << 20;

Failure failed(const std::string& path) {
    const auto fault = errno == ENOSPC || errno == EDQUOT ? Fault::exhausted : Fault::unavailable;
    return fail(fault, path + ": " + std::strerror(errno));
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

Result<void> write_all(const std::string& path, std::string_view content, mode_t mode,
                       std::optional<uid_t> owner) {
    const Descriptor file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file.number() < 0) return failed(path);
    if (fchmod(file.number(), mode) != 0) return failed(path);
    if (owner && fchown(file.number(), *owner, gid_t(-1)) != 0) return failed(path);
    while (!content.empty()) {
        const auto count = write(file.number(), content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed(path);
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (fsync(file.number()) != 0) return failed(path);
    return {};
}

Result<void> sync_folder(const std::string& path) {
    const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0 || fsync(folder.number()) != 0) return failed(path);
    return {};
}

/// Makes what is missing between `top` and the file, and syncs where it made something.
Result<void> make_folders(const std::string& top, const std::string& path) {
    for (auto slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        const auto folder = top + "/" + path.substr(0, slash);
        if (mkdir(folder.c_str(), 0755) == 0) {
            if (chmod(folder.c_str(), 0755) != 0) return failed(folder);
            BAILIFF_CHECK(sync_folder(folder_of(folder)));
        } else if (errno != EEXIST) {
            return failed(folder);
        }
    }
    return {};
}

}  // namespace

Result<void> write_beside(const std::string& path, std::string_view content, mode_t mode,
                          std::optional<uid_t> owner) {
    BAILIFF_CHECK(write_all(path + beside, content, mode, owner));
    crash_point("file_written");
    return {};
}

Result<void> put_in_place(const std::string& path) {
    if (std::rename((path + beside).c_str(), path.c_str()) != 0) return failed(path);
    crash_point("file_renamed");
    return sync_folder_of(path);
}

Result<void> sync_folder_of(const std::string& path) {
    return sync_folder(folder_of(path));
}

Result<void> write_durably(const std::string& path, std::string_view content, mode_t mode) {
    BAILIFF_CHECK(write_beside(path, content, mode));
    return put_in_place(path);
}

Result<std::string> LogFolder::read(const std::string& path) const {
    return read_file(folder_ + "/" + path, file_bytes_max);
}

Result<void> LogFolder::write(const std::string& path, const std::string& content) {
    BAILIFF_CHECK(make_folders(folder_, path));
    return write_durably(folder_ + "/" + path, content, 0644);
}

Result<std::string> LastNoteFile::read() const {
    auto note = read_file(path_, file_bytes_max);
    if (!note && note.error().fault == Fault::not_found) return std::string();
    return note;
}

Result<void> LastNoteFile::keep(const std::string& note) {
    return write_durably(path_, note, 0600);
}

}  // namespace bailiff
