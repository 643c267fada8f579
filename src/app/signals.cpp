#include "src/app/signals.hpp"

#include <atomic>
#include <csignal>

namespace bailiff {
namespace {

std::atomic<bool> stop_asked{false};
std::atomic<bool> reload_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

void ask_to_stop(int) {
    stop_asked = true;
}
void ask_to_reload(int) {
    reload_asked = true;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigaction(number, &action, nullptr);
}

}  // namespace

void hear_signals() {
    handle(SIGTERM, ask_to_stop);
    handle(SIGINT, ask_to_stop);
    handle(SIGHUP, ask_to_reload);
    handle(SIGPIPE, SIG_IGN);
}

bool stop_is_asked() {
    return stop_asked;
}

bool take_reload() {
    return reload_asked.exchange(false);
}

}  // namespace bailiff
