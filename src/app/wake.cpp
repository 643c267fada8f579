#include "src/app/wake.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace bailiff {
namespace {

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return std::nullopt;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

int datagram_socket() {
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

}  // namespace

WakeSender::WakeSender(std::string path) : path_(std::move(path)), socket_(datagram_socket()) {}

void WakeSender::wake() const noexcept {
    const auto address = address_of(path_);
    if (!address) return;
    // Advisory: a full or missing socket costs at most one poll of the enforcer.
    (void)sendto(socket_.number(), "w", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
}

Result<std::unique_ptr<WakeReceiver>> WakeReceiver::open(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return fail(Fault::invalid_input, path + ": too long for a socket");
    std::unique_ptr<WakeReceiver> receiver(new WakeReceiver(datagram_socket()));
    // Only one enforcer holds the role's lock, so an old socket of this name is a dead one's.
    (void)unlink(path.c_str());
    if (bind(receiver->socket_.number(), reinterpret_cast<const sockaddr*>(&*address),
             sizeof *address) != 0)
        return fail(Fault::unavailable, "binding " + path + ": " + std::strerror(errno));
    return receiver;
}

void WakeReceiver::wait(std::chrono::milliseconds longest) const {
    pollfd poll_for{socket_.number(), POLLIN, 0};
    if (poll(&poll_for, 1, static_cast<int>(longest.count())) <= 0) return;
    char drained[16];
    while (recv(socket_.number(), drained, sizeof drained, MSG_DONTWAIT) > 0) {
    }
}

}  // namespace bailiff
