#include "milter/turnstile.hpp"

#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <bailiff/guard.hpp>
#include <cerrno>

namespace bailiff {
namespace {

enum class Way { open, shut, gone };

std::atomic<Way> way{Way::open};
std::atomic<int> guarded{-1};
std::atomic<int> below{0};
std::atomic<std::uint64_t> passed{0};
std::atomic<std::uint64_t> turned_away{0};

int nothing() noexcept {
    errno = EAGAIN;  // libmilter tries again, and looks whether it shall stop
    return -1;
}

/// A descriptor of the reserve may be in use for a moment; libmilter itself would not wait.
void pause_if_spent(int error) noexcept {
    if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM) return;
    ++turned_away;
    if (guard_removed(Guard::descriptors_are_kept)) return;
    const timespec a_moment{0, 20'000'000};
    ::nanosleep(&a_moment, nullptr);
}

int pass(int listening, sockaddr* address, socklen_t* length) noexcept {
    way.wait(Way::shut);
    if (way == Way::gone) return nothing();
    const int fd = ::accept4(listening, address, length, SOCK_CLOEXEC);
    if (fd < 0) {
        const int error = errno;
        pause_if_spent(error);
        errno = error;
        return fd;
    }
    if (!guard(Guard::descriptors_are_kept, fd < below)) {
        ::close(fd);
        ++turned_away;
        return nothing();
    }
    ++passed;
    return fd;
}

}  // namespace

void Turnstile::open(int listening, int descriptors) noexcept {
    way = Way::open;
    below = descriptors;
    guarded = listening;
}

void Turnstile::shut() noexcept {
    way = Way::shut;
}

void Turnstile::let_go() noexcept {
    way = Way::gone;
    way.notify_all();
}

Turnstile::Counts Turnstile::counts() noexcept {
    return {passed.load(), turned_away.load()};
}

}  // namespace bailiff

extern "C" __attribute__((visibility("default"))) int accept(int fd, sockaddr* address,
                                                             socklen_t* length) {
    if (fd == bailiff::guarded) return bailiff::pass(fd, address, length);
    return ::accept4(fd, address, length, 0);
}
