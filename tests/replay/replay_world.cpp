#include "tests/replay/replay_world.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "lmdb/feature_table.hpp"
#include "lmdb/sent_table.hpp"
#include "src/rspamd/findings.hpp"
#include "tests/pipeline/judge_world.hpp"

namespace bailiff::replaying {
namespace {

using namespace judging;

constexpr const char* rules_text = R"(
body __PILLS /pills/i
body __WATCH /watches/i
body BODY_CASINO /casino/i
score BODY_CASINO 4
body MULTI /\bwin\b/i
tflags MULTI multiple maxhits=5
score MULTI 0.7
header SUBJ_OFFER Subject =~ /offer/i
score SUBJ_OFFER 2.5
header NO_TO To !~ /./
score NO_TO 0.4
header HAS_MAILER exists:X-Mailer
score HAS_MAILER -0.5
rawbody RAW_BOLD /<b>/
score RAW_BOLD 1
uri URI_BAD /bad\.example/
score URI_BAD 5.5
header BOUNCES EnvelopeFrom =~ /^$/
score BOUNCES 0.2
meta M_PILLS __PILLS && SUBJ_OFFER
score M_PILLS 3
meta M_SUM (__PILLS + __WATCH + MULTI) > 2
score M_SUM 2
meta __M_ANY M_PILLS || M_SUM
)";

constexpr const char* weights_text = "PHISHING 4\nBAYES_SPAM 4.5\nBAYES_HAM -2.5\nURL_ODD 1.5\n";

/// Answers by our real weights.
class ScriptedRspamd final : public RemoteInspector {
public:
    ScriptedRspamd(Weights weights, StillClock& clock)
        : weights_(std::move(weights)), clock_(clock) {}
    const Letter* now = nullptr;

    [[nodiscard]] std::unique_ptr<PendingFindings> ask(const Submission&, SteadyInstant) override {
        return std::make_unique<Pending>(*this);
    }

private:
    struct Pending final : PendingFindings {
        explicit Pending(ScriptedRspamd& of) : witness(of) {}
        ScriptedRspamd& witness;
        [[nodiscard]] Findings wait() override {
            const auto& said = *witness.now;
            if (said.slow) witness.clock_.steady_instant += std::chrono::seconds(9);
            if (said.silent) return {unavailable("away")};
            RspamdReply reply;
            reply.action = "no action";
            for (const auto& symbol : said.symbols) reply.symbols.push_back({symbol, 1.0, {}});
            return to_findings(reply, witness.weights_);
        }
        [[nodiscard]] std::optional<std::vector<std::string>> heard() const override {
            if (witness.now->silent) return std::nullopt;
            return witness.now->symbols;
        }
    };
    Weights weights_;
    StillClock& clock_;
};

std::vector<Service> services() {
    auto test = service("trial", "trial@trial.example", "33003");
    test.test = true;
    auto spared = service("own", "own@own.example", "33004");
    spared.is_protected = true;
    return {service("shop", "shop@shop.example", "33001"),
            service("blog", "blog@blog.example", "33002"), test, spared};
}

Digest digest_of(const Traps& traps) {
    std::string all;
    for (const auto& trap : traps) all += trap + "\n";
    return sha256(all);
}

template <std::size_t n>
const char* one_of(std::mt19937& random, const char* const (&texts)[n]) {
    return texts[random() % n];
}

std::string text_of(std::mt19937& random) {
    static constexpr const char* words[]{
        "pills",
        "watches",
        "casino",
        "win",
        "win win win",
        "hello",
        "http://bad.example/x",
        "offer",
        "<b>bold</b>",
        "invoice",
        "meeting",
        "http://good.example/",
        "PILLS",
        "thanks",
    };
    std::string raw = "From: sender@shop.example\r\n";
    if (random() % 4 != 0) raw += "To: somebody@dest.example\r\n";
    if (random() % 3 == 0) raw += "X-Mailer: thing\r\n";
    if (random() % 9 == 0) raw += "Auto-Submitted: auto-replied\r\n";
    raw += std::string("Subject: ") + (random() % 2 == 0 ? "an offer" : "news") + "\r\n";
    raw += "Content-Type: text/html\r\n\r\n";
    for (std::size_t n = random() % 6; n > 0; --n)
        raw += std::string(one_of(random, words)) + "\r\n";
    return raw;
}

Submission submission_of(std::mt19937& random, std::size_t number) {
    static constexpr const char* logins[]{"shop@shop.example", "shop@shop.example",
                                          "trial@trial.example", "own@own.example",
                                          "stranger@x.example"};
    static constexpr std::uint32_t uids[]{33001, 33002, 33002, 33004, 1};
    const bool local = random() % 3 == 0;
    auto made = local ? by_uid(uids[random() % 5]) : by_login(one_of(random, logins));
    made.raw = text_of(random);
    auto& envelope = made.envelope;
    envelope.queue_id = "4Q" + std::to_string(number);
    envelope.rcpt_count = static_cast<std::uint32_t>(1 + random() % 40);
    if (random() % 12 == 0) envelope.mail_from.clear();
    if (random() % 5 == 0) envelope.rcpt_to.emplace_back("trap@trap.example");
    if (random() % 15 == 0) made.limits.emplace_back("RECIPIENTS_CUT");
    return made;
}

}  // namespace

TempDir::TempDir() : path_(std::filesystem::temp_directory_path() / "bailiff-replay-XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
}
TempDir::~TempDir() {
    std::filesystem::remove_all(path_);
}

