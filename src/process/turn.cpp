#include "src/process/turn.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace bailiff::process {

namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 20ms;
constexpr auto end_wait = 1s;  // for what was killed to be gone

Failure failed(const std::string& doing, int error) {
    return fail(Fault::unavailable, doing + ": " + std::strerror(error));
}

/// A file of somebody else, or with a second name, may be a trap of the group's other users.
bool is_ours(const struct stat& facts) {
    return S_ISREG(facts.st_mode) && facts.st_uid == geteuid() && facts.st_nlink == 1;
}

Result<Descriptor> open_file(const std::string& path) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        Descriptor file(
            ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
        struct stat facts {};
        if (file.is_open() && fstat(file.number(), &facts) == 0 && is_ours(facts))
            return above_standard(std::move(file));
        if (!file.is_open() && errno != ELOOP && errno != EACCES && errno != ENXIO)
            return failed("opening " + path, errno);
        if (unlink(path.c_str()) != 0 && errno != ENOENT) return failed("replacing " + path, errno);
    }
    return fail(Fault::unavailable, path + " is not a file of ours");
}

/// By the clock on the wall: nothing else of it is known to us.
std::chrono::milliseconds age_of(const Descriptor& file) {
    struct stat facts {};
    if (fstat(file.number(), &facts) != 0) return 0ms;
    const auto begun = std::chrono::seconds(facts.st_mtim.tv_sec) +
                       std::chrono::nanoseconds(facts.st_mtim.tv_nsec);
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch() - begun);
}

void end_group(pid_t id) {
    const pid_t group = getpgid(id);
    ::kill(group > 1 && group != getpgrp() ? -group : id, SIGKILL);
}

/// With all of their group. Of our user, and no others: /proc does not show us their files.
void end_holders(const Descriptor& file) {
    struct stat ours {};
    if (fstat(file.number(), &ours) != 0) return;
    std::error_code ignored;
    for (std::filesystem::directory_iterator at("/proc", ignored), end; at != end;
         at.increment(ignored)) {
        const auto name = at->path().filename().string();
        pid_t id = 0;
        const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
        if (read.ptr != name.data() + name.size() || id == getpid()) continue;
        struct stat theirs {};
        if (stat(("/proc/" + name + "/fd/0").c_str(), &theirs) != 0) continue;
        if (theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino) end_group(id);
    }
}

Result<void> fill(const Descriptor& file, std::string_view bytes) {
    if (ftruncate(file.number(), 0) != 0) return failed("emptying the hook's input", errno);
    while (!bytes.empty()) {
        const auto written = write(file.number(), bytes.data(), bytes.size());
        if (written <= 0) return failed("filling the hook's input", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (lseek(file.number(), 0, SEEK_SET) != 0) return failed("rewinding the input", errno);
    return {};
}

}  // namespace

Result<Descriptor> take_turn(const Turn& turn, std::string_view bytes) {
    const auto until = std::chrono::steady_clock::now() + turn.overdue + end_wait;
    for (;;) {
        BAILIFF_TRY(auto file, open_file(turn.path));
        if (flock(file.number(), LOCK_EX | LOCK_NB) == 0) {
            BAILIFF_CHECK(fill(file, bytes));
            return file;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) return failed("locking " + turn.path, errno);
        if (age_of(file) > turn.overdue) end_holders(file);
        if (std::chrono::steady_clock::now() >= until)
            return fail(Fault::unavailable, "a hook that was started before us still runs");
        std::this_thread::sleep_for(look_interval);
    }
}

void end_turn(const Descriptor& input) {
    flock(input.number(), LOCK_UN);
}

}  // namespace bailiff::process
