#include "milter/entrance.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <bailiff/guard.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace bailiff {
namespace {

constexpr auto a_moment = std::chrono::milliseconds(20);

bool is_short_of_descriptors(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Result<std::unique_ptr<Entrance>> Entrance::open(Options options) {
    Descriptor shut(::eventfd(0, EFD_CLOEXEC));
    if (!shut.is_open())
        return fail(Fault::unavailable, std::string("eventfd: ") + std::strerror(errno));
    // Another process that shares the socket may take a connection before us.
    ::fcntl(options.listening, F_SETFL, ::fcntl(options.listening, F_GETFL) | O_NONBLOCK);
    return std::unique_ptr<Entrance>(new Entrance(std::move(options), std::move(shut)));
}

void Entrance::start() {
    thread_ = std::thread([this] { run(); });
}

void Entrance::shut() {
    if (!thread_.joinable()) return;
    constexpr std::uint64_t one = 1;
    (void)!::write(shut_.number(), &one, sizeof one);
    thread_.join();
}

void Entrance::run() {
    pthread_setname_np(pthread_self(), "milter-entrance");
    for (;;) {
        std::array waited{pollfd{options_.listening, POLLIN, 0}, pollfd{shut_.number(), POLLIN, 0}};
        ::poll(waited.data(), waited.size(), -1);
        if (waited[1].revents != 0) return;
        let_in();
    }
}

void Entrance::let_in() {
    Descriptor connection(::accept4(options_.listening, nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.is_open()) {
        if (!is_short_of_descriptors(errno)) return;
        ++turned_away_;
        if (!guard_removed(Guard::descriptors_are_kept)) std::this_thread::sleep_for(a_moment);
        return;
    }
    const bool fits =
        guard(Guard::descriptors_are_kept, connection.number() < options_.connections_below);
    if (!fits || !options_.take(std::move(connection))) ++turned_away_;
}

}  // namespace bailiff
