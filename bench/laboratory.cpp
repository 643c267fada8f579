#include "bench/laboratory.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "lmdb/directory.hpp"
#include "rules/rule_set.hpp"
#include "src/config/load.hpp"
#include "src/journal/journal.hpp"
#include "src/seal/entropy.hpp"
#include "src/seal/ids.hpp"

namespace bailiff::bench {
namespace {

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

std::string with_crlf(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    return result;
}

}  // namespace

Instant wall_now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void give_up(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);  // NOLINT: no thread of ours runs yet
}

struct Laboratory::Inside {
    Settings settings;
    std::unique_ptr<Snapshots> snapshots;
    std::unique_ptr<LmdbDirectory> directory;
    SystemEntropy entropy;
    SpdJournal journal{"bench"};
};

Laboratory::Laboratory(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Laboratory::~Laboratory() = default;

std::unique_ptr<Laboratory> Laboratory::open(const std::string& config) {
    auto inside = std::make_unique<Inside>();
    inside->settings = or_give_up(load_settings(content_of(config), config));
    const auto rules = or_give_up(RuleSet::load_dir(inside->settings.rules.dir));
    inside->snapshots = std::make_unique<Snapshots>(std::make_shared<const Snapshot>(
        Snapshot{inside->settings, rules, rules->digest(), Traps{trap_address}}));
    inside->directory = or_give_up(LmdbDirectory::open(inside->settings.state_dir + "/directory"));
    return std::unique_ptr<Laboratory>(new Laboratory(std::move(inside)));
}

JudgeParts Laboratory::judge_parts(Ledger& ledger, Counters& counters, const Clock& clock) {
    return {.snapshots = *inside_->snapshots,
            .directory = *inside_->directory,
            .ledger = ledger,
            .counters = counters,
            .rspamd = nullptr,
            .clock = clock,
            .journal = inside_->journal,
            .makers = {[this] { return new_case_id(inside_->entropy); }, action_id},
            .wake_enforcer = {}};
}

const Settings& Laboratory::settings() const {
    return inside_->settings;
}

Submission submission_of(const std::string& file, std::size_t sender) {
    Submission submission;
    submission.raw = with_crlf(content_of(file));
    auto& envelope = submission.envelope;
    envelope.transaction = "bench";
    envelope.door = Door::submission;
    envelope.login = "user" + std::to_string(sender) + "@hosted.example";
    envelope.client_address = "198.51.100.7";
    envelope.mail_from = envelope.login;
    envelope.rcpt_to = {"r1@remote.example"};
    envelope.rcpt_count = 1;
    envelope.received = wall_now();
    return submission;
}

}  // namespace bailiff::bench
