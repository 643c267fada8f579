#include "src/app/running_role.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "src/app/role.hpp"

namespace bailiff {
namespace {

/// Lines of /proc/locks: "7: FLOCK  ADVISORY  WRITE 4242 fd:01:131 0 EOF".
std::vector<pid_t> holders_of(ino_t inode) {
    std::vector<pid_t> holders;
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
        std::istringstream words(line);
        std::string number, kind, advisory, access, file;
        pid_t pid = 0;
        if (!(words >> number >> kind >> advisory >> access >> pid >> file)) continue;
        if (kind == "FLOCK" && pid > 1 && file.ends_with(":" + std::to_string(inode)))
            holders.push_back(pid);
    }
    return holders;
}

/// Inodes are numbered by file system: the process must have this very file open.
bool has_open(pid_t pid, const struct stat& file) {
    std::error_code wrong;
    std::filesystem::directory_iterator at("/proc/" + std::to_string(pid) + "/fd", wrong), end;
    for (; !wrong && at != end; at.increment(wrong)) {
        struct stat open {};
        if (stat(at->path().c_str(), &open) == 0 && open.st_dev == file.st_dev &&
            open.st_ino == file.st_ino)
            return true;
    }
    return false;
}

}  // namespace

Result<int> hang_up(const Settings& settings, const std::string& role) {
    const auto path = ledger_path(settings) + "/" + role + ".lock";
    struct stat file {};
    if (stat(path.c_str(), &file) != 0) return fail(Fault::not_found, role + " does not run");
    for (const auto pid : holders_of(file.st_ino)) {
        const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
        if (process.number() < 0 || !has_open(pid, file)) continue;
        if (syscall(SYS_pidfd_send_signal, process.number(), SIGHUP, nullptr, 0) == 0)
            return static_cast<int>(pid);
        return fail(Fault::unavailable, role + " cannot be told: " + std::strerror(errno));
    }
    return fail(Fault::not_found, role + " does not run, or may not be looked at");
}

}  // namespace bailiff
