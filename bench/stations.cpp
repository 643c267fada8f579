// CPU time of each station on the way to a verdict, over message files, in one thread.
//   bailiff_stations CONFIG ROUNDS FILE...
// Prints a line a station: microseconds of CPU a message, mean over all files, in the best round.
#include <ctime>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "bench/laboratory.hpp"
#include "src/memory/counters.hpp"
#include "src/memory/ledger.hpp"
#include "src/message/parse.hpp"
#include "src/pipeline/judge.hpp"

namespace bailiff::bench {
namespace {

/// Its steady time is the CPU time of the thread that asks: other load does not disturb it.
class CpuClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return wall_now(); }
    [[nodiscard]] SteadyInstant steady() const override {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return SteadyInstant(std::chrono::seconds(time.tv_sec) +
                             std::chrono::nanoseconds(time.tv_nsec));
    }
};

using Microseconds = std::map<std::string, double>;

Microseconds one_round(Judge& judge, const std::vector<Submission>& submissions) {
    Microseconds sums;
    for (const auto& submission : submissions)
        for (const auto& [station, us] : judge.consider(submission).times)
            sums[std::string(station)] += static_cast<double>(us);
    for (auto& [station, sum] : sums) sum /= static_cast<double>(submissions.size());
    return sums;
}

int run(const std::string& config, int rounds, const std::vector<std::string>& files) {
    prepare_parser();
    const auto laboratory = Laboratory::open(config);
    const CpuClock clock;
    MemoryLedger ledger;
    MemoryCounters counters;
    Judge judge(laboratory->judge_parts(ledger, counters, clock));
    std::vector<Submission> submissions;
    for (std::size_t i = 0; i < files.size(); ++i)
        submissions.push_back(submission_of(files[i], i));

    Microseconds best;
    for (int round = 0; round < rounds; ++round)
        for (const auto& [station, us] : one_round(judge, submissions)) {
            const auto [place, is_new] = best.try_emplace(station, us);
            if (!is_new) place->second = std::min(place->second, us);
        }
    double sum = 0;
    for (const auto& [station, us] : best) sum += us;
    for (const auto& [station, us] : best) std::printf("%s %.1f\n", station.c_str(), us);
    std::printf("all %.1f\n", sum);
    return 0;
}

}  // namespace
}  // namespace bailiff::bench

int main(int count, char** arguments) {
    if (count < 4) {
        std::fprintf(stderr, "usage: bailiff_stations CONFIG ROUNDS FILE...\n");
        return 2;
    }
    const std::vector<std::string> files(arguments + 3, arguments + count);
    return bailiff::bench::run(arguments[1], std::atoi(arguments[2]), files);
}
