// Prints when each seal can be read out of the ledger, until its input ends.
//   bailiff_seal_watch LEDGER
// A line a seal: the case, and ns since 1970. It looks every other millisecond, so it is late by that.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "bench/laboratory.hpp"
#include "lmdb/ledger.hpp"

namespace bailiff::bench {
namespace {

constexpr int look_ms = 2;
constexpr std::size_t leaves_at_once = 256;

long long now_ns() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

/// One look; how many leaves were new.
Result<std::size_t> look(const Ledger& ledger, std::uint64_t from) {
    std::vector<Leaf> leaves;
    BAILIFF_CHECK(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(leaves, view.leaves(from, leaves_at_once));
        return {};
    }));
    const auto at = now_ns();
    for (const auto& leaf : leaves)
        if (leaf.kind == "seal") std::printf("%s %lld\n", leaf.subject.c_str(), at);
    std::fflush(stdout);
    return leaves.size();
}

int run(const char* path) {
    auto ledger = LmdbLedger::open({.path = path, .role = "status", .read_only = true});
    if (!ledger) give_up(ledger.error().what);
    std::uint64_t seen = 0;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (poll(&input, 1, look_ms) == 0) {
        const auto fresh = look(**ledger, seen);
        if (!fresh) give_up(fresh.error().what);
        seen += *fresh;
    }
    return 0;
}

}  // namespace
}  // namespace bailiff::bench

int main(int count, char** arguments) {
    if (count != 2) bailiff::bench::give_up("usage: bailiff_seal_watch LEDGER");
    return bailiff::bench::run(arguments[1]);
}
