#pragma once
// A port at which connections hang.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace bailiff {

/// A loopback port that never answers a connection: its queue is full and nobody accepts.
class BlackHole {
public:
    BlackHole() {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(listener_, reinterpret_cast<sockaddr*>(&address_), sizeof address_);
        listen(listener_, 0);
        socklen_t length = sizeof address_;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address_), &length);
        for (auto& filler : fillers_) {
            filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            static_cast<void>(
                connect(filler, reinterpret_cast<sockaddr*>(&address_), sizeof address_));
        }
    }
    ~BlackHole() {
        for (const int filler : fillers_) close(filler);
        close(listener_);
    }
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)) + "/checkv2";
    }

private:
    int listener_ = -1;
    int fillers_[4] = {-1, -1, -1, -1};
    sockaddr_in address_{};
};

}  // namespace bailiff
