#include "src/app/export_place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <cstring>

namespace bailiff {
namespace {

Failure failed(const std::string& path) {
    return fail(Fault::unavailable, path + ": " + std::strerror(errno));
}

Result<void> fill(const Descriptor& file, const std::string& path, std::string_view content) {
    while (!content.empty()) {
        const auto count = write(file.number(), content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed(path);
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (fsync(file.number()) != 0) return failed(path);
    return {};
}

/// Creates, never replaces, never follows a link.
Result<void> write_new(const std::string& path, std::string_view content) {
    const Descriptor file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.number() < 0) return failed(path);
    return fill(file, path, content);
}

Result<void> write_below(const std::string& folder, const ArchiveFile& file) {
    for (auto slash = file.path.find('/'); slash != std::string::npos;
         slash = file.path.find('/', slash + 1)) {
        const auto between = folder + "/" + file.path.substr(0, slash);
        if (mkdir(between.c_str(), 0700) != 0 && errno != EEXIST) return failed(between);
    }
    return write_new(folder + "/" + file.path, file.bytes);
}

}  // namespace

Result<ExportPlace> ExportPlace::create(std::string path, bool archive) {
    if (archive)
        BAILIFF_CHECK(write_new(path, ""));
    else if (mkdir(path.c_str(), 0700) != 0)
        return failed(path);
    return ExportPlace(std::move(path), archive);
}

void ExportPlace::discard() const {
    (void)(archive_ ? unlink(path_.c_str()) : rmdir(path_.c_str()));
}

Result<void> ExportPlace::write(std::vector<ArchiveFile> files, Instant modified,
                                const CmsRecipients& to) const {
    if (!archive_) {
        for (const auto& file : files) BAILIFF_CHECK(write_below(path_, file));
        return {};
    }
    BAILIFF_TRY(auto bytes, ustar(std::move(files), modified));
    if (!to.empty()) {
        BAILIFF_TRY(bytes, cms_encrypted(bytes, to));
    }
    const Descriptor file(open(path_.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
    if (file.number() < 0) return failed(path_);
    return fill(file, path_, bytes);
}

}  // namespace bailiff
