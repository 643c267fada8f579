#pragma once
// Child processes for the tests that kill them, or that need a second opener.

#include <sys/types.h>

#include <cstddef>
#include <functional>

namespace bailiff::samples {

/// A child that runs `body` and ends; it acknowledges by writing single bytes to the pipe.
/// Order    only while this process has no threads.
class Child {
public:
    explicit Child(const std::function<void(int pipe)>& body);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Reads up to `count` acknowledgements; fewer if the child ends first.
    [[nodiscard]] std::size_t acknowledged(std::size_t count);
    void kill_it();
    /// Its wait(2) status.
    [[nodiscard]] int wait();

private:
    pid_t pid_ = -1;
    int pipe_ = -1;
};

/// Runs `body` in a child and tells whether it ended with status 0.
[[nodiscard]] bool in_child(const std::function<bool()>& body);

}  // namespace bailiff::samples
