// A hook outlives the process that started it: fault F02, "never blindly repeated".
#include "src/process/hook.hpp"

#include "tests/process/workshop.hpp"

#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using test::order;
using test::settings;
using test::Workshop;
using Kind = Outcome::Kind;

class Turn : public testing::Test {
protected:
    [[nodiscard]] HookEffect effect(const std::string& hook, std::chrono::milliseconds deadline,
                                    const std::string& file = "turn") const {
        return HookEffect({settings(hook, deadline)}, 50ms,
                          file.empty() ? "" : workshop_.path(file));
    }
    /// Starts the hook from a process that is killed as soon as the hook has made `mark`.
    void start_and_die(HookEffect& effect, const std::string& mark) const {
        const pid_t child = fork();
        if (child == 0) {
            (void)effect.act(order());
            _exit(0);
        }
        while (workshop_.read(mark).empty()) std::this_thread::sleep_for(5ms);
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }

    Workshop workshop_;
};

// What the one started writes is what the next one reads: "ab", and "ba" if nobody waited.
constexpr auto slow_hook =
    "if [ $1 = state ]; then printf s >>HERE/order; echo '{\"state\":\"active\"}'; exit; fi\n"
    "echo x >HERE/begun; sleep 0.7; printf a >>HERE/order";

TEST_F(Turn, waits_for_a_hook_of_a_process_that_died) {
    auto hooks = effect(workshop_.hook(slow_hook), 20s);
    start_and_die(hooks, "begun");
    ASSERT_TRUE(hooks.state(order()));
    EXPECT_EQ(workshop_.read("order"), "as");
}

TEST_F(Turn, is_what_makes_it_wait) {
    auto hooks = effect(workshop_.hook(slow_hook), 20s, "");
    start_and_die(hooks, "begun");
    ASSERT_TRUE(hooks.state(order()));
    EXPECT_EQ(workshop_.read("order"), "s");
}

TEST_F(Turn, ends_a_hook_that_is_overdue) {
    auto hooks = effect(workshop_.hook("if [ $1 = state ]; then echo '{\"state\":\"active\"}'\n"
                                       "else echo $$ >HERE/begun; sleep 1000; fi"),
                        300ms);
    start_and_die(hooks, "begun");
    ASSERT_TRUE(hooks.state(order()));
    std::ifstream status("/proc/" + std::to_string(std::stoi(workshop_.read("begun"))) + "/stat");
    std::string id, name, state = "gone";
    status >> id >> name >> state;
    EXPECT_THAT(state, testing::AnyOf("gone", "Z", "X"));
}

TEST_F(Turn, is_over_for_what_left_the_group) {
    auto hooks =
        effect(workshop_.hook("exec 3<&0; setsid sleep 3 <&3 >/dev/null 2>&1 & exit 0"), 20s);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(hooks.act(order()).kind, Kind::done);
    EXPECT_EQ(hooks.act(order()).kind, Kind::done);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2500ms);
}

TEST_F(Turn, shows_each_hook_its_own_order) {
    auto hooks = effect(workshop_.hook("cat >HERE/input"), 20s);
    auto long_one = order();
    long_one.reason = std::string(3'000, 'x');
    EXPECT_EQ(hooks.act(long_one).kind, Kind::done);
    EXPECT_EQ(hooks.act(order()).kind, Kind::done);
    const auto input = workshop_.read("input");
    EXPECT_THAT(input, testing::StartsWith("{\"v\":1,"));
    EXPECT_THAT(input, testing::EndsWith("}\n"));
    EXPECT_LT(input.size(), 1'000U);
}

TEST_F(Turn, follows_no_trap_in_its_place) {
    const auto prey = workshop_.path("prey");
    std::ofstream(prey) << "dear";
    ASSERT_EQ(symlink(prey.c_str(), workshop_.path("symbolic").c_str()), 0);
    ASSERT_EQ(link(prey.c_str(), workshop_.path("second").c_str()), 0);
    ASSERT_EQ(mkfifo(workshop_.path("pipe").c_str(), 0666), 0);
    const auto hook = workshop_.hook("cat >HERE/input");
    for (const char* trap : {"symbolic", "second", "pipe"}) {
        EXPECT_EQ(effect(hook, 20s, trap).act(order()).kind, Kind::done) << trap;
        EXPECT_THAT(workshop_.read("input"), testing::StartsWith("{\"v\":1,")) << trap;
        EXPECT_EQ(workshop_.read("prey"), "dear") << trap;
    }
    ASSERT_EQ(mkdir(workshop_.path("folder").c_str(), 0777), 0);
    const auto refused = effect(hook, 20s, "folder").act(order());
    EXPECT_EQ(refused.kind, Kind::retry) << refused.detail;
}

}  // namespace
}  // namespace bailiff
