#include "src/app/keeper.hpp"

#include "src/app/own_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "src/app/files.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::array signals{SIGHUP, SIGTERM, SIGINT, SIGUSR2, SIGCHLD};
constexpr auto pause_first = 100ms;
constexpr auto pause_max = 10'000ms;
constexpr auto lived_long = 10s;
constexpr auto kill_grace = 10s;  // beyond `drain`

sigset_t signal_set() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : signals) sigaddset(&set, number);
    return set;
}

SteadyInstant now() {
    return std::chrono::steady_clock::now();
}

std::string how(int status) {
    if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
    return "status " + std::to_string(WEXITSTATUS(status));
}

/// Descriptors that a child gets: ours → its number. A high copy of ours is closed on exec.
struct Given {
    int ours;
    int theirs;
};

/// Starts `arguments` in a process group of its own: a terminal's Ctrl-C then reaches it once,
/// through us. `blocked` signals wait until it has a handler for them. 0 if that fails.
pid_t spawn(const std::string& program, std::vector<std::string> arguments,
            const std::vector<Given>& files, const sigset_t& blocked) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (const auto& file : files)
        posix_spawn_file_actions_adddup2(&actions, file.ours, file.theirs);
    posix_spawnattr_setsigmask(&attributes, &blocked);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t child = 0;
    if (posix_spawn(&child, program.c_str(), &actions, &attributes, argv.data(), environ) != 0)
        child = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return child;
}

/// A copy far above the numbers that children get.
int high_copy(int fd) noexcept {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 16);
    ::close(fd);
    return copy;
}

/// The crash point of a test kills the first worker; the next one is to live.
void forget_crash_point() {
#ifdef BAILIFF_REMOVABLE_GUARDS
    unsetenv("BAILIFF_CRASH_AT");
#endif
}

}  // namespace

bool die_with(pid_t parent) noexcept {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return getppid() == parent;
}

void Keeper::block_signals() noexcept {
    const auto set = signal_set();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Keeper::Keeper(Options options, Journal& journal)
    : options_(std::move(options)), journal_(journal), program_(own_program()) {}

int Keeper::run() {
    start_worker();
    while (!result_) wait_and_act();
    return *result_;
}

void Keeper::wait_and_act() {
    const auto set = signal_set();
    const auto longest = patience();
    const timespec span{longest ? longest->count() / 1000 : 0,
                        longest ? longest->count() % 1000 * 1'000'000 : 0};
    const int number = sigtimedwait(&set, nullptr, longest ? &span : nullptr);
    if (number > 0)
        on_signal(number);
    else
        act_on_time();
}

std::optional<milliseconds> Keeper::patience() const {
    auto next = start_at_;
    if (kill_at_ && (!next || *kill_at_ < *next)) next = kill_at_;
    if (!next) return std::nullopt;
    return std::max(0ms, std::chrono::ceil<milliseconds>(*next - now()));
}

void Keeper::act_on_time() {
    if (start_at_ && now() >= *start_at_) start_worker();
    if (!kill_at_ || now() < *kill_at_) return;
    kill_at_.reset();
    journal_.event(Severity::alarm, "worker_killed", {{"why", "it did not end in time"}});
    if (worker_ > 0) kill(worker_, SIGKILL);
}

void Keeper::on_signal(int number) {
    if (number == SIGCHLD) return reap();
    if (number == SIGUSR2) return upgrade();
    if (number == SIGTERM || number == SIGINT) return stop(number);
    if (worker_ > 0) kill(worker_, number);
}

void Keeper::stop(int number) {
    stopping_ = true;
    start_at_.reset();
    if (worker_ == 0) {
        result_ = 0;
        return;
    }
    // One that is being replaced drains already; told once more it would leave at once.
    if (!replacing_) kill(worker_, number);
    kill_at_ = now() + options_.drain + kill_grace;
}

void Keeper::upgrade() {
    if (stopping_ || replacing_ || check_ > 0) return;
    sigset_t none;
    sigemptyset(&none);
    check_ = spawn(program_, {"config", "check", options_.config}, {}, none);
    if (check_ == 0)
        journal_.event(Severity::alarm, "upgrade_refused", {{"why", "cannot run " + program_}});
}

void Keeper::check_ended(int status) {
    check_ = 0;
    if (stopping_) return;
    if (status != 0) {
        journal_.event(Severity::alarm, "upgrade_refused",
                       {{"why", "config check ended with " + how(status)}});
        return;
    }
    journal_.event(Severity::info, "upgrade", {{"program", program_}});
    if (worker_ == 0) return;  // the next one is the new one
    replacing_ = true;
    kill(worker_, SIGTERM);
    kill_at_ = now() + options_.drain + kill_grace;
}

void Keeper::reap() {
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (ended == worker_) worker_ended(status);
        if (ended == check_) check_ended(status);
    }
}

void Keeper::worker_ended(int status) {
    const bool served = worker_served();
    ever_served_ |= served;
    forget_crash_point();
    worker_ = 0;
    kill_at_.reset();
    if (stopping_ || (!ever_served_ && WIFEXITED(status))) {
        result_ = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
        return;
    }
    if (replacing_ || (served && now() - started_ >= lived_long)) pauses_ = 0;
    const auto pause = pauses_ == 0 ? 0ms : std::min(pause_max, pause_first * (1 << (pauses_ - 1)));
    pauses_ = std::min(pauses_ + 1, 10);
    journal_.event(replacing_ ? Severity::info : Severity::alarm, "worker_ended",
                   {{"how", how(status)},
                    {"served", served ? "yes" : "no"},
                    {"next_in_ms", std::to_string(pause.count())}});
    if (replacing_) pauses_ = 0;
    replacing_ = false;
    start_at_ = now() + pause;
}

void Keeper::start_worker() {
    start_at_.reset();
    started_ = now();
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
        ready_.emplace(high_copy(ends[0]));
        ends[1] = high_copy(ends[1]);
        worker_ =
            spawn(program_,
                  {"milter", "--config", options_.config, "--worker-of", std::to_string(getpid())},
                  {{options_.socket, worker_socket}, {ends[1], worker_ready}}, signal_set());
        ::close(ends[1]);
    }
    if (worker_ == 0) {
        journal_.event(Severity::alarm, "no_worker", {{"why", "cannot run " + program_}});
        start_at_ = now() + pause_max;
    }
}

bool Keeper::worker_served() {
    char mark = 0;
    return ready_ && ::read(ready_->number(), &mark, 1) == 1;
}

}  // namespace bailiff
