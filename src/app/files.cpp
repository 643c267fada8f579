#include "src/app/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace bailiff {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Failure failed(const std::string& path, const char* doing) {
    const auto fault = errno == ENOENT ? Fault::not_found : Fault::unavailable;
    return fail(fault, path + ": " + doing + ": " + std::strerror(errno));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
    File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"),
              path == "-" ? [](std::FILE*) { return 0; } : &std::fclose);
    if (!file) return failed(path, "cannot be opened");
    std::string content;
    char block[65536];
    while (const auto count = std::fread(block, 1, sizeof block, file.get())) {
        content.append(block, count);
        if (content.size() > bytes_max)
            return fail(Fault::exhausted,
                        path + ": larger than " + std::to_string(bytes_max) + " bytes");
    }
    if (std::ferror(file.get()) != 0) return failed(path, "cannot be read");
    return content;
}

Result<void> replace_file(const std::string& path, std::string_view content) {
    const auto next = path + ".new";
    File file(std::fopen(next.c_str(), "wb"), &std::fclose);
    if (!file) return failed(next, "cannot be created");
    const bool written =
        std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
    if (std::fclose(file.release()) != 0 || !written) return failed(next, "cannot be written");
    if (std::rename(next.c_str(), path.c_str()) != 0) return failed(path, "cannot be replaced");
    return {};
}

}  // namespace bailiff
