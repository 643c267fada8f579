#include "milter/threads.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace bailiff {
namespace {

/// 'S', 'R', …; blank for a thread that has just ended.
char state_of(const char* thread) noexcept {
    std::array<char, 64> path{};
    std::snprintf(path.data(), path.size(), "/proc/self/task/%.16s/stat", thread);
    const int fd = ::open(path.data(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return ' ';
    std::array<char, 128> text{};
    const auto count = ::read(fd, text.data(), text.size() - 1);
    ::close(fd);
    const char* name_end = count > 0 ? std::strrchr(text.data(), ')') : nullptr;
    return name_end != nullptr && name_end[1] == ' ' ? name_end[2] : ' ';
}

}  // namespace

bool other_threads_sleep() noexcept {
    DIR* threads = opendir("/proc/self/task");
    if (threads == nullptr) return true;
    bool sleep = true;
    while (const auto* entry = readdir(threads)) {
        if (entry->d_name[0] == '.' || std::atoi(entry->d_name) == gettid()) continue;
        const char state = state_of(entry->d_name);
        sleep = sleep && (state == 'S' || state == 'Z' || state == 'X' || state == ' ');
    }
    closedir(threads);
    return sleep;
}

}  // namespace bailiff
