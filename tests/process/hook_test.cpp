// What each ending of a hook means: faults F03, F04 and F05.
#include "src/process/hook.hpp"

#include "tests/process/workshop.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using test::order;
using test::settings;
using test::Workshop;
using testing::HasSubstr;
using Kind = Outcome::Kind;

std::chrono::milliseconds elapsed(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
}

struct EndingCase {
    const char* name;
    const char* script;
    Kind want;
    const char* detail;
    std::chrono::milliseconds deadline = 20s;
    std::chrono::milliseconds at_most = 15s;
    friend std::ostream& operator<<(std::ostream& out, const EndingCase& row) {
        return out << row.name;
    }
};

class Ending : public testing::TestWithParam<EndingCase> {};

TEST_P(Ending, has_a_meaning) {
    Workshop workshop;
    HookEffect effect({settings(workshop.hook(GetParam().script), GetParam().deadline)}, 100ms);
    Outcome outcome;
    const auto took = elapsed([&] { outcome = effect.act(order()); });
    EXPECT_EQ(outcome.kind, GetParam().want) << outcome.detail;
    EXPECT_THAT(outcome.detail, HasSubstr(GetParam().detail));
    EXPECT_LE(outcome.detail.size(), limits::reason_bytes_max);
    EXPECT_LT(took, GetParam().at_most);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a child of ours is left";
}

INSTANTIATE_TEST_SUITE_P(
    F03_to_F05, Ending,
    testing::Values(
        // By exit status.
        EndingCase{"done", "cat >/dev/null; exit 0", Kind::done, "exit 0"},
        EndingCase{"retry", "echo 'panel is down' >&2; exit 75", Kind::retry, "exit 75: panel is"},
        EndingCase{"never", "echo 'no such service'; exit 65", Kind::never, "no such service"},
        EndingCase{"one", "exit 1", Kind::unknown, "exit 1"},
        EndingCase{"usage", "exit 64", Kind::unknown, "exit 64"},
        EndingCase{"not_found_in_shell", "no-such-command-here", Kind::unknown, "exit 127"},
        EndingCase{"all_bits", "exit 255", Kind::unknown, "exit 255"},
        // By signal.
        EndingCase{"killed", "kill -KILL $$", Kind::unknown, "signal 9"},
        EndingCase{"terminated", "kill -TERM $$", Kind::unknown, "signal 15"},
        // Its input.
        EndingCase{"never_reads", "exit 0", Kind::done, "exit 0"},
        EndingCase{"closes_early", "exec 0<&-; exit 0", Kind::done, "exit 0"},
        EndingCase{"reads_by_name", "grep -q svc-1 /dev/stdin || exit 1", Kind::done, "exit 0"},
        // Its output.
        EndingCase{"floods_stdout", "head -c 20000000 /dev/zero", Kind::done, "output cut"},
        EndingCase{"floods_stderr", "head -c 20000000 /dev/zero >&2", Kind::done, "output cut"},
        EndingCase{"closes_output", "exec >&- 2>&-; exit 65", Kind::never, "exit 65"},
        EndingCase{"speaks_in_lines", "printf 'a\\n\\033[31mb\\r\\n'; exit 65", Kind::never,
                   "exit 65: a [31mb"},
        EndingCase{"no_utf8", "printf '\\377\\376x'; exit 65", Kind::never, "exit 65: ??x"},
        // Its time.
        EndingCase{"sleeps", "sleep 1000", Kind::unknown, "deadline", 200ms, 5s},
        EndingCase{"sleeps_in_a_child", "sleep 1000 & wait", Kind::unknown, "deadline", 200ms, 5s},
        EndingCase{"ignores_term", "trap '' TERM; sleep 1000 & wait; sleep 1000", Kind::unknown,
                   "deadline", 200ms, 5s},
        EndingCase{"exits_done_on_term", "trap 'exit 0' TERM; sleep 1000 & wait", Kind::unknown,
                   "deadline", 200ms, 5s},
        EndingCase{"floods_for_ever", "exec cat /dev/zero", Kind::unknown, "deadline", 300ms, 5s},
        EndingCase{"stopped", "kill -STOP $$", Kind::unknown, "deadline", 200ms, 5s},
        // What it leaves behind.
        EndingCase{"child_holds_pipe", "sleep 1000 & exit 0", Kind::done, "exit 0", 20s, 5s},
        EndingCase{"double_fork_holds_pipe", "(setsid sleep 30 &) ; exit 0", Kind::done, "exit 0",
                   20s, 5s},
        EndingCase{"daemon_floods", "(setsid timeout 5 cat /dev/zero &) ; exit 65", Kind::never,
                   "exit 65", 20s, 5s}),
    [](const auto& row) { return std::string(row.param.name); });

