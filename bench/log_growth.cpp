// What the log costs as it grows, with the real ledger, keeper, files and signer.
//   bailiff_log_growth fill CONFIG LEAVES
//     appends leaves in large transactions and publishes them, its files without a sync
//   bailiff_log_growth compare SMALL_CONFIG LARGE_CONFIG ROUNDS
//     by turns the same steps on two logs, and what each took: wall and CPU of this process in ms (the
//     signer is another), KB written. Columns: medians over the rounds, their ratio, the median of
//     the ratios within a round, the ratio of the means
// A signer of its own must be running for each configuration.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bench/laboratory.hpp"
#include "lmdb/ledger.hpp"
#include "src/app/durable_file.hpp"
#include "src/app/files.hpp"
#include "src/app/system_clock.hpp"
#include "src/config/load.hpp"
#include "src/journal/journal.hpp"
#include "src/pipeline/log_keeper.hpp"
#include "src/seal/entropy.hpp"
#include "src/seal/ids.hpp"
#include "src/signer/client.hpp"

namespace bailiff::bench {
namespace {

constexpr std::uint64_t leaves_a_commit = 10'000;  // less than the second that a change may take
constexpr std::size_t message_bytes = 30'000;

template <class T>
T or_give_up(Result<T> result) {
    if (!result) give_up(result.error().what);
    return *std::move(result);
}

void must(const Result<void>& result) {
    if (!result) give_up(result.error().what);
}

double clock_ms(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct Cost {
    double wall_ms = 0, cpu_ms = 0, written_kb = 0;
};

/// That this process has given to the kernel to write.
double written_kb() {
    std::ifstream lines("/proc/self/io");
    std::string name;
    double value = 0;
    while (lines >> name >> value)
        if (name == "wchar:") return value / 1024;
    give_up("cannot read /proc/self/io");
}

/// A sync ends with a tick of this disk: whoever begins where another has ended waits longest.
void wait_a_while() {
    static std::mt19937 random(1);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 10'000));
}

template <class Work>
Cost cost_of(Work work) {
    const auto written = written_kb();
    const auto wall = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    work();
    return {clock_ms(CLOCK_MONOTONIC) - wall, clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu,
            written_kb() - written};
}

/// The same files, as fast as they can be made; only to have a log to measure with.
class QuickFolder final : public LogFiles {
public:
    explicit QuickFolder(std::string folder) : folder_(std::move(folder)) {}
    [[nodiscard]] Result<std::string> read(const std::string& path) const override {
        return read_file(folder_ + "/" + path);
    }
    [[nodiscard]] Result<void> write(const std::string& path, const std::string& content) override {
        for (auto at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1))
            if (made_.insert(path.substr(0, at)).second)
                (void)mkdir((folder_ + "/" + path.substr(0, at)).c_str(), 0755);
        std::ofstream file(folder_ + "/" + path, std::ios::binary);
        file << content;
        if (!file.flush()) return fail(Fault::unavailable, "cannot write " + path);
        return {};
    }

private:
    std::string folder_;
    std::set<std::string> made_;
};

/// A node's log as the enforcer has it.
class Node {
public:
    explicit Node(const std::string& config)
        : settings_(or_give_up(load_settings(or_give_up(read_file(config)), config))),
          ledger_(or_give_up(
              LmdbLedger::open({.path = settings_.state_dir + "/ledger", .role = "enforcer"}))),
          signer_(settings_.signer.socket, std::chrono::minutes(1)),
          files_(settings_.state_dir + "/log"),
          keeper_(*ledger_, signer_, files_, clock_, journal_, {}) {}

    /// As the milter does it: a case with its message, and the leaf that proves it.
    void open_case() {
        struct Work {
            Case record;
            std::string raw;
            Leaf leaf;
        };
        const auto work = std::make_shared<Work>();
        work->record.id = new_case_id(entropy_);
        work->record.opened = clock_.now();
        work->record.path = "zero_tolerance";
        work->raw.assign(message_bytes, 'x');
        work->record.message_digest = sha256(work->raw);
        work->record.fingerprint = sha256(work->record.id.text());
        work->leaf = new_leaf("case-open", work->record.id.text(), "a case", clock_.now());
        must(ledger_->update([work](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(txn.put_case(work->record));
            BAILIFF_CHECK(txn.put_message(work->record.id, work->raw));
            BAILIFF_CHECK(txn.append_leaf(work->leaf));
            return {};
        }));
    }

