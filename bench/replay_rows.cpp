// Records features through the real table, as the milter does.
//   bailiff_replay_rows CONFIG COUNT FILE...
// Row n has the hits of the shipped or configured rules on one of the files, a service out of ten
// thousand, rates and symbols of rspamd by chance, and a time within the last thirteen days.
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "bench/laboratory.hpp"
#include "lmdb/feature_table.hpp"
#include "lmdb/sent_table.hpp"
#include "rules/rule_set.hpp"
#include "src/config/load.hpp"
#include "src/message/parse.hpp"
#include "src/replay/replay.hpp"
#include "src/rspamd/findings.hpp"

namespace bailiff::bench {
namespace {

constexpr std::size_t services = 10'000;
constexpr std::size_t rows_a_flush = 5'000;
constexpr auto span = std::chrono::days(13);

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) give_up("cannot read " + path);
    return text.str();
}

template <class T>
T or_give_up(Result<T> result) {
    if (!result) give_up(result.error().what);
    return *std::move(result);
}

/// First words of the lines of a weights file.
std::vector<std::string> symbols_in(const std::string& weights) {
    std::vector<std::string> symbols;
    std::istringstream lines(weights);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string word;
        if (words >> word && word[0] != '#' && word[0] != '*') symbols.push_back(word);
    }
    if (symbols.empty()) give_up("no symbols in the weights");
    return symbols;
}

class Generator {
public:
    Generator(const Settings& settings, const std::vector<std::string>& files)
        : rules_(or_give_up(RuleSet::load_dir(settings.rules.dir))),
          weights_(or_give_up(
              Weights::parse(content_of(settings.rspamd.weights), settings.rspamd.weights))),
          symbols_(symbols_in(content_of(settings.rspamd.weights))),
          book_(std::make_shared<const FeatureBook>(
              FeatureBook{rules_->digest(), rules_->atoms(), sha256("")})),
          replay_({.rules = *rules_,
                   .weigh = [this](const auto& heard) { return reweigh(heard, weights_); },
                   .policy = settings.policy,
                   .behaviour = settings.behaviour,
                   .paths = settings.paths}) {
        (void)replay_.learn(0, *book_);
        for (const auto& file : files) {
            const auto submission = submission_of(file, 0);
            AtomHits hits;
            (void)rules_->inspect_noting(submission, parse(submission.raw), hits);
            hits_.push_back(std::move(hits));
        }
    }

    FeatureRow row(Instant at) {
        FeatureRow row;
        row.received = at;
        row.door = random_() % 4 == 0 ? Door::local : Door::submission;
        row.rcpt_count = static_cast<std::uint32_t>(1 + random_() % 3);
        row.strength = Strength::proven;
        const auto number = random_() % services;
        row.service = {*ServiceId::parse("web-" + std::to_string(number)),
                       Instant{std::chrono::days(20'000)}};
        row.account = *AccountId::parse("acct-" + std::to_string(number / 3));
        row.answers = row.vouched = row.directory_fresh = true;
        row.atoms = hits_[random_() % hits_.size()];
        const auto an_hour = static_cast<std::uint32_t>(random_() % 1'100);
        row.rates = Rates{an_hour / 15, an_hour, 2 * an_hour};
        row.asked = Asked::heard;
        for (std::size_t n = 15 + random_() % 20; n > 0; --n)
            row.rspamd.push_back(symbols_[random_() % symbols_.size()]);
        const auto told = replay_.judge(0, row);
        row.decided = {told.replayed->verdict.level, told.replayed->plan.path,
                       told.replayed->plan.reply, told.replayed->plan.hold_service};
        row.book = book_;
        return row;
    }
    [[nodiscard]] std::size_t atoms() const { return book_->atoms.size(); }

private:
    const std::shared_ptr<const RuleSet> rules_;
    const Weights weights_;
    const std::vector<std::string> symbols_;
    const std::shared_ptr<const FeatureBook> book_;
    Replay replay_;
    std::vector<AtomHits> hits_;
    std::mt19937 random_{1};
};

int run(const std::string& config, std::size_t count, const std::vector<std::string>& files) {
    prepare_parser();
    const auto settings = or_give_up(load_settings(content_of(config), config));
    Generator generator(settings, files);
    const auto counters = settings.state_dir + "/counters";
    const auto sent = or_give_up(SentTable::open(counters));
    const auto features = or_give_up(FeatureTable::open(
        sent->environment(),
        {.kept_for = std::chrono::days(settings.counters.features_days),
         .bytes_max = static_cast<std::uint64_t>(settings.counters.features_mb) << 20}));
    const auto now = wall_now();
    const auto begin = now - span;
    std::chrono::duration<double> flushing{0};
    for (std::size_t n = 0; n < count; ++n) {
        const auto at = begin + std::chrono::milliseconds(span) * static_cast<std::int64_t>(n) /
                                    static_cast<std::int64_t>(count);
        features->note(generator.row(at));
        if (n % rows_a_flush != rows_a_flush - 1 && n + 1 != count) continue;
        const auto started = std::chrono::steady_clock::now();
        const auto flushed = features->flush(now);
        if (!flushed) give_up(flushed.error().what);
        flushing += std::chrono::steady_clock::now() - started;
    }
    const auto counts = features->counts();
    struct stat file {};
    (void)stat((counters + "/data.mdb").c_str(), &file);
    std::printf(
        "%llu rows kept, %llu lost; %zu atoms in the book; %.1f us a row to write; "
        "%.0f bytes a row in the table, %.0f in the file\n",
        static_cast<unsigned long long>(counts.kept), static_cast<unsigned long long>(counts.lost),
        generator.atoms(), 1e6 * flushing.count() / static_cast<double>(count),
        static_cast<double>(counts.bytes) / static_cast<double>(count),
        static_cast<double>(file.st_size) / static_cast<double>(count));
    return counts.lost == 0 ? 0 : 1;
}

}  // namespace
}  // namespace bailiff::bench

int main(int count, char** arguments) {
    if (count < 4) bailiff::bench::give_up("bailiff_replay_rows CONFIG COUNT FILE...");
    return bailiff::bench::run(arguments[1], std::strtoul(arguments[2], nullptr, 10),
                               {arguments + 3, arguments + count});
}
