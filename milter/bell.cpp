#include "milter/bell.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace bailiff {
namespace {

sigset_t signal_set() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGHUP, SIGTERM, SIGINT}) sigaddset(&set, number);
    return set;
}

}  // namespace

Result<std::unique_ptr<Bell>> Bell::hang() {
    const auto set = signal_set();
    Descriptor signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    Descriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!signals.is_open() || !stop.is_open())
        return fail(Fault::unavailable, "no descriptor for signals");
    return std::unique_ptr<Bell>(new Bell(std::move(signals), std::move(stop)));
}

void Bell::block_signals() noexcept {
    const auto set = signal_set();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void Bell::ring_stop() noexcept {
    constexpr std::uint64_t one = 1;
    (void)!::write(stop_.number(), &one, sizeof one);
}

Bell::Rung Bell::wait(std::chrono::milliseconds longest) noexcept {
    Rung rung;
    std::array waited{pollfd{signals_.number(), POLLIN, 0}, pollfd{stop_.number(), POLLIN, 0}};
    const int patience = longest.count() < 0 ? -1 : static_cast<int>(longest.count());
    if (::poll(waited.data(), waited.size(), patience) <= 0) return rung;
    std::uint64_t count = 0;
    rung.stop = ::read(stop_.number(), &count, sizeof count) > 0;
    signalfd_siginfo signal{};
    while (::read(signals_.number(), &signal, sizeof signal) > 0) {
        rung.reload |= signal.ssi_signo == SIGHUP;
        rung.stop |= signal.ssi_signo != SIGHUP;
    }
    return rung;
}

}  // namespace bailiff
