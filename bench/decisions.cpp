// How many decisions a second become durable: threads that judge confirmed spam of ever other
// services, as the milter does, with the real ledger. Each opens a case: message, actions, standing
// and log leaf in one transaction.
//   bailiff_decisions CONFIG LEDGER THREADS PER_SECOND COUNT FILE...
// PER_SECOND 0: as fast as it goes. Prints: decisions a second, the wait for a commit and for the
// whole judgement (p50, p99, longest; ms).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "bench/laboratory.hpp"
#include "lmdb/ledger.hpp"
#include "src/memory/counters.hpp"
#include "src/message/parse.hpp"
#include "src/pipeline/judge.hpp"

namespace bailiff::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Waits = std::vector<double>;  // ms

double ms_since(SteadyClock::time_point begin) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count();
}

class MachineClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return wall_now(); }
    [[nodiscard]] SteadyInstant steady() const override { return SteadyClock::now(); }
};

thread_local double commit_ms = 0;

/// Measures what its caller waits for.
class TimedLedger final : public Ledger {
public:
    explicit TimedLedger(Ledger& inner) : inner_(inner) {}
    Result<void> update(LedgerChange change, LedgerChange unheard) override {
        const auto begin = SteadyClock::now();
        auto done = inner_.update(std::move(change), std::move(unheard));
        commit_ms = ms_since(begin);
        if (!done) give_up("not recorded: " + done.error().what);
        return done;
    }
    Result<void> read(const std::function<Result<void>(const LedgerView&)>& look) const override {
        return inner_.read(look);
    }

private:
    Ledger& inner_;
};

struct Load {
    std::size_t threads;
    double per_second;
    std::size_t count;
};

struct Outcome {
    Waits commits, judgements;
    double seconds = 0;
};

/// Decision number n is due n / per_second after the start, whoever is late.
Outcome decide_all(Judge& judge, const std::vector<Submission>& mails, Load load) {
    Outcome all{Waits(load.count), Waits(load.count), 0};
    std::atomic<std::size_t> next{0};
    const auto begin = SteadyClock::now();
    const auto work = [&] {
        for (auto n = next++; n < load.count; n = next++) {
            auto submission = mails[n % mails.size()];
            submission.envelope.login = "user" + std::to_string(n) + "@hosted.example";
            submission.envelope.received = wall_now();
            auto due = SteadyClock::now();
            if (load.per_second > 0) {
                due = begin +
                      std::chrono::duration_cast<SteadyClock::duration>(
                          std::chrono::duration<double>(static_cast<double>(n) / load.per_second));
                std::this_thread::sleep_until(due);
            }
            const auto reply = judge.judge(submission);
            if (reply.kind != Reply::Kind::reject) give_up("not refused: is it no spam?");
            all.commits[n] = commit_ms;
            all.judgements[n] = ms_since(due);
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < load.threads; ++i) threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
    all.seconds = ms_since(begin) / 1000;
    return all;
}

void print(const char* name, Waits waits) {
    std::ranges::sort(waits);
    std::printf("%s_ms %.2f %.2f %.2f\n", name, waits[waits.size() / 2],
                waits[waits.size() * 99 / 100], waits.back());
}

int run(char** arguments, int count) {
    prepare_parser();
    const auto laboratory = Laboratory::open(arguments[1]);
    auto opened = LmdbLedger::open({.path = arguments[2], .role = "milter"});
    if (!opened) give_up(opened.error().what);
    TimedLedger ledger(**opened);
    const MachineClock clock;
    MemoryCounters counters;
    Judge judge(laboratory->judge_parts(ledger, counters, clock));
    std::vector<Submission> mails;
    for (int i = 6; i < count; ++i) {
        mails.push_back(submission_of(arguments[i], 0));
        mails.back().envelope.rcpt_to = {trap_address};
    }
    const Load load{static_cast<std::size_t>(std::atoi(arguments[3])), std::atof(arguments[4]),
                    static_cast<std::size_t>(std::atoi(arguments[5]))};
    const auto outcome = decide_all(judge, mails, load);
    std::printf("per_second %.0f\n", static_cast<double>(load.count) / outcome.seconds);
    print("commit", outcome.commits);
    print("judge", outcome.judgements);
    return 0;
}

}  // namespace
}  // namespace bailiff::bench

int main(int count, char** arguments) {
    if (count < 7) {
        std::fprintf(stderr,
                     "usage: bailiff_decisions CONFIG LEDGER THREADS PER_SECOND COUNT FILE...\n");
        return 2;
    }
    return bailiff::bench::run(arguments, count);
}
