// What a replay cannot know it refuses, by name.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/replay/replay_world.hpp"

namespace bailiff {
void PrintTo(const Unanswerable& atom, std::ostream* out) {
    *out << atom.symbol << (atom.changed ? " changed" : " new");
}
}  // namespace bailiff

namespace bailiff::replaying {
namespace {

constexpr const char* old_rules = R"(
body PLAIN /pills/
body COUNTED /win/
tflags COUNTED multiple maxhits=5
body BODY_ONLY /offer/
tflags BODY_ONLY nosubject
header SUBJECT Subject =~ /offer/
header UNSET X-Thing =~ /a/ [if-unset: b]
header THERE exists:X-Mailer
body OFF /off/
score OFF 0
meta BOTH PLAIN && SUBJECT
)";

std::shared_ptr<const FeatureBook> book_of(const std::string& rules) {
    return std::make_shared<const FeatureBook>(FeatureBook{"old", compiled(rules)->atoms(), {}});
}

Replay::Refusal refusal_of(const std::string& rules) {
    const auto set = compiled(rules);
    Setup setup = old_setup();
    setup.traps.clear();
    Replay replay(replay_rules(setup, *set));
    return replay.learn(1, *book_of(old_rules));
}

struct Row {
    const char* name;
    std::string from, to;  ///< in the old rules; no `from`: added
    std::vector<Unanswerable> refused;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

class Refuses : public testing::TestWithParam<Row> {};
TEST_P(Refuses, what_rows_cannot_answer) {
    std::string rules = old_rules;
    const auto& [name, from, to, refused] = GetParam();
    if (from.empty()) {
        rules += to + "\n";
    } else {
        ASSERT_NE(rules.find(from), std::string::npos);
        rules.replace(rules.find(from), from.size(), to);
    }
    EXPECT_EQ(refusal_of(rules).atoms, refused);
}

using Names = std::vector<Unanswerable>;
INSTANTIATE_TEST_SUITE_P(
    Replay, Refuses,
    testing::Values(
        Row{"nothing_changed", "", "", Names{}},
        Row{"pattern", "/pills/", "/pilules/", Names{{"PLAIN", true}}},
        Row{"modifier", "/pills/", "/pills/i", Names{{"PLAIN", true}}},
        Row{"new_rule", "", "body NEW /x/", Names{{"NEW", false}}},
        Row{"new_sub_rule", "", "body __NEW /x/", Names{{"__NEW", false}}},
        Row{"new_exists", "", "header NEW exists:X-New", Names{{"NEW", false}}},
        Row{"kind", "body PLAIN", "rawbody PLAIN", Names{{"PLAIN", true}}},
        Row{"header_name", "SUBJECT Subject", "SUBJECT From", Names{{"SUBJECT", true}}},
        Row{"header_form", "SUBJECT Subject", "SUBJECT Subject:raw", Names{{"SUBJECT", true}}},
        Row{"negated", "Subject =~", "Subject !~", Names{{"SUBJECT", true}}},
        Row{"if_unset", "[if-unset: b]", "[if-unset: a]", Names{{"UNSET", true}}},
        Row{"no_if_unset", " [if-unset: b]", "", Names{{"UNSET", true}}},
        Row{"exists_header", "exists:X-Mailer", "exists:X-Other", Names{{"THERE", true}}},
        Row{"maxhits", "maxhits=5", "maxhits=6", Names{{"COUNTED", true}}},
        Row{"not_multiple", "tflags COUNTED multiple maxhits=5", "", Names{{"COUNTED", true}}},
        Row{"multiple", "", "tflags PLAIN multiple", Names{{"PLAIN", true}}},
        Row{"subject_too", "tflags BODY_ONLY nosubject", "", Names{{"BODY_ONLY", true}}},
        Row{"meta_becomes_a_pattern", "meta BOTH PLAIN && SUBJECT", "body BOTH /both/",
            Names{{"BOTH", false}}},
        Row{"was_not_run", "score OFF 0", "score OFF 1", Names{{"OFF", false}}},
        Row{"two_at_once", "", "body NEW /x/\nbody NEWER /y/",
            Names{{"NEW", false}, {"NEWER", false}}},
        Row{"other_flags_change_nothing", "", "tflags PLAIN nice net", Names{}},
        Row{"pattern_written_otherwise", "/pills/", "m{pills}", Names{}},
        Row{"definition_moves_to_another_name", "body PLAIN /pills/",
            "body PLAIN /pills/\nbody P2 /pills/", Names{}}),
    [](const auto& row) { return row.param.name; });

TEST(Replay, refuses_another_list_of_traps_but_not_none) {
    const auto set = compiled(old_rules);
    auto setup = old_setup();
    FeatureBook book = *book_of(old_rules);
    book.traps = *replay_rules(setup, *set).traps;
    EXPECT_FALSE(Replay(replay_rules(setup, *set)).learn(1, book).traps);
    setup.traps.insert("other@trap.example");
    EXPECT_TRUE(Replay(replay_rules(setup, *set)).learn(1, book).traps);
    setup.traps.clear();
    EXPECT_FALSE(Replay(replay_rules(setup, *set)).learn(1, book).traps);
}

FeatureRow clean_row() {
    FeatureRow row;
    row.asked = Asked::heard;
    return row;
}

TEST(Replay, does_not_guess_where_the_rules_stopped) {
    const auto same = compiled(old_rules);
    const auto fewer = compiled("body PLAIN /pills/\n");
    auto row = clean_row();
    row.atoms.cut = true;
    Replay as_before(replay_rules(old_setup(), *same));
    Replay otherwise(replay_rules(old_setup(), *fewer));
    FeatureBook book = *book_of(old_rules);
    book.traps = *replay_rules(old_setup(), *same).traps;
    (void)as_before.learn(1, book);
    (void)otherwise.learn(1, book);
    ASSERT_TRUE(as_before.judge(1, row).replayed);
    EXPECT_EQ(as_before.judge(1, row).replayed->verdict.findings.front().symbol, "RULES_CUT");
    EXPECT_EQ(otherwise.judge(1, row).replayed, std::nullopt);
    EXPECT_EQ(otherwise.judge(1, row).why_not, Untold::rules_cut);
    row.atoms.cut = false;
    EXPECT_TRUE(otherwise.judge(1, row).replayed);
}

TEST(Replay, does_not_guess_what_rspamd_would_have_said) {
    const auto set = compiled(old_rules);
    auto setup = old_setup();
    setup.traps.clear();
    auto row = clean_row();
    row.asked = Asked::nobody;
    Replay asks(replay_rules(setup, *set));
    (void)asks.learn(1, *book_of(old_rules));
    EXPECT_EQ(asks.judge(1, row).why_not, Untold::not_asked);
    EXPECT_FALSE(asks.judge(1, row).replayed);
    setup.asks_rspamd = false;
    Replay does_not(replay_rules(setup, *set));
    (void)does_not.learn(1, *book_of(old_rules));
    EXPECT_TRUE(does_not.judge(1, row).replayed);
}

TEST(Replay, does_not_guess_what_the_numbers_of_an_unknown_book_mean) {
    const auto set = compiled(old_rules);
    auto setup = old_setup();
    setup.traps.clear();
    Replay replay(replay_rules(setup, *set));
    EXPECT_EQ(replay.judge(1, clean_row()).why_not, Untold::unknown_book);
    (void)replay.learn(1, *book_of(old_rules));
    EXPECT_TRUE(replay.judge(1, clean_row()).replayed);
    auto beyond = clean_row();
    beyond.atoms.hits = {{99, 1}};
    EXPECT_FALSE(replay.judge(1, beyond).replayed);
    FeatureBook other = *book_of("body PLAIN /another/\n");
    EXPECT_FALSE(replay.learn(2, other).empty());
    EXPECT_EQ(replay.judge(2, clean_row()).why_not, Untold::unknown_book);
}

}  // namespace
}  // namespace bailiff::replaying
