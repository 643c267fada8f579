#pragma once
// Bytes to a unix socket and back: says what no well-behaved client would.

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <string_view>

namespace bailiff {

class RawClient {
public:
    explicit RawClient(const std::string& path)
        : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size());
        connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() { close(fd_); }

    [[nodiscard]] bool connected() const { return connected_; }

    /// As much as the other side takes.
    void say(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void finish() { shutdown(fd_, SHUT_WR); }

    /// What comes next; "timeout" if nothing does, empty when the other side has closed.
    [[nodiscard]] std::string hear_some() {
        pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, 10'000) <= 0) return "timeout";
        char bytes[4096];
        const auto size = recv(fd_, bytes, sizeof bytes, 0);
        return size <= 0 ? "" : std::string(bytes, static_cast<std::size_t>(size));
    }

    /// Until the other side closes; "timeout" at the end if it does not within ten seconds.
    [[nodiscard]] std::string hear() {
        std::string heard;
        while (true) {
            const auto more = hear_some();
            heard += more;
            if (more.empty() || more == "timeout") return heard;
        }
    }

private:
    int fd_;
    bool connected_ = false;
};

}  // namespace bailiff
