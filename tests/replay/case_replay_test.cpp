// The verdict of each case is reached once more from the files of its bag, and from them alone.
#include "src/replay/case_replay.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "src/evidence/case_files.hpp"
#include "tests/replay/replay_world.hpp"

namespace bailiff::replaying {
namespace {

constexpr std::size_t messages = 400;

BagFacts facts_of(const Judgement& judged, const Submission& submission) {
    BagFacts facts;
    auto& record = facts.record;
    record.envelope = submission.envelope;
    record.envelope.received = {};  // what counts is what the milter noted: engine.json
    record.verdict = judged.verdict;
    record.strength = judged.attribution.strength;
    if (judged.attribution.service) {
        record.service = judged.attribution.service->ref();
        record.account = judged.attribution.service->account;
    }
    return facts;
}

std::string text_of(const std::vector<ExhibitFile>& files, std::string_view path) {
    for (const auto& file : files)
        if (file.path == path) return file.bytes;
    ADD_FAILURE() << "no " << path;
    return {};
}

struct BagTexts {
    std::string engine, verdict, hits, access, transactions;
    [[nodiscard]] Result<RecordedVerdict> read() const {
        return recorded_verdict({engine, verdict, hits, access, transactions});
    }
};

BagTexts texts_of(const Judgement& judged, const Submission& submission) {
    const auto files = case_files(facts_of(judged, submission));
    return {text_of(judged.exhibits, engine_path), text_of(files, verdict_path),
            text_of(files, hits_path), text_of(files, access_path),
            text_of(files, transactions_path)};
}

struct World {
    const char* name;
    std::function<void(Setup&)> make;
    friend std::ostream& operator<<(std::ostream& out, const World& row) { return out << row.name; }
};

Setup setup_of(const World& world) {
    auto setup = old_setup();
    world.make(setup);
    return setup;
}

class CaseReplays : public testing::TestWithParam<World> {};

TEST_P(CaseReplays, to_the_recorded_verdict) {
    const auto setup = setup_of(GetParam());
    const auto letters = generated(messages);
    const auto judged = run(setup, letters);
    const auto rules = compiled(setup.rules);
    auto other_setup = setup;
    other_setup.rules += "score URI_BAD 5.4\nscore M_SUM 2.1\nscore SUBJ_OFFER 2.4\n"
                         "score MULTI 0.6\nscore NO_TO 0.3\nscore HAS_MAILER -0.4\n";
    const auto other_rules = compiled(other_setup.rules);
    std::size_t cases = 0;
    std::size_t seen_by_others = 0;
    for (std::size_t n = 0; n < judged.size(); ++n) {
        if (judged[n].exhibits.empty()) continue;
        ++cases;
        const auto recorded = texts_of(judged[n], letters[n].submission).read();
        ASSERT_TRUE(recorded) << recorded.error().what;
        EXPECT_EQ(recorded->engine.rule_set, rules->digest());
        const auto again = replay_case(*recorded, letters[n].submission.raw, *rules);
        EXPECT_EQ(again.differences, std::vector<std::string>{}) << n;
        EXPECT_EQ(again.verdict.level, judged[n].verdict.level);
        EXPECT_EQ(again.verdict.score, judged[n].verdict.score);
        if (!replay_case(*recorded, letters[n].submission.raw, *other_rules).differences.empty())
            ++seen_by_others;
    }
    EXPECT_GT(cases, messages / 10);
    EXPECT_GT(seen_by_others, cases / 2) << "a replay that always agrees shows nothing";
}

AllowRow spared(const char* service, std::vector<std::string> symbols) {
    return {.service = service,
            .account = {},
            .symbols = std::move(symbols),
            .until = Instant::max() - std::chrono::hours(1),
            .reason = "known"};
}

INSTANTIATE_TEST_SUITE_P(
    Bags, CaseReplays,
    testing::Values(
        World{"as_it_was", [](Setup&) {}},
        World{"observed",
              [](Setup& setup) { setup.settings.policy.observed = {"URI_BAD", "PHISHING"}; }},
        World{"a_service_spared",
              [](Setup& setup) { setup.settings.policy.allow = {spared("shop", {})}; }},
        World{"symbols_spared",
              [](Setup& setup) {
                  setup.settings.policy.allow = {spared("shop", {"URI_BAD", "BAYES_SPAM"})};
              }},
        World{"lines_of_a_door",
              [](Setup& setup) {
                  LineRow row{.plan = {}, .door = "local", .lines = {}, .path = {}};
                  row.lines.spam = 4000;
                  row.lines.of(Family::rules) = {3000, 1000};
                  setup.settings.policy.rows = {row};
              }},
        World{"no_rspamd", [](Setup& setup) { setup.asks_rspamd = false; }}),
    [](const auto& row) { return std::string(row.param.name); });

/// The first case of the world as it was.
struct OneCase {
    Setup setup = old_setup();
    std::vector<Letter> letters = generated(messages);
    std::vector<Judgement> judged = run(setup, letters);
    std::size_t number = 0;
    OneCase() {
        while (judged[number].exhibits.empty() ||
               of(judged[number].verdict, Family::rules) == 0 ||
               of(judged[number].verdict, Family::rspamd) == 0)
            ++number;
    }
    [[nodiscard]] BagTexts texts() const {
        return texts_of(judged[number], letters[number].submission);
    }
};

void replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " in " << text;
    text.replace(at, from.size(), to);
}

TEST(CaseReplay, tells_what_differs) {
    const OneCase one;
    const auto rules = compiled(one.setup.rules);
    const auto differs = [&](const BagTexts& texts) {
        const auto recorded = texts.read();
        EXPECT_TRUE(recorded) << recorded.error().what;
        return replay_case(*recorded, one.letters[one.number].submission.raw, *rules)
            .differences.size();
    };
    ASSERT_EQ(differs(one.texts()), 0U);
    auto texts = one.texts();
    replace(texts.verdict, "\"score_millipoints\": ", "\"score_millipoints\": 1");
    EXPECT_EQ(differs(texts), 1U);
    texts = one.texts();
    replace(texts.verdict, "\"verdict\": \"", "\"verdict\": \"pass\", \"was\": \"");
    EXPECT_EQ(differs(texts), 1U);
    texts = one.texts();
    replace(texts.hits, "{\"family\":\"rules\",\"family_bits\":1,\"rule_id\":\"",
            "{\"family\":\"rules\",\"family_bits\":1,\"rule_id\":\"NO_");
    EXPECT_EQ(differs(texts), 2U);  // one that is not found, one that is not recorded
    texts = one.texts();
    texts.hits.erase(0, texts.hits.find('\n') + 1);
    EXPECT_GT(differs(texts), 0U);
}

TEST(CaseReplay, names_the_file_that_lacks_something) {
    const OneCase one;
    const auto said = [](const BagTexts& texts) {
        const auto read = texts.read();
        return read ? std::string("read") : read.error().what;
    };
    auto texts = one.texts();
    texts.engine = "{}";
    EXPECT_NE(said(texts).find("engine.json"), std::string::npos) << said(texts);
    texts = one.texts();
    texts.hits += "no json\n";
    EXPECT_NE(said(texts).find("hits.jsonl"), std::string::npos) << said(texts);
    texts = one.texts();
    replace(texts.access, "\"strength\":\"", "\"strength\":\"very ");
    EXPECT_NE(said(texts).find("no such word: very"), std::string::npos) << said(texts);
    texts = one.texts();
    texts.transactions.clear();
    EXPECT_NE(said(texts).find("transactions.jsonl"), std::string::npos) << said(texts);
    texts = one.texts();
    texts.verdict = "[]";
    EXPECT_NE(said(texts).find("verdict.json"), std::string::npos) << said(texts);
}

}  // namespace
}  // namespace bailiff::replaying
