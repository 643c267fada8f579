#pragma once
// What the milter knows of logins, over a restart: expendable, and never trusted half.

#include <bailiff/journal.hpp>
#include <chrono>
#include <string>

#include "src/memory/counters.hpp"

namespace bailiff {

/// Without it a stolen login would look like any other for three days after each restart.
/// Threads  one at a time.
class HabitsFile {
public:
    HabitsFile(std::string path, MemoryCounters& counters, Journal& journal)
        : path_(std::move(path)), counters_(counters), journal_(journal) {}

    /// Before the first message. A file that is missing, cut or damaged is an event, and no more.
    void read();
    /// A crash loses what came after the last call.
    void write();

private:
    const std::string path_;
    MemoryCounters& counters_;
    Journal& journal_;
};

inline constexpr std::chrono::minutes habits_written_each{5};

}  // namespace bailiff
