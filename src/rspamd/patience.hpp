#pragma once
// How long a message waits for a witness, from how long the witness took of late.

#include <algorithm>
#include <bailiff/clock.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bailiff {

/// Between `least` and `most`: the smoothed time of its answers and four times their deviation, as
/// TCP does it (RFC 6298), and for each MiB of the message a second more. A question that nobody
/// answered in time counts once the witness answers another, for only then it was slow and not
/// away; so an outage that begins costs `least` a message.  Pure.  Threads  one at a time.
class Patience {
public:
    using Time = std::chrono::microseconds;
    struct Rules {
        std::chrono::milliseconds least{1'000}, most{3'000};
    };

    explicit Patience(Rules rules) : rules_(rules) {}

    /// For a message of so many bytes.
    [[nodiscard]] Time with(std::size_t bytes) const {
        const auto usual = std::max<Time>(rules_.least, mean_ + 4 * deviation_);
        return std::min<Time>(rules_.most, usual + extra(bytes));
    }

    void answered(Time took, std::size_t bytes) {
        for (; late_ > 0; --late_) learn(late_wait_);
        learn(took - extra(bytes));
    }

    /// It was waited for `waited`, in vain.
    void late(Time waited, std::size_t bytes) {
        late_wait_ = waited - extra(bytes);
        if (late_ < late_max) ++late_;
    }

    /// After an outage, the first answer of which took so long: what was before says nothing.
    void begin_anew(Time took) {
        late_ = 0;
        mean_ = took;
        deviation_ = took / 2;
        knows_ = true;
    }

private:
    static constexpr std::uint32_t late_max = 4;

    [[nodiscard]] static Time extra(std::size_t bytes) {
        constexpr std::size_t bytes_max = 1U << 30U;  // keeps the product far from overflow
        return Time(static_cast<Time::rep>(std::min(bytes, bytes_max)) * 1'000'000 / (1 << 20));
    }

    void learn(Time took) {
        took = std::max(took, Time(0));
        if (!knows_) return begin_anew(took);
        const auto off = took > mean_ ? took - mean_ : mean_ - took;
        deviation_ += (off - deviation_) / 4;
        mean_ += (took - mean_) / 8;
    }

    const Rules rules_;
    bool knows_ = false;
    Time mean_{0}, deviation_{0};
    std::uint32_t late_ = 0;  ///< in vain since the last answer
    Time late_wait_{0};
};

}  // namespace bailiff
