#pragma once
// An HTTP server on loopback that does what a script says, faults included.

#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bailiff {

/// One accepted connection, in the hands of a script.
class StubConnection {
public:
    using Seen = std::function<void(const std::string&)>;

    StubConnection(int descriptor, std::size_t index, const std::atomic<bool>& stopping, Seen seen)
        : descriptor_(descriptor), index_(index), stopping_(stopping), seen_(std::move(seen)) {}

    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] const std::string& request() const { return request_; }

    /// Until the end of the body, by Content-Length.
    void read_request() {
        while (!complete() && read_some()) {
        }
        seen_(request_);  // before the answer, so that the client's test may look at it
    }
    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Whether the other side still listens.
    bool try_send(std::string_view bytes) const {
        return !stopping_ && ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    }
    void half_close() const { shutdown(descriptor_, SHUT_WR); }
    /// The connection ends with RST.
    void reset() const {
        const linger now{1, 0};
        setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    void wait_until_closed() {
        while (read_some()) {
        }
    }

private:
    [[nodiscard]] bool complete() const {
        const auto end = request_.find("\r\n\r\n");
        if (end == std::string::npos) return false;
        const auto at = request_.find("Content-Length: ");
        const std::size_t length =
            at < end ? std::strtoul(request_.c_str() + at + 16, nullptr, 10) : 0;
        return request_.size() >= end + 4 + length;
    }
    bool read_some() {
        pollfd waiting{descriptor_, POLLIN, 0};
        while (!stopping_ && poll(&waiting, 1, 20) == 0) {
        }
        char bytes[16384];
        const auto got = stopping_ ? 0 : recv(descriptor_, bytes, sizeof bytes, 0);
        if (got <= 0) return false;
        request_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }

    const int descriptor_;
    const std::size_t index_;
    const std::atomic<bool>& stopping_;
    const Seen seen_;
    std::string request_;
};

/// Serves one connection after the other, each by the script.
class StubServer {
public:
    using Script = std::function<void(StubConnection&)>;

    explicit StubServer(Script script, std::string unix_path = {})
        : script_(std::move(script)), unix_path_(std::move(unix_path)) {
        listener_ = unix_path_.empty() ? listen_inet() : listen_unix();
        thread_ = std::thread([this] { serve(); });
    }
    ~StubServer() {
        stopping_ = true;
        thread_.join();
        close(listener_);
        if (!unix_path_.empty()) unlink(unix_path_.c_str());
    }
    StubServer(const StubServer&) = delete;
    StubServer& operator=(const StubServer&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/checkv2";
    }
    [[nodiscard]] const std::string& unix_path() const { return unix_path_; }
    [[nodiscard]] std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    [[nodiscard]] std::size_t connections() const { return requests().size(); }

private:
    int listen_inet() {
        const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
        listen(descriptor, 64);
        socklen_t length = sizeof address;
        getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        return descriptor;
    }
    int listen_unix() const {
        const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        unix_path_.copy(address.sun_path, sizeof address.sun_path - 1);
        bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
        listen(descriptor, 64);
        return descriptor;
    }
    void serve() {
        pollfd waiting{listener_, POLLIN, 0};
        while (!stopping_) {
            if (poll(&waiting, 1, 20) <= 0) continue;
            const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (descriptor < 0) continue;
            serve_one(descriptor);
            close(descriptor);
        }
    }
    void serve_one(int descriptor) {
        std::size_t index = 0;
        {
            const std::lock_guard lock(mutex_);
            index = requests_.size();
            requests_.emplace_back();
        }
        StubConnection connection(descriptor, index, stopping_, [&](const std::string& request) {
            const std::lock_guard lock(mutex_);
            requests_[index] = request;
        });
        script_(connection);
    }

    const Script script_;
    const std::string unix_path_;
    int listener_ = -1;
    int port_ = 0;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

/// A whole reply with a length.
[[nodiscard]] inline std::string http_ok(std::string_view body) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace bailiff
