#pragma once
// One program, started and ended within a deadline; nothing of ours leaks into it.

#include <bailiff/limits.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/process/turn.hpp"

namespace bailiff::process {

struct Command {
    std::string path;  ///< absolute
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  ///< "NAME=value"; PATH and LANG are always there
    std::string input;                     ///< what it finds on standard input
    std::optional<Turn> turn{};            ///< then no other of the same turn runs meanwhile
    std::size_t output_bytes_max = limits::hook_output_bytes_max;
    std::chrono::milliseconds deadline{30'000};
    std::chrono::milliseconds term_grace = limits::hook_term_grace;  ///< between TERM and KILL
};

/// How a program ended, and what it said.
struct Ran {
    enum class End : std::uint8_t {
        not_started,  ///< nothing of it has run: missing, not executable, no descriptor or process
        exited,       ///< by itself, with `code`
        killed,       ///< by a signal that we did not send: `code`
        late,         ///< its deadline passed; its process group was ended
    };
    End end = End::not_started;
    int code = 0;
    std::string output;  ///< standard output; at most output_bytes_max
    std::string errors;  ///< standard error; likewise
    bool cut = false;    ///< one of them was longer: the rest was read and thrown away
    std::string why;     ///< not_started: the reason
};

/// Runs `command` and waits for its end: at most its deadline and twice its grace; before that for
/// its turn.
/// Shape    environment, working directory, descriptors and signals as src/enforce/README.md says.
///          Whatever it leaves behind in its process group is killed when it has exited; a child
///          that left the group keeps nobody waiting.
/// Errors   none: each is a way to end.
/// Threads  any.
[[nodiscard]] Ran run(const Command& command);

}  // namespace bailiff::process
