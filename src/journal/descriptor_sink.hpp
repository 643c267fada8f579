#pragma once
// A spdlog sink that rather drops a line than waits for its reader.

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <poll.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bailiff {

/// Runs on the journal's own thread. A reader that stands still costs that thread `patience` once,
/// then nothing until it reads again: so the journal can always be ended.
class DescriptorSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t text;
        formatter_->format(message, text);
        if (!write_all({text.data(), text.size()})) ++dropped_;
    }
    void flush_() override {}

private:
    static constexpr int patience_ms = 200;

    [[nodiscard]] bool write_all(std::string_view text) {
        while (!text.empty()) {
            pollfd waiting{descriptor_, POLLOUT, 0};
            if (poll(&waiting, 1, stuck_ ? 0 : patience_ms) != 1 ||
                (waiting.revents & POLLOUT) == 0) {
                stuck_ = true;
                return false;
            }
            stuck_ = false;
            const auto written = write_some(text);
            if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (written <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    /// A socket (journald's) may still make us wait after POLLOUT; a pipe that is writable takes a
    /// line of at most PIPE_BUF whole. The file status flags are not ours to change: others share
    /// them.
    [[nodiscard]] ssize_t write_some(std::string_view text) const {
        const auto sent = send(descriptor_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0 || errno != ENOTSOCK) return sent;
        return write(descriptor_, text.data(), text.size());
    }

    const int descriptor_;
    bool stuck_ = false;
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace bailiff
