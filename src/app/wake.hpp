#pragma once

#include <bailiff/result.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace bailiff {

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

/// The milter's side: one datagram that may be lost.  Threads  any.
class WakeSender {
public:
    explicit WakeSender(std::string path);
    void wake() const noexcept;

private:
    std::string path_;
    Descriptor socket_;
};

/// The enforcer's side.
class WakeReceiver {
public:
    [[nodiscard]] static Result<std::unique_ptr<WakeReceiver>> open(const std::string& path);
    /// Returns when a datagram came, a signal came or the time is over.
    void wait(std::chrono::milliseconds longest) const;

private:
    explicit WakeReceiver(int fd) : socket_(fd) {}
    Descriptor socket_;
};

}  // namespace bailiff
