#include "src/exchange/stream.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bailiff::exchange {

namespace {

using Steady = std::chrono::steady_clock;

Result<void> wait_for(const Descriptor& socket, short event, Steady::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
    if (left.count() <= 0) return fail(Fault::unavailable, "no answer in time");
    pollfd watched{socket.number(), event, 0};
    const int ready = poll(&watched, 1, static_cast<int>(left.count()));
    if (ready == 0) return fail(Fault::unavailable, "no answer in time");
    if (ready < 0 && errno != EINTR) return fail(Fault::unavailable, std::strerror(errno));
    return {};
}

}  // namespace

Result<std::string> receive_all(const Descriptor& socket, std::size_t bytes_max,
                                std::chrono::milliseconds patience) {
    const auto until = Steady::now() + patience;
    std::string all;
    char block[65536];
    while (true) {
        BAILIFF_CHECK(wait_for(socket, POLLIN, until));
        const auto count = recv(socket.number(), block, sizeof block, MSG_DONTWAIT);
        if (count == 0) return all;
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count < 0) return fail(Fault::unavailable, std::strerror(errno));
        all.append(block, static_cast<std::size_t>(count));
        if (all.size() > bytes_max)
            return fail(Fault::exhausted, "more than " + std::to_string(bytes_max) + " bytes");
    }
}

Result<void> send_all(const Descriptor& socket, std::string_view bytes,
                      std::chrono::milliseconds patience) {
    const auto until = Steady::now() + patience;
    while (!bytes.empty()) {
        BAILIFF_CHECK(wait_for(socket, POLLOUT, until));
        const auto count =
            send(socket.number(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count < 0) return fail(Fault::unavailable, std::strerror(errno));
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    shutdown(socket.number(), SHUT_WR);
    return {};
}

}  // namespace bailiff::exchange
