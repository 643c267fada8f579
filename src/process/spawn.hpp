#pragma once
// Descriptors and the start of a child, free of waiting.

#include <bailiff/result.hpp>
#include <string>
#include <string_view>
#include <vector>
#include <sys/types.h>

namespace bailiff::process {

/// Owns one descriptor; close-on-exec, and never one of 0, 1, 2.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }
    void close();

private:
    int release();
    int number_ = -1;
};

/// The same file above 2. A daemon may have been started without 0, 1 or 2; a descriptor in that
/// place would be overwritten while the child's files are put in order.
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
