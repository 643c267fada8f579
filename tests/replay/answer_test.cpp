#include "src/replay/answer.hpp"

#include <gtest/gtest.h>

namespace bailiff {
namespace {

FeatureRow row(const char* service, Decided decided, int second) {
    FeatureRow row;
    if (*service != '\0') row.service = {*ServiceId::parse(service), Instant{}};
    row.decided = std::move(decided);
    row.received = Instant{std::chrono::seconds(second)};
    return row;
}

Replay::Told told(Level level, const char* path, Reply::Kind reply, bool holds) {
    Replayed replayed;
    replayed.verdict.level = level;
    replayed.plan.path = path;
    replayed.plan.reply = reply;
    replayed.plan.hold_service = holds;
    return {std::move(replayed), {}};
}

const Decided passed{Level::pass, "", Reply::Kind::proceed, false};
const Decided held{Level::confirmed, "zero_tolerance", Reply::Kind::reject, true};
Replay::Told passes() {
    return told(Level::pass, "", Reply::Kind::proceed, false);
}
Replay::Told holds() {
    return told(Level::confirmed, "zero_tolerance", Reply::Kind::reject, true);
}

const ServiceAnswer& of(const Answer& answer, const char* service) {
    return answer.services.at({*ServiceId::parse(service), Instant{}});
}

TEST(Answer, names_who_would_be_stopped_and_who_would_not) {
    Answer answer;
    answer.add(row("caught", passed, 3), passes());
    answer.add(row("caught", passed, 5), holds());
    answer.add(row("caught", passed, 4), holds());
    answer.add(row("caught", passed, 6), holds());
    answer.add(row("freed", held, 6), passes());
    answer.add(row("both", held, 7), holds());
    answer.add(row("", passed, 2), told(Level::spam, "review", Reply::Kind::hold, false));
    EXPECT_TRUE(of(answer, "caught").newly_stopped());
    EXPECT_EQ(of(answer, "caught").after.first_hold, Instant{std::chrono::seconds(4)});
    EXPECT_EQ(of(answer, "caught").changed, 3U);
    EXPECT_TRUE(of(answer, "freed").freed());
    EXPECT_FALSE(of(answer, "freed").newly_stopped());
    EXPECT_FALSE(of(answer, "both").newly_stopped());
    EXPECT_FALSE(of(answer, "both").freed());
    EXPECT_EQ(of(answer, "both").changed, 0U);
    EXPECT_EQ(answer.services.at({}).after.stopped, 1U);
    EXPECT_EQ(answer.messages, 7U);
    EXPECT_EQ(answer.changed, 5U);
    EXPECT_EQ(answer.before.levels, (Levels{5, 0, 0, 2}));
    EXPECT_EQ(answer.after.levels, (Levels{2, 0, 1, 4}));
    EXPECT_EQ(answer.before.holds, 2U);
    EXPECT_EQ(answer.after.stopped, 5U);
    EXPECT_EQ(answer.first, Instant{std::chrono::seconds(2)});
    EXPECT_EQ(answer.last, Instant{std::chrono::seconds(7)});
}

TEST(Answer, counts_what_cannot_be_told_apart) {
    Answer answer;
    answer.add(row("shop", held, 1), {std::nullopt, Untold::rules_cut});
    EXPECT_EQ(answer.messages, 0U);
    EXPECT_TRUE(answer.services.empty());
    EXPECT_EQ(answer.untold[static_cast<std::size_t>(Untold::rules_cut)], 1U);
}

}  // namespace
}  // namespace bailiff
