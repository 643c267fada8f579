// bailiff_simulation: many simulated worlds, one a seed.
#include <bailiff/guard.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "src/pipeline/crash_point.hpp"
#include "tests/simulation/world.hpp"

namespace bailiff::simulation {
namespace {

constexpr const char* usage =
    "bailiff_simulation [--seeds N] [--first S] [--verbose] [--coverage]\n"
    "                   [--without GUARD | --plant forgets|sleeps|drifts] [--expect BREACH]\n"
    "  --verbose   the whole history of a seed that fails, and what happened how often\n"
    "  --coverage  fails if a fault, a crash point or a decision never happened\n"
    "  --without   takes a guard of include/bailiff/guard.hpp away\n"
    "  --plant     puts a mistake into the world\n"
    "  --expect    lost, twice, unproven, unresolved, disagrees: fails if the oracle finds none\n";

struct Options {
    std::uint64_t seeds = 500, first = 1;
    bool verbose = false, coverage = false;
    std::string without, plant, expect;
};

/// What must have happened at least once over the worlds of one run.
std::vector<std::string> wanted() {
    std::vector<std::string> names{"died at a call",
                                   "enforcer died",
                                   "connection lost",
                                   "hook outlives its enforcer",
                                   "ledger refuses",
                                   "ledger waits",
                                   "ledger commits unheard",
                                   "ledger loses unheard",
                                   "ledger commits late",
                                   "ledger away",
                                   "panel away",
                                   "directory away",
                                   "imports stop",
                                   "answer 5xx",
                                   "refusal",
                                   "time-out, nothing done",
                                   "time-out, but done",
                                   "time-out, done later",
                                   "time-out, done later unseen",
                                   "success that is none",
                                   "the panel breaks in the middle",
                                   "state unreadable",
                                   "state reported late",
                                   "mode observe",
                                   "clock set back",
                                   "clock set ahead",
                                   "protection comes",
                                   "id of a new customer",
                                   "forged entry",
                                   "duplicate",
                                   "mail is offered again",
                                   "mail that frames",
                                   "mail by uid",
                                   "mail by login",
                                   "reply hold",
                                   "reply reject",
                                   "reply proceed",
                                   "decision release",
                                   "decision reject",
                                   "decision reinstate",
                                   "decision reinstate meanwhile",
                                   "decision refused",
                                   "breaker closed",
                                   "decision purge",
                                   "act script.block",
                                   "undo script.block",
                                   "act service.purge",
                                   "purged",
                                   "forged purge",
                                   "forged order for the queue",
                                   "act queue.hold",
                                   "act queue.release",
                                   "act queue.delete",
                                   "mail held",
                                   "mail released",
                                   "mail deleted",
                                   "mail held while being delivered",
                                   "mail leaves while held",
                                   "honest mail",
                                   "note of sent mail lost",
                                   "queue away",
                                   "queue is looked at again",
                                   "queue refuses",
                                   "queue said to be held",
                                   "queue time-out in the middle",
                                   "queue time-out, but done",
                                   "queue time-out, nothing done",
                                   "queue unreadable",
                                   "id of a new customer before its purge",
                                   "brought back by hand before its purge",
                                   "stopped: claim_window_is_open",
                                   "stopped: service_is_not_terminated",
                                   "decision unheard",
                                   "act called",
                                   "undo called",
                                   "asked after the panel was back",
                                   "stopped: held_by_another_case",
                                   "stopped: breaker_open",
                                   "stopped: directory_is_stale",
                                   "stopped: service_is_protected",
                                   "stopped: service_is_another",
                                   "stopped: case_is_not_right",
                                   "ended verified",
                                   "ended done",
                                   "ended cancelled",
                                   "ended observed",
                                   "ended dead",
                                   "ended unknown",
                                   "ended waiting"};
    for (const auto point : crash_points) names.push_back("died at " + std::string(point));
    for (const auto* point : {"eom", "ask", "parse", "identify", "rules", "behaviour", "rspamd",
                              "decide", "recording", "recorded"})
        names.push_back(std::string("died at ") + point);
    return names;
}

Plant plant_of(const std::string& name) {
    if (name == "forgets") return Plant::forgets;
    if (name == "sleeps") return Plant::sleeps;
    return name == "drifts" ? Plant::drifts : Plant::none;
}

/// Over all worlds of one run.
struct Sum {
    Tally met;
    std::map<Breach, std::uint64_t> found;
    std::uint64_t worlds = 0, worlds_with_breaches = 0;

