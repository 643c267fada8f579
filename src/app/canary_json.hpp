#pragma once
// The two files of a canary, STATE_DIR/counters/canary.order and canary.json, and what people read.

#include <bailiff/clock.hpp>
#include <string>

#include "src/pipeline/canary.hpp"

namespace bailiff {

/// What a person has asked for. Written by the command line, read by the milter: untrusted input.
struct CanaryOrder {
    Instant begun{};  ///< tells one order from the next
    Instant until{};
    std::string rules;   ///< folder, an absolute path
    std::string digest;  ///< of the set at that time
    std::string by;
    std::string stopped_by;  ///< empty: nobody has
};

/// What the milter makes of it.
struct CanaryStory {
    CanaryOrder order;
    std::string state = "none";  ///< none runs ended stopped too_slow refused
    std::string why;             ///< of too_slow and refused
    Instant at{};                ///< when this was written
    CanaryReport report;
};

[[nodiscard]] std::string to_json(const CanaryOrder& order);
[[nodiscard]] std::string to_json(const CanaryStory& story);
/// Errors   invalid_input.
[[nodiscard]] Result<CanaryOrder> read_canary_order(const std::string& json);
[[nodiscard]] Result<CanaryStory> read_canary_story(const std::string& json);
/// The same for a person.
[[nodiscard]] std::string canary_text(const CanaryStory& story);

}  // namespace bailiff
