#include "tests/lmdb/children.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace bailiff::samples {

Child::Child(const std::function<void(int)>& body) {
    int ends[2];
    if (pipe(ends) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
        close(ends[0]);
        body(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    pipe_ = ends[0];
}

Child::~Child() {
    kill_it();
    (void)wait();
    close(pipe_);
}

std::size_t Child::acknowledged(std::size_t count) {
    std::size_t got = 0;
    char byte = 0;
    while (got < count && read(pipe_, &byte, 1) == 1) ++got;
    return got;
}

void Child::kill_it() {
    if (pid_ > 0) kill(pid_, SIGKILL);
}

int Child::wait() {
    int status = 0;
    if (pid_ > 0) waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
}

bool in_child(const std::function<bool()>& body) {
    Child child([&](int) { _exit(body() ? 0 : 1); });
    return child.wait() == 0;
}

}  // namespace bailiff::samples