    void add(std::uint64_t seed, const Chronicle& chronicle, bool show) {
        ++worlds;
        for (const auto& [what, times] : chronicle.met) met[what] += times;
        if (chronicle.found.empty()) return;
        ++worlds_with_breaches;
        bool is_new = false;  // three of a kind tell enough
        for (const auto& [kind, what] : chronicle.found) is_new = ++found[kind] <= 3 || is_new;
        if (!is_new || !show) return;
        std::printf("seed %llu, step %llu; again with: --first %llu --seeds 1\n",
                    static_cast<unsigned long long>(seed),
                    static_cast<unsigned long long>(chronicle.step),
                    static_cast<unsigned long long>(seed));
        for (const auto& line : chronicle.lines) std::printf("  %s\n", line.c_str());
    }
    void print() const {
        std::string text = std::to_string(worlds * World::incidents) + " simulated incidents:";
        for (const auto kind : breaches) {
            const auto at = found.find(kind);
            text += (kind == Breach::lost ? " " : ", ") +
                    std::to_string(at == found.end() ? 0 : at->second) + " " +
                    std::string(to_text(kind));
        }
        std::printf("%s\n", text.c_str());
    }
    [[nodiscard]] bool has(std::string_view word) const {
        return std::ranges::any_of(found,
                                   [&](const auto& kind) { return word_for(kind.first) == word; });
    }
    [[nodiscard]] bool covers() const {
        bool all = true;
        for (const auto& name : wanted())
            if (!met.contains(name)) {
                std::printf("never happened: %s\n", name.c_str());
                all = false;
            }
        return all;
    }
};

bool read_number(std::string_view text, std::uint64_t& out) {
    const auto* end = text.data() + text.size();
    return std::from_chars(text.data(), end, out).ptr == end;
}

bool read_pair(std::string_view word, std::string_view value, Options& options) {
    if (word == "--seeds") return read_number(value, options.seeds);
    if (word == "--first") return read_number(value, options.first);
    auto* text = word == "--without"  ? &options.without
                 : word == "--plant"  ? &options.plant
                 : word == "--expect" ? &options.expect
                                      : nullptr;
    if (text != nullptr) *text = value;
    return text != nullptr;
}

bool read(int count, char** words, Options& options) {
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--verbose")
            options.verbose = true;
        else if (word == "--coverage")
            options.coverage = true;
        else if (++i == count || !read_pair(word, words[i], options))
            return false;
    }
    return options.plant.empty() || plant_of(options.plant) != Plant::none;
}

int run(const Options& options) {
    if (!options.without.empty()) setenv("BAILIFF_REMOVE_GUARD", options.without.c_str(), 1);
    Sum sum;
    for (auto seed = options.first; seed < options.first + options.seeds; ++seed) {
        World world(seed, plant_of(options.plant));
        if (options.verbose) world.keep_lines(10'000);
        const auto& chronicle = world.run();
        sum.add(seed, chronicle, options.expect.empty() || options.verbose);
        // A seed replays exactly, or nobody can look into what it has found.
        if (seed % 50 != 1 || options.verbose) continue;
        World again(seed, plant_of(options.plant));
        if (again.run().lines != chronicle.lines) {
            std::printf("seed %llu does not replay\n", static_cast<unsigned long long>(seed));
            return 1;
        }
    }
    if (options.verbose)
        for (const auto& [what, times] : sum.met)
            std::printf("%10llu  %s\n", static_cast<unsigned long long>(times), what.c_str());
    sum.print();
    if (!options.expect.empty()) return sum.has(options.expect) ? 0 : 1;
    if (options.coverage && !sum.covers()) return 1;
    return sum.worlds_with_breaches == 0 ? 0 : 1;
}

}  // namespace
}  // namespace bailiff::simulation

int main(int count, char** words) {
    bailiff::simulation::Options options;
    if (!bailiff::simulation::read(count, words, options)) {
        std::fputs(bailiff::simulation::usage, stderr);
        return 64;
    }
    return bailiff::simulation::run(options);
}
