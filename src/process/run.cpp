#include "src/process/run.hpp"

#include "src/process/spawn.hpp"

#include <algorithm>
#include <array>
#include <bailiff/crash_point.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bailiff::process {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

// What a child outside the process group, which we cannot reach, may go on writing after the exit.
constexpr auto drain_grace = 200ms;
// How often we look for the end where the kernel gives no descriptor for a process.
constexpr auto look_interval = 20ms;

// Reads without blocking; keeps what fits and throws the rest away, so that a flood cannot stop the
// child.
class Capture {
public:
    Capture(Descriptor from, std::size_t bytes_max)
        : from_(std::move(from)), bytes_max_(bytes_max) {}
    [[nodiscard]] int number() const { return from_.number(); }

    void read_some() {
        std::array<char, 16'384> bytes;
        // Bounded: a child that writes faster than we read must not keep us from the deadline.
        for (int round = 0; round < 16 && from_.is_open(); ++round) {
            const auto length = ::read(from_.number(), bytes.data(), bytes.size());
            if (length < 0 && errno == EINTR) continue;
            if (length < 0 && errno == EAGAIN) return;
            if (length <= 0) return from_.close();
            keep({bytes.data(), static_cast<std::size_t>(length)});
        }
    }
    [[nodiscard]] std::string text() && { return std::move(text_); }
    [[nodiscard]] bool cut() const { return cut_; }

private:
    void keep(std::string_view bytes) {
        const auto room = bytes_max_ - text_.size();
        cut_ = cut_ || bytes.size() > room;
        text_ += bytes.substr(0, room);
    }

    Descriptor from_;
    std::size_t bytes_max_;
    std::string text_;
    bool cut_ = false;
};

// A started child: whoever holds it waits for it, and ends it if that takes too long.
class Child {
public:
    Child(pid_t id, Descriptor input, Capture output, Capture errors)
        : id_(id),
          input_(std::move(input)),
          exit_(static_cast<int>(syscall(SYS_pidfd_open, id, 0))),
          output_(std::move(output)),
          errors_(std::move(errors)) {}

    // Reads until the child has exited or `until` has come. Returns whether it has exited.
    [[nodiscard]] bool wait_until(Steady::time_point until) {
        while (!exited()) {
            const auto now = Steady::now();
            if (now >= until) return false;
            look(std::chrono::ceil<std::chrono::milliseconds>(until - now));
        }
        return true;
    }

    // The leader has not been reaped, so that its number cannot mean another group.
    void signal_group(int number) const { ::kill(-id_, number); }

    // After the exit: takes what is still in the pipes, then the exit status.
    [[nodiscard]] std::optional<int> reap() {
        const auto until = Steady::now() + drain_grace;
        output_.read_some();
        errors_.read_some();
        while ((output_.number() >= 0 || errors_.number() >= 0) && Steady::now() < until)
            look(look_interval);
        int status = 0;
        while (waitpid(id_, &status, 0) < 0)
            if (errno != EINTR) return std::nullopt;
        return status;
    }

    void end_turn() const { process::end_turn(input_); }

    void hand_over(Ran& ran) {
        ran.cut = output_.cut() || errors_.cut();
        ran.output = std::move(output_).text();
        ran.errors = std::move(errors_).text();
    }

private:
    // Leaves the child as a zombie: see signal_group().
    [[nodiscard]] bool exited() const {
        siginfo_t info{};
        const int error = waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT);
        return error != 0 ? errno != EINTR : info.si_pid == id_;
    }

    void look(std::chrono::milliseconds wait) {
        std::array<pollfd, 3> watched{pollfd{output_.number(), POLLIN, 0},
                                      pollfd{errors_.number(), POLLIN, 0},
                                      pollfd{exit_.number(), POLLIN, 0}};
        if (!exit_.is_open()) wait = std::min<std::chrono::milliseconds>(wait, look_interval);
        constexpr std::chrono::milliseconds longest = 1h;
        ::poll(watched.data(), watched.size(), static_cast<int>(std::min(wait, longest).count()));
        output_.read_some();
        errors_.read_some();
    }

    pid_t id_;
    Descriptor input_;
    Descriptor exit_;
    Capture output_, errors_;
};

Result<Child> start(const Command& command) {
    BAILIFF_TRY(auto input,
                command.turn ? take_turn(*command.turn, command.input) : input_of(command.input));
    BAILIFF_TRY(auto output, output_pipe());
    BAILIFF_TRY(auto errors, output_pipe());
    const ChildFiles files{.input = input.number(),
                           .output = output.theirs.number(),
                           .errors = errors.theirs.number()};
    BAILIFF_TRY(const auto id,
                spawn({command.path, command.arguments, command.environment}, files));
    const auto most = command.output_bytes_max;
    return Child(id, std::move(input), Capture(std::move(output.ours), most),
                 Capture(std::move(errors.ours), most));
}

// TERM to the group, a grace, KILL, a grace: a process in the kernel's hands may outlast even that.
bool end(Child& child, std::chrono::milliseconds grace) {
    child.signal_group(SIGTERM);
    if (child.wait_until(Steady::now() + grace)) return true;
    child.signal_group(SIGKILL);
    return child.wait_until(Steady::now() + std::max<std::chrono::milliseconds>(grace, 1s));
}

void describe(Ran& ran, std::optional<int> status) {
    if (ran.end == Ran::End::late) return;
    ran.end = Ran::End::killed;  // nobody can tell: SIGCHLD ignored, or reaped by a stranger
    if (!status) return;
    if (WIFEXITED(*status)) {
        ran.end = Ran::End::exited;
        ran.code = WEXITSTATUS(*status);
    } else if (WIFSIGNALED(*status)) {
        ran.code = WTERMSIG(*status);
    }
}

}  // namespace

Ran run(const Command& command) {
    Ran ran;
    auto child = start(command);
    const auto deadline = Steady::now() + command.deadline;
    if (!child) {
        ran.why = std::move(child).error().what;
        return ran;
    }
    crash_point("hook_started");
    bool exited = child->wait_until(deadline);
    if (!exited) {
        ran.end = Ran::End::late;
        exited = end(*child, command.term_grace);
    }
    child->signal_group(SIGKILL);
    if (exited) describe(ran, child->reap());
    if (command.turn) child->end_turn();
    child->hand_over(ran);
    return ran;
}

}  // namespace bailiff::process
