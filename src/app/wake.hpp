#pragma once

#include <bailiff/descriptor.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace bailiff {

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
