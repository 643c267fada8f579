#include "src/pipeline/state_watch.hpp"

#include <gtest/gtest.h>

#include "tests/pipeline/judge_world.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using judging::StillClock;

struct Told final : Journal {
    std::vector<std::string> lines;
    void event(Severity severity, std::string_view name,
               std::initializer_list<Field> fields) noexcept override {
        lines.push_back((severity == Severity::alarm ? "alarm " : "end ") + std::string(name) +
                        " " + fields.begin()->value);
    }
};

struct Watching {
    StillClock clock;
    Told journal;
    StateWatch watch{"ledger_state", journal, clock};
    void see(const char* state, int seconds = 1) {
        for (int n = 0; n < seconds; ++n) {
            watch.see(state, "why");
            clock.pass(1s);
        }
    }
};

TEST(StateWatch, says_nothing_while_all_is_well) {
    Watching here;
    here.see("ok", 100);
    EXPECT_TRUE(here.journal.lines.empty());
}

TEST(StateWatch, alarms_once_and_tells_the_end) {
    Watching here;
    const auto began = here.clock.instant;
    here.see("full", 100);
    EXPECT_EQ(here.watch.state().since, began);
    EXPECT_EQ(here.journal.lines, std::vector<std::string>{"alarm ledger_state full"});
    here.see("ok", 20);
    EXPECT_EQ(here.journal.lines,
              (std::vector<std::string>{"alarm ledger_state full", "end ledger_state ok"}));
    here.see("full", 3);
    EXPECT_EQ(here.journal.lines.size(), 3U) << "the next one is a new alarm";
}

TEST(StateWatch, does_not_repeat_what_flickers) {
    Watching here;
    for (int n = 0; n < 100; ++n) {
        here.see("full", 2);
        here.see("ok", 2);
    }
    EXPECT_EQ(here.journal.lines.size(), 1U);
}

TEST(StateWatch, alarms_when_it_gets_another_fault) {
    Watching here;
    here.see("filling", 3);
    here.see("broken", 3);
    EXPECT_EQ(here.journal.lines.size(), 2U);
}

}  // namespace
}  // namespace bailiff
