#pragma once
// Begins, ends and remembers canaries for the milter.

#include <bailiff/journal.hpp>
#include <bailiff/settings.hpp>
#include <string>

#include "src/app/canary_json.hpp"

namespace bailiff {

[[nodiscard]] std::string canary_order_path(const Settings& settings);
[[nodiscard]] std::string canary_story_path(const Settings& settings);

/// Looks each second whether a person has ordered or stopped a canary, loads its rules, ends it at
/// its time, and writes what came of it. A milter that begins goes on where the last one
/// was, if the rules still read as they were ordered; up to ten seconds of figures may be lost by a
/// crash.
/// Threads  one.
class CanaryKeeper {
public:
    /// All must outlive it.
    CanaryKeeper(const Settings& settings, Canary& canary, const Clock& clock, Journal& journal);

    void look();
    /// For `status`: without the services.
    [[nodiscard]] const CanaryStory& story() const { return story_; }
    /// The role ends: writes down what was counted.
    void leave();

private:
    void take(const CanaryOrder& order);
    void begin(const CanaryOrder& order);
    void end(const char* state, std::string why, Severity severity);
    void write();

    const std::string order_path_, story_path_;
    Canary& canary_;
    const Clock& clock_;
    Journal& journal_;
    CanaryStory story_;
    std::string seen_;  ///< the order as it was read last
    SteadyInstant written_{};
    bool first_ = true;
};

}  // namespace bailiff
