// A replay says of each message what the live engine says of it with the changed settings.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <ostream>
#include <set>
#include <sstream>

#include "src/decide/decide.hpp"
#include "src/pipeline/feature_notes.hpp"
#include "tests/replay/replay_world.hpp"

namespace bailiff::replaying {
namespace {

constexpr std::size_t messages = 600;

/// Puts `to` where `from` stands, which it must.
void replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
}

Lines& of(Setup& setup, Family family) {
    return setup.settings.policy.lines.of(family);
}

/// The old run, kept once for all changes.
struct OldRun {
    TempDir dir;
    std::vector<Letter> letters = generated(messages);
    std::vector<KeptRow> rows;
    FeatureBook book;
    OldRun() {
        (void)run(old_setup(), letters, dir / "counters");
        rows = kept_rows(dir / "counters");
        book = *FeatureReader::open(dir / "counters").value()->books().value().at(0).book;
    }
};
const OldRun& old_run() {
    static const OldRun run;
    return run;
}

struct Change {
    const char* name;
    std::function<void(Setup&)> make;
    bool must_matter = true;  ///< some message must be judged otherwise, or the case shows nothing
    friend std::ostream& operator<<(std::ostream& out, const Change& row) {
        return out << row.name;
    }
};

class Replays : public testing::TestWithParam<Change> {};

TEST_P(Replays, as_a_real_second_run) {
    const auto& old = old_run();
    auto setup = old_setup();
    GetParam().make(setup);
    setup.settings.mode = Mode::enforce;  // what a replay assumes; the first run only observed
    const auto second = run(setup, old.letters);
    const auto rules = compiled(setup.rules);
    Replay replay(replay_rules(setup, *rules));
    ASSERT_TRUE(replay.learn(old.rows.at(0).book, old.book).empty());

    ASSERT_EQ(old.rows.size(), messages);
    ASSERT_EQ(second.size(), messages);
    std::size_t otherwise = 0;
    for (std::size_t n = 0; n < messages; ++n) {
        const auto& kept = old.rows[n];
        const auto told = replay.judge(kept.book, kept.row);
        if (!told.replayed) {  // nobody waits for rspamd, so it may come in time: not guessed
            ASSERT_TRUE(kept.row.late && !setup.asks_rspamd) << n;
            ASSERT_EQ(told.why_not, Untold::late);
            continue;
        }
        ASSERT_EQ(said(told.replayed->verdict, told.replayed->plan),
                  said(second[n].verdict, second[n].plan))
            << "message " << n;
        const Decided now{told.replayed->verdict.level, told.replayed->plan.path,
                          told.replayed->plan.reply, told.replayed->plan.hold_service};
        if (now != kept.row.decided) ++otherwise;
    }
    EXPECT_EQ(otherwise > 0, GetParam().must_matter) << otherwise;
}

using S = Setup;
INSTANTIATE_TEST_SUITE_P(
    Replay, Replays,
    testing::Values(
        Change{"nothing", [](S&) {}, false},
        Change{"score_up",
               [](S& s) { replace(s.rules, "score BODY_CASINO 4", "score BODY_CASINO 9"); }},
        Change{"score_down",
               [](S& s) { replace(s.rules, "score URI_BAD 5.5", "score URI_BAD -1"); }},
        Change{"score_of_a_counted_rule",
               [](S& s) { replace(s.rules, "score MULTI 0.7", "score MULTI 1.9"); }},
        Change{"score_relative", [](S& s) { s.rules += "score SUBJ_OFFER (4)\n"; }},
        Change{
            "description_and_test",
            [](S& s) { s.rules += "describe URI_BAD bad\ntest URI_BAD ok http://bad.example\n"; },
            false},
        Change{"meta_expression",
               [](S& s) { replace(s.rules, "__PILLS && SUBJ_OFFER", "__PILLS || BODY_CASINO"); }},
        Change{"meta_threshold", [](S& s) { replace(s.rules, "MULTI) > 2", "MULTI) >= 1"); }},
        Change{"new_meta",
               [](S& s) {
                   s.rules +=
                       "meta M_NEW __WATCH && !HAS_MAILER\nscore M_NEW 6\n"
                       "meta M_OVER_META __M_ANY && NO_TO\nscore M_OVER_META 5\n";
               }},
        Change{
            "rule_removed",
            [](S& s) { replace(s.rules, "uri URI_BAD /bad\\.example/\nscore URI_BAD 5.5", ""); }},
        Change{"rule_switched_off",
               [](S& s) { replace(s.rules, "score SUBJ_OFFER 2.5", "score SUBJ_OFFER 0"); }},
        Change{"sub_rule_switched_off", [](S& s) { s.rules += "score __PILLS 0\n"; }},
        Change{"meta_removed",
               [](S& s) {
                   replace(s.rules, "meta __M_ANY M_PILLS || M_SUM", "");
                   replace(s.rules, "meta M_PILLS __PILLS && SUBJ_OFFER\nscore M_PILLS 3", "");
               }},
        Change{"rule_renamed",
               [](S& s) {
                   replace(s.rules, "uri URI_BAD", "uri A_FIRST_BY_NAME");
                   replace(s.rules, "score URI_BAD", "score A_FIRST_BY_NAME");
               },
               false},
        Change{"sub_rule_gets_a_score",
               [](S& s) {
                   replace(s.rules, "body __WATCH /watches/i",
                           "body WATCH /watches/i\nscore WATCH 6");
                   replace(s.rules, "__WATCH", "WATCH");
               }},
        Change{"rule_doubled", [](S& s) { s.rules += "body AGAIN /casino/i\nscore AGAIN 5\n"; }},
        Change{"decide_lines",
               [](S& s) {
                   s.settings.policy.lines.suspect = 1000;
                   s.settings.policy.lines.spam = 4000;
               }},
        Change{"family_lines",
               [](S& s) {
                   of(s, Family::rules) = {7000, 1000};
                   of(s, Family::rspamd) = {4000, 2000};
                   of(s, Family::behaviour) = {3000, 3000};
               }},
        Change{"rspamd_weight", [](S& s) { replace(s.weights, "PHISHING 4", "PHISHING 8"); }},
        Change{"rspamd_weight_of_a_symbol_that_had_none",
               [](S& s) { s.weights += "ARC_NA 7.5\nFORGED_SENDER 1\n"; }},
        Change{"rspamd_weight_of_all_others", [](S& s) { s.weights += "* 3\n"; }},
        Change{"rspamd_weight_gone", [](S& s) { s.weights = ""; }},
        Change{"rspamd_off", [](S& s) { s.asks_rspamd = false; }},
        Change{"behaviour_lines",
               [](S& s) {
                   s.settings.behaviour.messages_per_minute = 3;
                   s.settings.behaviour.messages_per_hour = 100;
                   s.settings.behaviour.recipients_per_hour = 200;
               }},
        Change{"behaviour_score", [](S& s) { s.settings.behaviour.score = 9000; }},
        Change{"trap_score", [](S& s) { s.settings.reputation.score = 1000; }},
        Change{"traps_off", [](S& s) { s.traps.clear(); }},
        Change{"path_observes", [](S& s) { s.settings.paths[0].observe = true; }},
        Change{"path_actions",
               [](S& s) { s.settings.paths[1].actions = {ActionKind::notify_team}; }, false},
        Change{"everything",
               [](S& s) {
                   replace(s.rules, "score BODY_CASINO 4", "score BODY_CASINO 2");
                   s.rules += "meta M_NEW __WATCH + MULTI\nscore M_NEW 3\nscore RAW_BOLD 0\n";
                   s.weights += "* 0.5\n";
                   s.settings.policy.lines.spam = 9000;
                   of(s, Family::rules) = {4000, 2000};
                   s.settings.behaviour.messages_per_hour = 10;
                   s.settings.reputation.score = 2000;
                   s.settings.paths[1].observe = true;
               }}),
    [](const auto& row) { return row.param.name; });

TEST(OldRunOfReplays, has_every_kind_of_message) {
    std::set<std::string> seen;
    for (const auto& [book, row] : old_run().rows) {
        seen.insert(std::string("level ") + std::string(to_text(row.decided.level)));
        seen.insert("path " + row.decided.path);
        seen.insert(std::string("reply ") + std::string(to_text(row.decided.reply)));
        if (row.late) seen.insert("late");
        if (!row.directory_fresh) seen.insert("old directory");
        if (row.test) seen.insert("test");
        if (row.is_protected) seen.insert("protected");
        if (row.trap == TrapHit::hit) seen.insert("trap");
        if (row.trap == TrapHit::ignored) seen.insert("trap ignored");
        if (row.asked == Asked::silent) seen.insert("silent");
        if (!row.limits.empty()) seen.insert("limits");
        if (row.service.id.empty()) seen.insert("nobody");
        if (row.vouched && row.strength != Strength::proven) seen.insert("vouched, not proven");
    }
    for (const auto* kind : {"level pass",
                             "level suspect",
                             "level spam",
                             "level confirmed",
                             "path ",
                             "path review",
                             "path zero_tolerance",
                             "path compromised",
                             "reply proceed",
                             "reply reject",
                             "reply hold",
                             "late",
                             "old directory",
                             "test",
                             "protected",
                             "trap",
                             "trap ignored",
                             "silent",
                             "limits",
                             "nobody",
                             "vouched, not proven"})
        EXPECT_TRUE(seen.contains(kind)) << kind;
}

TEST(ReplayOfOtherWitnesses, lets_their_scores_stand) {
    const auto setup = old_setup();
    const auto rules = compiled(setup.rules);
    Judgement judgement;
    judgement.attribution.strength = Strength::proven;
    judgement.attribution.service.emplace();
    const FamilySet mixed = FamilySet(Family::rules) | Family::behaviour;
    judgement.verdict = decide(setup.settings.policy, judgement.attribution,
                               {{Family::complaint, "REPORTED", 6000, "by somebody"},
                                {mixed, "BURST_OF_FORMS", 1500, "words of the mail"}},
                               {});
    auto& row = judgement.features;
    row.asked = Asked::heard;
    const Snapshot snapshot{setup.settings, rules, "", {}};
    note_judged(judgement, snapshot, old_run().letters[0].submission, {}, true);
    ASSERT_EQ(row.others.size(), 2U);
    EXPECT_EQ(row.others[0].reason, "");
    Replay replay(replay_rules(setup, *rules));
    (void)replay.learn(1, old_run().book);
    const auto told = replay.judge(1, row);
    ASSERT_TRUE(told.replayed);
    EXPECT_EQ(told.replayed->verdict.score, 7500);
    EXPECT_EQ(told.replayed->verdict.by_family, judgement.verdict.by_family);
    EXPECT_EQ(told.replayed->verdict.level, Level::spam);
}

TEST(OldRunOfReplays, keeps_no_word_of_the_mail) {
    std::ostringstream bytes;
    bytes << std::ifstream(old_run().dir / "counters/data.mdb").rdbuf();
    const auto file = bytes.str();
    EXPECT_NE(file.find("BODY_CASINO"), std::string::npos);  // what is kept would be found
    EXPECT_NE(file.find("PHISHING"), std::string::npos);
    for (const auto* word : {"casino", "pills", "watches", "bad.example", "dest.example",
                             "trap@trap", "sender@", "shop@shop", "an offer", "198.51.100.7"})
        EXPECT_EQ(file.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace bailiff::replaying
