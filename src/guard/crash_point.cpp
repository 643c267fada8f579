// Dies where a test says so. Compiled to nothing in a release.
#include <bailiff/crash_point.hpp>

#ifdef BAILIFF_REMOVABLE_GUARDS
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace bailiff {
namespace {

std::atomic<int> passed{0};

bool chosen_by_name(std::string_view name) {
    const char* chosen = std::getenv("BAILIFF_CRASH_AT");
    if (chosen == nullptr) return false;
    const std::string_view wanted = chosen;
    const auto colon = wanted.find(':');
    if (wanted.substr(0, colon) != name) return false;
    int times = 1;
    if (colon != std::string_view::npos)
        std::from_chars(wanted.data() + colon + 1, wanted.data() + wanted.size(), times);
    return ++passed >= times;
}

/// Of several that find the file only the one that removes it dies.
bool chosen_by_file(std::string_view name) {
    const char* path = std::getenv("BAILIFF_CRASH_FILE");
    if (path == nullptr) return false;
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    std::array<char, 64> text{};
    const auto length = ::read(file, text.data(), text.size());
    ::close(file);
    return length > 0 && name == std::string_view(text.data(), static_cast<std::size_t>(length)) &&
           ::unlink(path) == 0;
}

}  // namespace

// Read at every call, so that a test can choose when the process is already at work.
void crash_point(std::string_view name) {
    if (chosen_by_name(name) || chosen_by_file(name)) ::kill(::getpid(), SIGKILL);
}

}  // namespace bailiff
#endif
