#include "src/process/hook_file.hpp"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace bailiff::process {

Result<void> check_hook_file(const std::string& path) {
    const auto refuse = [&](std::string_view why) {
        return fail(Fault::unavailable, "hook " + path + " " + std::string(why));
    };
    if (!path.starts_with('/') || path.find('\0') != std::string::npos)
        return refuse("is refused: its path must be absolute");
    struct stat file {};
    if (lstat(path.c_str(), &file) != 0)
        return refuse(std::string("cannot be found: ") + std::strerror(errno));
    if (!S_ISREG(file.st_mode)) return refuse("is refused: it is no regular file");
    if (file.st_uid != 0 && file.st_uid != geteuid())
        return refuse("is refused: its owner is neither root nor the running user");
    if ((file.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse("is refused: group or world may write to it");
    if (access(path.c_str(), X_OK) != 0) return refuse("is not executable");
    return {};
}

}  // namespace bailiff::process
