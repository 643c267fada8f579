// Each way gets the newest checkpoint as often as it may, and a way that fails holds up no other.
#include "src/pipeline/checkpoint_post.hpp"

#include <gmock/gmock.h>

#include "tests/pipeline/judge_world.hpp"

namespace bailiff {
namespace {

using judging::SilentJournal;
using judging::StillClock;
using testing::ElementsAre;
using testing::IsEmpty;

struct World {
    StillClock clock;
    SilentJournal journal;
    std::vector<std::string> quick, slow;
    bool fails = false;
    int tried = 0;
    CheckpointPost post{
        {{.name = "file",
          .every = std::chrono::milliseconds(0),
          .send = [this](const std::string& note) -> Result<void> {
              ++tried;
              if (fails) return fail(Fault::unavailable, "the disk is away");
              quick.push_back(note);
              return {};
          }},
         {.name = "mail",
          .every = std::chrono::hours(1),
          .send = [this](const std::string& note) -> Result<void> {
              slow.push_back(note);
              return {};
          }}},
        clock,
        journal};
    void pass(std::chrono::milliseconds time) {
        clock.pass(time);
        post.run_due();
    }
};

TEST(CheckpointPost, sends_nothing_before_there_is_something) {
    World world;
    world.pass(std::chrono::hours(2));
    EXPECT_THAT(world.quick, IsEmpty());
}

TEST(CheckpointPost, sends_each_way_as_often_as_it_may) {
    World world;
    world.post.take("1");
    world.pass(std::chrono::seconds(1));
    world.pass(std::chrono::seconds(1));
    EXPECT_THAT(world.quick, ElementsAre("1"));
    world.post.take("2");
    world.pass(std::chrono::seconds(1));
    world.post.take("3");
    world.pass(std::chrono::hours(1));
    EXPECT_THAT(world.quick, ElementsAre("1", "2", "3"));
    EXPECT_THAT(world.slow, ElementsAre("1", "3")) << "of those within the hour the newest";
}

TEST(CheckpointPost, tries_later_and_later_with_one_alarm) {
    World world;
    world.fails = true;
    world.post.take("1");
    for (int second = 0; second < 60; ++second) world.pass(std::chrono::seconds(1));
    EXPECT_EQ(world.tried, 4);  // at 1, 6, 16 and 36 s
    EXPECT_THAT(world.journal.alarms, ElementsAre("checkpoint_not_sent"));
    EXPECT_THAT(world.slow, ElementsAre("1"));
    EXPECT_EQ(world.post.status().at(0).error, "the disk is away");
    EXPECT_EQ(world.post.status().at(0).sent, Instant());
    world.fails = false;
    world.post.take("2");
    world.pass(std::chrono::minutes(10));
    EXPECT_THAT(world.quick, ElementsAre("2"));
    EXPECT_EQ(world.post.status().at(0).error, "");
    EXPECT_EQ(world.post.status().at(0).sent, world.clock.now());
}

}  // namespace
}  // namespace bailiff
