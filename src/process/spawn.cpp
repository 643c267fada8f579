#include "src/process/spawn.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace bailiff::process {

namespace {

Failure failed(std::string_view doing, int error) {
    return fail(Fault::unavailable, std::string(doing) + ": " + std::strerror(error));
}

class FileActions {
public:
    FileActions() { posix_spawn_file_actions_init(&actions_); }
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    [[nodiscard]] int prepare(const ChildFiles& files) {
        int error = posix_spawn_file_actions_adddup2(&actions_, files.input, STDIN_FILENO);
        if (error == 0)
            error = posix_spawn_file_actions_adddup2(&actions_, files.output, STDOUT_FILENO);
        if (error == 0)
            error = posix_spawn_file_actions_adddup2(&actions_, files.errors, STDERR_FILENO);
        if (error == 0)
            error = posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        if (error == 0) error = posix_spawn_file_actions_addchdir_np(&actions_, "/");
        return error;
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
public:
    Attributes() { posix_spawnattr_init(&attributes_); }
    ~Attributes() { posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    // we change the signal mask and SIGPIPE (style.md, fact 6).
    [[nodiscard]] int prepare() {
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        int error = posix_spawnattr_setsigmask(&attributes_, &none);
        if (error == 0) error = posix_spawnattr_setsigdefault(&attributes_, &all);
        if (error == 0) error = posix_spawnattr_setpgroup(&attributes_, 0);
        if (error == 0)
            error = posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK |
                                                               POSIX_SPAWN_SETSIGDEF |
                                                               POSIX_SPAWN_SETPGROUP);
        return error;
    }
    [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// An argument list or an environment as posix_spawn takes it.
class Words {
public:
    Words(std::vector<std::string> first, const std::vector<std::string>& more)
        : words_(std::move(first)) {
        words_.insert(words_.end(), more.begin(), more.end());
        for (auto& word : words_) pointers_.push_back(word.data());
        pointers_.push_back(nullptr);
    }
    [[nodiscard]] char* const* get() const { return pointers_.data(); }

private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

}  // namespace

Result<Descriptor> above_standard(Descriptor first) {
    if (first.number() > STDERR_FILENO) return first;
    const int moved = fcntl(first.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (moved < 0) return failed("moving a descriptor", errno);
    return Descriptor(moved);
}

Result<OutputPipe> output_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return failed("making a pipe", errno);
    Descriptor reading(ends[0]), writing(ends[1]);
    BAILIFF_TRY(auto ours, above_standard(std::move(reading)));
    BAILIFF_TRY(auto theirs, above_standard(std::move(writing)));
    if (fcntl(ours.number(), F_SETFL, O_NONBLOCK) != 0) return failed("setting up a pipe", errno);
    return OutputPipe{std::move(ours), std::move(theirs)};
}

Result<Descriptor> input_of(std::string_view bytes) {
    const int number = memfd_create("bailiff-hook-input", MFD_CLOEXEC);
    if (number < 0) return failed("making the hook's input", errno);
    BAILIFF_TRY(auto file, above_standard(Descriptor(number)));
    while (!bytes.empty()) {
        const auto written = write(file.number(), bytes.data(), bytes.size());
        if (written <= 0) return failed("filling the hook's input", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (lseek(file.number(), 0, SEEK_SET) != 0) return failed("rewinding the input", errno);
    return file;
}

Result<pid_t> spawn(const Program& program, const ChildFiles& files) {
    Words argv({program.path}, program.arguments);
    Words environment({"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"}, program.environment);
    FileActions actions;
    Attributes attributes;
    int error = actions.prepare(files);
    if (error == 0) error = attributes.prepare();
    if (error != 0) return failed("preparing the hook", error);
    pid_t child = 0;
    error = posix_spawn(&child, program.path.c_str(), actions.get(), attributes.get(), argv.get(),
                        environment.get());
    if (error != 0) return failed("starting " + program.path, error);
    return child;
}

}  // namespace bailiff::process
