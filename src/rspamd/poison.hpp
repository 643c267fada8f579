#pragma once
// Messages that end the witness, so that their next try does not end it again.

#include <algorithm>
#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <chrono>
#include <cstddef>
#include <map>

namespace bailiff {

/// The last `rows_max` such messages, each for `kept_for`.  Pure.  Threads  one at a time.
class Poison {
public:
    static constexpr std::size_t rows_max = 256;
    static constexpr std::chrono::minutes kept_for{15};

    [[nodiscard]] bool empty() const { return until_.empty(); }

    [[nodiscard]] bool knows(const Digest& message, SteadyInstant now) {
        std::erase_if(until_, [&](const auto& row) { return row.second <= now; });
        return until_.contains(message);
    }

    void remember(const Digest& message, SteadyInstant now) {
        if (until_.size() == rows_max && !until_.contains(message))
            until_.erase(
                std::ranges::min_element(until_, {}, [](const auto& row) { return row.second; }));
        until_[message] = now + kept_for;
    }

private:
    std::map<Digest, SteadyInstant> until_;
};

}  // namespace bailiff
