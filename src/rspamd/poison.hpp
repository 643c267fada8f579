#pragma once
// Messages that end the witness, so that their next try does not end it again.

#include <algorithm>
#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>

namespace bailiff {

/// A message on which the witness hung up is left out for `first`: that may have been a restart,
/// and many messages can have the same bytes. If it hangs up on it again within `then`, and has
/// answered others in between, it is the message: left out for `then`. The last `rows_max`.  Pure.
/// Threads  one at a time.
class Poison {
public:
    static constexpr std::size_t rows_max = 256;
    static constexpr std::chrono::seconds first{45};
    static constexpr std::chrono::minutes then{15};

    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// Whether this message is left out now.
    [[nodiscard]] bool knows(const Digest& message, SteadyInstant now) {
        std::erase_if(rows_, [&](const auto& row) { return row.second.at + then <= now; });
        const auto found = rows_.find(message);
        return found != rows_.end() && now < found->second.left_out_until;
    }

    /// The witness, which has answered `answered` questions so far, hung up on this one.
    void remember(const Digest& message, SteadyInstant now, std::uint64_t answered) {
        const auto found = rows_.find(message);
        const bool again = found != rows_.end() && found->second.answered != answered;
        if (found == rows_.end() && rows_.size() == rows_max)
            rows_.erase(
                std::ranges::min_element(rows_, {}, [](const auto& row) { return row.second.at; }));
        rows_[message] = {now, again ? now + then : now + first, answered, again};
    }

    /// It was away for everybody: what happened once says nothing about the message.
    void outage_is_over() {
        std::erase_if(rows_, [](const auto& row) { return !row.second.again; });
    }

private:
    struct Row {
        SteadyInstant at, left_out_until;
        std::uint64_t answered = 0;
        bool again = false;
    };
    std::map<Digest, Row> rows_;
};

}  // namespace bailiff
