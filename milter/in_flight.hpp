#pragma once
// What the messages under way take up together, and the bound on it.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bailiff {

/// Threads  any.
class InFlight {
public:
    struct Counts {
        std::uint64_t messages = 0;  ///< begun and not ended
        std::uint64_t bytes = 0;     ///< kept of them, as the MTA handed them over
        std::uint64_t bytes_max = 0;
        std::uint64_t put_off = 0;  ///< messages answered 4xx since the start, for want of room
    };

    static constexpr std::uint64_t usual_bytes = 64U << 10;  ///< of a message: one packet of body

    explicit InFlight(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

    [[nodiscard]] Counts counts() const noexcept {
        return {messages_.load(), bytes_.load(), bytes_max_, put_off_.load()};
    }

private:
    friend class Cargo;

    // Constant after construction.
    const std::uint64_t bytes_max_;
    // Synchronise themselves.
    std::atomic<std::uint64_t> messages_{0};
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<std::uint64_t> put_off_{0};
};

/// One session's share: at most one message at a time.  Threads  one at a time.
class Cargo {
public:
    /// Without a bound if `all` is none.
    explicit Cargo(InFlight* all) noexcept : all_(all) {}
    ~Cargo() { end(); }
    Cargo(const Cargo&) = delete;
    Cargo& operator=(const Cargo&) = delete;

    /// Begins a message; false, and nothing begun, when there is no room for a usual one.
    [[nodiscard]] bool begin() noexcept {
        end();
        if (all_ == nullptr) return true;
        if (all_->bytes_.load() + InFlight::usual_bytes > all_->bytes_max_) return put_off();
        ++all_->messages_;
        begun_ = true;
        return true;
    }

    /// Takes room for `bytes` more; false, and none taken, when there is too little.
    [[nodiscard]] bool load(std::size_t bytes) noexcept {
        if (all_ == nullptr) return true;
        if (all_->bytes_.fetch_add(bytes) + bytes > all_->bytes_max_) {
            all_->bytes_ -= bytes;
            return put_off();
        }
        bytes_ += bytes;
        return true;
    }

    /// Gives the room back; the message goes on.
    void unload() noexcept {
        if (all_ != nullptr) all_->bytes_ -= bytes_;
        bytes_ = 0;
    }

    void end() noexcept {
        unload();
        if (begun_) --all_->messages_;
        begun_ = false;
    }

private:
    bool put_off() noexcept {
        ++all_->put_off_;
        return false;
    }

    InFlight* const all_;
    bool begun_ = false;
    std::uint64_t bytes_ = 0;
};

}  // namespace bailiff