struct PlaceCase {
    const char* name;
    const char* look;  ///< its output is what the hook finds
    const char* want;
    friend std::ostream& operator<<(std::ostream& out, const PlaceCase& row) {
        return out << row.name;
    }
};

class Place : public testing::TestWithParam<PlaceCase> {};

// `exec` where the shell itself opens pipes and blocks signals for a moment.
TEST_P(Place, of_a_hook_is_clean) {
    Workshop workshop;
    HookEffect effect(
        {settings(workshop.hook("exec >HERE/found\n" + std::string(GetParam().look)))});
    setenv("BAILIFF_TEST_SECRET", "must not leak", 1);
    const int open_file = dup(STDOUT_FILENO);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
    sigset_t usr1, before;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, &before);

    EXPECT_EQ(effect.undo(order()).kind, Kind::done);

    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    close(open_file);
    unsetenv("BAILIFF_TEST_SECRET");
    EXPECT_EQ(workshop.read("found"), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Hook, Place,
    testing::Values(
        PlaceCase{"arguments", "echo \"$# $1\"", "1 undo\n"},
        PlaceCase{"directory", "pwd; readlink /proc/self/cwd", "/\n/\n"},
        PlaceCase{"environment", "tr '\\0' '\\n' </proc/$$/environ | sort",
                  "BAILIFF_HOOK_VERSION=1\nLANG=C.UTF-8\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n"},
        // 3 is the directory that ls reads.
        PlaceCase{"descriptors", "exec ls /proc/self/fd", "0\n1\n2\n3\n"},
        PlaceCase{"signal_mask", "exec grep SigBlk /proc/self/status",
                  "SigBlk:\t0000000000000000\n"},
        // glibc may leave its own two, 32 and 33, ignored: the ninth digit from the right.
        PlaceCase{
            "dispositions",
            "exec sed -n '/SigIgn/s/[018]\\(0000000\\)$/0\\1/p' /proc/self/status | tail -c 9",
            "00000000\n"},
        PlaceCase{"process_group", "exec awk '{print ($1 == $5)}' /proc/self/stat", "1\n"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Hook, leaves_nothing_of_its_group_running) {
    Workshop workshop;
    HookEffect effect({settings(workshop.hook("sleep 1000 & echo $! >HERE/child; exit 0"))});
    ASSERT_EQ(effect.act(order()).kind, Kind::done);
    const auto child = std::stoi(workshop.read("child"));
    // Its parent is gone, so that init or nobody reaps it: gone, or dead and not yet reaped.
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    std::string id, name, state = "gone";
    status >> id >> name >> state;
    EXPECT_THAT(state, testing::AnyOf("gone", "Z", "X"));
}

TEST(Hook, is_found_by_kind) {
    Workshop workshop;
    const HookEffect effect({settings("/nowhere")});
    EXPECT_TRUE(effect.knows(ActionKind::service_terminate));
    EXPECT_FALSE(effect.knows(ActionKind::notify_team));
}

TEST(Hook, that_is_not_configured_is_tried_again_later) {
    HookEffect effect({});
    const auto outcome = effect.act(order());
    EXPECT_EQ(outcome.kind, Kind::retry);
    EXPECT_THAT(outcome.detail, HasSubstr("no hook is configured for service.terminate"));
}

struct FileCase {
    const char* name;
    std::function<std::string(const Workshop&)> make;
    const char* detail;
    friend std::ostream& operator<<(std::ostream& out, const FileCase& row) {
        return out << row.name;
    }
};

class RefusedFile : public testing::TestWithParam<FileCase> {};

TEST_P(RefusedFile, is_not_run_and_says_why) {
    Workshop workshop;
    HookEffect effect({settings(GetParam().make(workshop))});
    const auto outcome = effect.act(order());
    EXPECT_EQ(outcome.kind, Kind::retry);
    EXPECT_THAT(outcome.detail, HasSubstr(GetParam().detail));
    EXPECT_EQ(workshop.read("ran"), "");
    EXPECT_FALSE(effect.state(order()).has_value());
}

std::string with_mode(const Workshop& workshop, mode_t mode) {
    auto path = workshop.hook("touch HERE/ran; echo x >HERE/ran");
    chmod(path.c_str(), mode);
    return path;
}

INSTANTIATE_TEST_SUITE_P(
    F04, RefusedFile,
    testing::Values(
        FileCase{"missing", [](const Workshop& w) { return w.path("none"); }, "cannot be found"},
        FileCase{"empty", [](const Workshop&) { return std::string(); }, "must be absolute"},
        FileCase{"relative", [](const Workshop&) { return std::string("bin/sh"); },
                 "must be absolute"},
        FileCase{"option", [](const Workshop&) { return std::string("-c"); }, "must be absolute"},
        FileCase{"directory", [](const Workshop&) { return std::string("/tmp"); },
                 "no regular file"},
        FileCase{"device", [](const Workshop&) { return std::string("/dev/null"); },
                 "no regular file"},
        FileCase{"link",
                 [](const Workshop& w) {
                     std::filesystem::create_symlink(with_mode(w, 0755), w.path("link"));
                     return w.path("link");
                 },
                 "no regular file"},
        FileCase{"not_executable", [](const Workshop& w) { return with_mode(w, 0644); },
                 "is not executable"},
        FileCase{"group_writes", [](const Workshop& w) { return with_mode(w, 0775); },
                 "group or world may write"},
        FileCase{"world_writes", [](const Workshop& w) { return with_mode(w, 0757); },
                 "group or world may write"},
        FileCase{"no_interpreter",
                 [](const Workshop& w) {
                     std::ofstream(w.path("h")) << "#!/no/such/interpreter\n";
                     chmod(w.path("h").c_str(), 0755);
                     return w.path("h");
                 },
                 "No such file"},
        FileCase{"no_format",
                 [](const Workshop& w) {
                     std::ofstream(w.path("h")) << "echo x >" << w.path("ran") << "\n";
                     chmod(w.path("h").c_str(), 0755);
                     return w.path("h");
                 },
                 "Exec format error"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(RefusedFile, of_another_owner) {
    Workshop workshop;
    const auto path = with_mode(workshop, 0755);
    // The rule is the same for any user; only root can give a file away to show it.
    const bool given = chown(path.c_str(), 65534, 65534) == 0;
    HookEffect effect({settings(path)});
    const auto outcome = effect.act(order());
    EXPECT_EQ(outcome.kind, given ? Kind::retry : Kind::done) << outcome.detail;
    EXPECT_EQ(workshop.read("ran").empty(), given);
}

struct StateCase {
    const char* name;
    const char* script;
    std::string want;  ///< "nothing" or "unavailable", or the state
    friend std::ostream& operator<<(std::ostream& out, const StateCase& row) {
        return out << row.name;
    }
};

std::string shown(const Result<std::optional<std::string>>& state) {
    if (!state) return std::string(to_text(state.error().fault));
    return state->value_or("nothing");
}

class State : public testing::TestWithParam<StateCase> {};

TEST_P(State, is_read) {
    Workshop workshop;
    HookEffect effect({settings(workshop.hook(GetParam().script), 400ms)}, 100ms);
    EXPECT_EQ(shown(effect.state(order())), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Hook, State,
    testing::Values(
        StateCase{"active", R"([ "$1" = state ] && echo '{"state":"active"}')", "active"},
        StateCase{"with_blanks", R"(printf '\n { "state" : "terminated", "x": [1] } \n')",
                  "terminated"},
        StateCase{"beside_stderr", R"(echo oops >&2; echo '{"state":"suspended"}')", "suspended"},
        StateCase{"no_such_verb", "exit 64", "nothing"},
        StateCase{"other_exit", R"(echo '{"state":"active"}'; exit 1)", "nothing"},
        StateCase{"never", R"(echo '{"state":"active"}'; exit 65)", "nothing"},
        StateCase{"empty_output", "exit 0", "nothing"},
        StateCase{"garbage", "echo active", "nothing"},
        StateCase{"half", R"(echo '{"state":"act')", "nothing"},
        StateCase{"twice", R"(echo '{"state":"active"}{"state":"active"}')", "nothing"},
        StateCase{"number", R"(echo '{"state":1}')", "nothing"},
        StateCase{"null", R"(echo '{"state":null}')", "nothing"},
        StateCase{"array", R"(echo '["state","active"]')", "nothing"},
        StateCase{"empty_state", R"(echo '{"state":""}')", "nothing"},
        StateCase{"hostile_state", R"(echo '{"state":"active\u0000; reboot"}')", "nothing"},
        StateCase{"long_state", R"(printf '{"state":"%065d"}' 1)", "nothing"},
        StateCase{"deep", R"(head -c 60000 /dev/zero | tr '\0' '[')", "nothing"},
        StateCase{"flood", R"(head -c 200000 /dev/zero | tr '\0' ' '; echo '{"state":"active"}')",
                  "nothing"},
        StateCase{"not_now", "exit 75", "unavailable"},
        StateCase{"killed", "kill -KILL $$", "unavailable"},
        StateCase{"late", "sleep 1000", "unavailable"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace bailiff