Setup old_setup() {
    Setup setup{rules_text, weights_text, judging::settings(Mode::observe), {"trap@trap.example"}};
    setup.settings.reputation.score = 5000;
    setup.settings.policy.strikes = 0;  // cases that stop nobody: a replay does not count them
    setup.settings.behaviour = {.messages_per_minute = 20,
                                .messages_per_hour = 60,
                                .recipients_per_hour = 1'500,
                                .score = 3500};
    return setup;
}

std::vector<Letter> generated(std::size_t count) {
    static constexpr const char* symbols[]{"PHISHING", "BAYES_SPAM", "BAYES_HAM",    "URL_ODD",
                                           "ARC_NA",   "MIME_GOOD",  "FORGED_SENDER"};
    std::mt19937 random(7);
    std::vector<Letter> cases;
    for (std::size_t n = 0; n < count; ++n) {
        Letter one;
        one.submission = submission_of(random, n);
        for (const auto* symbol : symbols)
            if (random() % 3 == 0) one.symbols.emplace_back(symbol);
        if (random() % 25 == 0) one.symbols.emplace_back("GTUBE");
        std::shuffle(one.symbols.begin(), one.symbols.end(), random);
        one.silent = random() % 10 == 0;
        one.slow = random() % 20 == 0;
        cases.push_back(std::move(one));
    }
    return cases;
}

std::vector<Judgement> run(const Setup& setup, const std::vector<Letter>& cases,
                           const std::string& path) {
    prepare_parser();
    StillClock clock;
    CountingEntropy entropy;
    SilentJournal journal;
    const MemoryDirectory directory(services(), clock.now());
    MemoryLedger ledger;
    MemoryCounters counters;
    const auto rules = compiled(setup.rules);
    ScriptedRspamd rspamd(Weights::parse(setup.weights, "w").value(), clock);
    const Snapshots snapshots(std::make_shared<const Snapshot>(
        Snapshot{setup.settings, rules, rules->digest(), setup.traps,
                 std::make_shared<const FeatureBook>(
                     FeatureBook{rules->digest(), rules->atoms(), digest_of(setup.traps)})}));
    std::unique_ptr<SentTable> sent;
    std::unique_ptr<FeatureTable> features;
    if (!path.empty()) {
        sent = SentTable::open(path).value();
        features = FeatureTable::open(sent->environment(), {}).value();
    }
    Judge judge({.snapshots = snapshots,
                 .directory = directory,
                 .ledger = ledger,
                 .counters = counters,
                 .rspamd = setup.asks_rspamd ? &rspamd : nullptr,
                 .clock = clock,
                 .journal = journal,
                 .makers = {[&] { return new_case_id(entropy); }, bailiff::action_id},
                 .wake_enforcer = {},
                 .features = features.get()});
    std::vector<Judgement> judged;
    for (std::size_t n = 0; n < cases.size(); ++n) {
        // The last tenth comes on a directory that is too old.
        clock.pass(n == cases.size() * 9 / 10 ? std::chrono::hours(25) : std::chrono::seconds(2));
        auto submission = cases[n].submission;
        submission.envelope.received = clock.now();
        rspamd.now = &cases[n];
        if (features)
            (void)judge.judge(submission);
        else
            judged.push_back(judge.consider(submission));
    }
    if (features) {
        EXPECT_TRUE(features->flush(clock.now()));
    }
    return judged;
}

std::vector<KeptRow> kept_rows(const std::string& path) {
    std::vector<KeptRow> rows;
    const auto reader = FeatureReader::open(path).value();
    const auto passed = reader->each(Instant{}, [&](std::uint32_t book, const FeatureRow& row) {
        rows.push_back({book, row});
    });
    EXPECT_TRUE(passed);
    EXPECT_EQ(passed->corrupt, 0U);
    return rows;
}

std::shared_ptr<const RuleSet> compiled(const std::string& rules) {
    auto set = RuleSet::compile({{"rules.cf", rules}});
    EXPECT_TRUE(set) << set.error().what;
    return set.value();
}

ReplayRules replay_rules(const Setup& setup, const RuleSet& rules) {
    std::optional<Digest> traps;
    if (!setup.traps.empty()) traps = digest_of(setup.traps);
    const auto weights =
        std::make_shared<const Weights>(Weights::parse(setup.weights, "w").value());
    return {.rules = rules,
            .weigh = [weights](const auto& symbols) { return reweigh(symbols, *weights); },
            .policy = setup.settings.policy,
            .behaviour = setup.settings.behaviour,
            .paths = setup.settings.paths,
            .trap_score = setup.settings.reputation.score,
            .traps = traps,
            .hears_rspamd = setup.asks_rspamd};
}

std::string said(const Verdict& verdict, const Plan& plan) {
    std::string text = std::string(to_text(verdict.level)) + " " + std::to_string(verdict.score);
    for (const auto points : verdict.by_family) text += " " + std::to_string(points);
    for (const auto& finding : verdict.findings)
        text += "\n " + to_text(finding.families) + " " + finding.symbol + " " +
                std::to_string(finding.score);
    for (const auto& reason : verdict.reasons) text += "\n " + reason.en + "\n " + reason.fr;
    text += std::string("\n") + (verdict.late ? "late " : "") + plan.path + " " +
            std::string(to_text(plan.reply)) + " " + std::string(to_text(plan.mode)) +
            (plan.hold_service ? " holds" : "") + " " + std::string(to_text(plan.actions_state));
    for (const auto action : plan.actions) text += " " + std::string(to_text(action));
    for (const auto& reason : plan.reasons) text += "\n " + reason.en + "\n " + reason.fr;
    return text;
}

}  // namespace bailiff::replaying