    void append(std::uint64_t count) {
        const auto now = clock_.now();
        must(ledger_->update([count, now](LedgerTxn& txn) -> Result<void> {
            for (std::uint64_t n = 0; n < count; ++n)
                BAILIFF_CHECK(txn.append_leaf(new_leaf("action", "B0123456789ABCDEF", "act", now)));
            return {};
        }));
    }

    [[nodiscard]] std::uint64_t size() const {
        std::uint64_t size = 0;
        must(ledger_->read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(const auto stats, view.stats());
            size = stats.leaves;
            return {};
        }));
        return size;
    }

    void publish() { (void)or_give_up(keeper_.publish()); }
    void publish_quickly() {
        QuickFolder quick(settings_.state_dir + "/log");
        LogKeeper keeper(*ledger_, signer_, quick, clock_, journal_, {});
        (void)or_give_up(keeper.publish());
    }

private:
    const Settings settings_;
    SystemClock clock_;
    SystemEntropy entropy_;
    SpdJournal journal_{"bench"};
    std::unique_ptr<LmdbLedger> ledger_;
    SignerClient signer_;
    LogFolder files_;
    LogKeeper keeper_;
};

int fill(const std::string& config, std::uint64_t leaves) {
    Node node(config);
    const auto appended = cost_of([&] {
        for (auto size = node.size(); size < leaves; size = node.size())
            node.append(std::min(leaves - size, leaves_a_commit));
    });
    const auto published = cost_of([&] { node.publish_quickly(); });
    std::printf("%llu leaves: appended in %.1f s, published in %.1f s\n",
                static_cast<unsigned long long>(node.size()), appended.wall_ms / 1e3,
                published.wall_ms / 1e3);
    return 0;
}

struct Step {
    const char* name;
    int every;  ///< rounds
    void (*run)(Node&);
    std::vector<Cost> small{}, large{};
};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void print(const Step& step) {
    const auto row = [&](const char* what, double Cost::*cost) {
        std::vector<double> small, large, ratios;
        for (std::size_t n = 0; n < step.small.size(); ++n) {
            small.push_back(step.small[n].*cost);
            large.push_back(step.large[n].*cost);
            ratios.push_back(large.back() / small.back());
        }
        std::printf("%s\t%s\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\n", step.name, what, median(small),
                    median(large), median(large) / median(small), median(ratios),
                    mean(large) / mean(small));
    };
    row("wall", &Cost::wall_ms);
    row("cpu", &Cost::cpu_ms);
    row("written", &Cost::written_kb);
}

int compare(const std::string& small_config, const std::string& large_config, int rounds) {
    Node small(small_config), large(large_config);
    const auto step_of = [](const Step& step, Node& node) {
        wait_a_while();
        return cost_of([&] { step.run(node); });
    };
    std::vector<Step> steps{{"leaf", 1, [](Node& node) { node.append(1); }},
                            {"case", 1, [](Node& node) { node.open_case(); }},
                            {"publish", 1, [](Node& node) { node.publish(); }},
                            {"leaves", 8, [](Node& node) { node.append(64); }}};
    std::printf("sizes\t%llu\t%llu\n", static_cast<unsigned long long>(small.size()),
                static_cast<unsigned long long>(large.size()));
    for (int n = 0; n < rounds; ++n)
        for (auto& step : steps) {
            if (n % step.every != 0) continue;
            const bool small_first = n / step.every % 2 == 0;
            if (small_first) step.small.push_back(step_of(step, small));
            step.large.push_back(step_of(step, large));
            if (!small_first) step.small.push_back(step_of(step, small));
        }
    for (const auto& step : steps) print(step);
    std::printf("sizes\t%llu\t%llu\n", static_cast<unsigned long long>(small.size()),
                static_cast<unsigned long long>(large.size()));
    return 0;
}

}  // namespace
}  // namespace bailiff::bench

int main(int count, char** arguments) {
    using namespace bailiff::bench;
    const std::string verb = count > 1 ? arguments[1] : "";
    if (verb == "fill" && count == 4)
        return fill(arguments[2], std::strtoull(arguments[3], nullptr, 10));
    if (verb == "compare" && count == 5)
        return compare(arguments[2], arguments[3], std::atoi(arguments[4]));
    std::fprintf(stderr,
                 "usage: bailiff_log_growth fill CONFIG LEAVES\n"
                 "       bailiff_log_growth compare SMALL_CONFIG LARGE_CONFIG ROUNDS\n");
    return 2;
}
