#pragma once
// How many events of one name go out in a second.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Counts events by name in windows of a second. Names are our own literals, so few; beyond 256 all
/// share one count.  Threads  one at a time.
class Pace {
public:
    static constexpr std::uint32_t events_per_second = 20;

    struct Suppressed {
        std::string name;
        std::uint64_t count = 0;
    };

    [[nodiscard]] bool admit(Severity severity, std::string_view name, SteadyInstant now) {
        auto& window = window_of(name, now);
        const bool first_alarm = severity == Severity::alarm && !window.alarmed;
        if (window.events >= events_per_second && !first_alarm) {
            ++window.suppressed;
            return false;
        }
        ++window.events;
        window.alarmed = window.alarmed || severity == Severity::alarm;
        return true;
    }

    /// What was held back in windows that have ended; looks at most once a second.
    [[nodiscard]] std::vector<Suppressed> ended(SteadyInstant now) {
        if (now - looked_ < std::chrono::seconds(1)) return {};
        looked_ = now;
        return collect([&](const Window& window) { return has_ended(window, now); });
    }

    /// The same for all windows, at the end.
    [[nodiscard]] std::vector<Suppressed> all() {
        return collect([](const Window&) { return true; });
    }

private:
    struct Window {
        SteadyInstant start{};
        std::uint32_t events = 0;
        std::uint64_t suppressed = 0;
        bool alarmed = false;
    };

    static bool has_ended(const Window& window, SteadyInstant now) {
        return now - window.start >= std::chrono::seconds(1);
    }

    Window& window_of(std::string_view name, SteadyInstant now) {
        auto found = windows_.find(name);
        if (found == windows_.end())
            found = windows_.try_emplace(std::string(windows_.size() < 256 ? name : "other")).first;
        auto& window = found->second;
        if (has_ended(window, now)) {
            window.start = now;
            window.events = 0;
            window.alarmed = false;  // `suppressed` stays until somebody collects it
        }
        return window;
    }

    template <class Which>
    std::vector<Suppressed> collect(const Which& which) {
        std::vector<Suppressed> out;
        for (auto& [name, window] : windows_) {
            if (window.suppressed == 0 || !which(window)) continue;
            out.push_back({name, window.suppressed});
            window.suppressed = 0;
        }
        return out;
    }

    SteadyInstant looked_{};
    std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace bailiff
