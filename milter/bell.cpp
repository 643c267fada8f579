#include "milter/bell.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace bailiff {
namespace {

constexpr std::array signals{SIGHUP, SIGTERM, SIGINT};
constexpr char reload_mark = 'H', stop_mark = 'T', ended_mark = 'E';

std::atomic<int> write_end{-1};
static_assert(std::atomic<int>::is_always_lock_free, "read by a signal handler");

void write_mark(char mark) noexcept {
    const int saved = errno;
    // A full pipe already says everything: it is read whole.
    [[maybe_unused]] const auto written = ::write(write_end.load(), &mark, 1);
    errno = saved;
}

extern "C" void on_signal(int number) {
    write_mark(number == SIGHUP ? reload_mark : stop_mark);
}

sigset_t signal_set() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : signals) sigaddset(&set, number);
    return set;
}

void set_handlers(void (*handler)(int)) noexcept {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    // Without SA_NODEFER a second HUP during the handler would go to libmilter's thread.
    action.sa_flags = SA_RESTART | SA_NODEFER;
    for (const int number : signals) sigaction(number, &action, nullptr);
}

}  // namespace

Result<std::unique_ptr<Bell>> Bell::hang() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(Fault::unavailable, "no pipe for signals");
    std::unique_ptr<Bell> bell(new Bell);
    bell->read_end_ = ends[0];
    write_end = ends[1];
    return bell;
}

Bell::~Bell() {
    leave_signals();
    ::close(write_end.exchange(-1));
    ::close(read_end_);
}

void Bell::block_signals() noexcept {
    const auto set = signal_set();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void Bell::take_signals() noexcept {
    set_handlers(on_signal);
    const auto set = signal_set();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Bell::leave_signals() noexcept {
    block_signals();
    set_handlers(SIG_DFL);
}

void Bell::ring_stop() noexcept {
    write_mark(stop_mark);
}

void Bell::ring_ended() noexcept {
    write_mark(ended_mark);
}

Bell::Rung Bell::wait(std::chrono::milliseconds longest) noexcept {
    Rung rung;
    pollfd waited{read_end_, POLLIN, 0};
    if (::poll(&waited, 1, longest.count() < 0 ? -1 : static_cast<int>(longest.count())) <= 0)
        return rung;
    std::array<char, 64> marks{};
    for (auto count = ::read(read_end_, marks.data(), marks.size()); count > 0;
         count = ::read(read_end_, marks.data(), marks.size()))
        for (ssize_t i = 0; i < count; ++i) {
            const char mark = marks[static_cast<std::size_t>(i)];
            rung.reload |= mark == reload_mark;
            rung.stop |= mark == stop_mark;
            rung.ended |= mark == ended_mark;
        }
    return rung;
}

}  // namespace bailiff
