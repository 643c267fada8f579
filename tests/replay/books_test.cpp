#include "src/replay/books.hpp"

#include <gtest/gtest.h>

#include "tests/replay/replay_world.hpp"

namespace bailiff::replaying {
namespace {

using std::chrono::hours;
constexpr Instant start{hours(500'000)};

DatedBook book(std::uint32_t number, const std::string& rules) {
    return {number, start + hours(number),
            std::make_shared<const FeatureBook>(
                FeatureBook{std::to_string(number), compiled(rules)->atoms(), {}})};
}

/// What today's rules, A and B, may ask of rows since then.
struct Asked {
    std::shared_ptr<const RuleSet> rules = compiled("body A /a/\nbody B /b/\n");
    Setup setup = [] {
        auto made = old_setup();
        made.traps.clear();
        return made;
    }();
    Replay replay{replay_rules(setup, *rules)};
    Refused refused;
    Asked(const std::vector<DatedBook>& books, Instant since)
        : refused(learn_books(replay, books, since)) {}
    bool knows(std::uint32_t number) {
        FeatureRow row;
        row.asked = bailiff::Asked::heard;
        return replay.judge(number, row).replayed.has_value();
    }
};

TEST(Books, of_the_past_refuse_what_came_later_and_say_from_when_on_all_is_known) {
    const std::vector books{book(0, "body A /other/\n"), book(1, "body A /a/\n"),
                            book(2, "body A /a/\nbody B /b/\n")};
    const Asked asked(books, start);
    EXPECT_EQ(asked.refused.atoms, (std::map<std::string, bool>{{"A", true}, {"B", false}}));
    ASSERT_TRUE(asked.refused.answerable_since);
    Asked later(books, *asked.refused.answerable_since);
    EXPECT_FALSE(later.refused.any());
    EXPECT_TRUE(later.knows(2));
    EXPECT_FALSE(later.knows(1));
    // Just behind the change rows of the book before it may still come.
    EXPECT_TRUE(Asked(books, start + hours(2) + std::chrono::seconds(1)).refused.any());
}

TEST(Books, say_no_time_where_the_newest_cannot_answer) {
    const std::vector books{book(0, "body A /a/\nbody B /b/\n"), book(1, "body A /a/\n")};
    const Asked asked(books, start);
    EXPECT_EQ(asked.refused.atoms, (std::map<std::string, bool>{{"B", false}}));
    EXPECT_EQ(asked.refused.answerable_since, std::nullopt);
}

TEST(Books, that_can_answer_are_all_learnt) {
    const std::vector books{book(0, "body A /a/\nbody B /b/\nbody C /c/\n"),
                            book(1, "body B /b/\nbody A /a/\n")};
    Asked asked(books, start);
    EXPECT_FALSE(asked.refused.any());
    EXPECT_TRUE(asked.knows(0));
    EXPECT_TRUE(asked.knows(1));
    EXPECT_FALSE(Asked({}, start).refused.any());
}

}  // namespace
}  // namespace bailiff::replaying
