#pragma once
// Descriptors and the start of a child, free of waiting.

#include <bailiff/descriptor.hpp>
#include <bailiff/result.hpp>
#include <string>
#include <string_view>
#include <vector>
#include <sys/types.h>

namespace bailiff::process {

/// `first`, moved if need be to a number above 0, 1 and 2: those are the child's.
[[nodiscard]] Result<Descriptor> above_standard(Descriptor first);

/// A pipe of which we keep `ours`, not blocking, to read what the child writes to `theirs`.
struct OutputPipe {
    Descriptor ours, theirs;
};
[[nodiscard]] Result<OutputPipe> output_pipe();

/// `bytes` in memory, to be read from the start: a child that never reads or closes early can
/// neither block us nor send us SIGPIPE.
[[nodiscard]] Result<Descriptor> input_of(std::string_view bytes);

/// What becomes 0, 1 and 2 of a child.
struct ChildFiles {
    int input = -1, output = -1, errors = -1;
};

/// What is started: its environment is PATH, LANG and what is named here, nothing of ours.
struct Program {
    const std::string& path;
    const std::vector<std::string>& arguments;
    const std::vector<std::string>& environment;
};

/// Starts `program`, leader of a process group of its own.
/// Errors   unavailable: the reason as errno tells it.
[[nodiscard]] Result<pid_t> spawn(const Program& program, const ChildFiles& files);

}  // namespace bailiff::process
