// The real thing: SIGKILL at each named point, with the ledger on LMDB and an effect that leaves
// its mark in a file (fault F02).
#include "lmdb/ledger.hpp"
#include "src/pipeline/crash_point.hpp"
#include "tests/pipeline/carry_out_world.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bailiff {
namespace {

using namespace test;
using K = ActionKind;

/// Each act adds a line to a file, which outlives the process; the state is read from there.
class FileEffect final : public Effect {
public:
    FileEffect(std::string file, bool has_state) : file_(std::move(file)), has_state_(has_state) {}
    [[nodiscard]] bool knows(ActionKind) const override { return true; }
    Outcome act(const Order& order) override {
        std::ofstream(file_, std::ios::app) << to_text(order.kind) << "\n";
        return {Outcome::Kind::done, "exit 0"};
    }
    Outcome undo(const Order&) override { return {Outcome::Kind::never, "exit 65"}; }
    Result<std::optional<std::string>> state(const Order& order) override {
        if (!has_state_) return std::optional<std::string>();
        if (times(order.kind) == 0) return std::optional<std::string>("active");
        return std::optional<std::string>(order.kind == K::service_terminate ? "terminated"
                                                                             : "suspended");
    }
    [[nodiscard]] int times(ActionKind kind) const {
        std::ifstream file(file_);
        int times = 0;
        for (std::string line; std::getline(file, line);) times += line == to_text(kind) ? 1 : 0;
        return times;
    }

private:
    std::string file_;
    bool has_state_;
};

struct KillCase {
    std::string_view point;
    bool has_state;
    friend std::ostream& operator<<(std::ostream& out, const KillCase& row) {
        return out << row.point << (row.has_state ? "" : ", no state");
    }
};

std::vector<KillCase> all_kills() {
    std::vector<KillCase> rows;
    for (const auto point : crash_points)
        for (const bool has_state : {true, false}) rows.push_back({point, has_state});
    return rows;
}

class Kill : public testing::TestWithParam<KillCase> {
protected:
    Kill() {
        std::string name =
            (std::filesystem::temp_directory_path() / "bailiff-kill-XXXXXX").string();
        directory_ = mkdtemp(name.data());
    }
    ~Kill() override {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    [[nodiscard]] FileEffect effect() const {
        return {(directory_ / "effects").string(), GetParam().has_state};
    }
    [[nodiscard]] Result<std::unique_ptr<LmdbLedger>> open() const {
        return LmdbLedger::open({.path = (directory_ / "ledger").string(),
                                 .role = "enforcer",
                                 .map_bytes = 64U << 20,
                                 // A sanitizer and a slow disk together may need longer.
                                 .commit_wait = 20s});
    }
    // In a process of its own, since an environment must not be used after fork. Returns the status
    // of that process.
    template <class Work>
    int in_child(Work work) {
        const pid_t child = fork();
        if (child == 0) _exit(work());
        int status = 0;
        waitpid(child, &status, 0);
        return status;
    }
    int plant() {
        World world;
        world.open_case(1, "svc-a", {K::service_terminate, K::account_suspend});
        auto ledger = open();
        if (!ledger) return 3;
        const auto written =
            (*ledger)->update([shelves = world.ledger.shelves](LedgerTxn& txn) -> Result<void> {
                for (const auto& [id, record] : shelves.cases) BAILIFF_CHECK(txn.put_case(record));
                for (const auto& [id, action] : shelves.actions)
                    BAILIFF_CHECK(txn.put_action(action));
                return {};
            });
        return written ? 0 : 4;
    }
    int enforce() {
        World world;
        world.clock.pass(1h);
        world.directory.imported = world.clock.now();
        auto ledger = open();
        if (!ledger) return 3;
        auto panel = effect();
        CarryOut enforcer(**ledger, world.directory, panel, world.clock, world.journal,
                          world.entropy, world.options);
        enforcer.run_due();
        return 0;
    }
    std::string states() {
        std::string text;
        auto ledger = open();
        if (!ledger) return ledger.error().what;
        const auto read = (*ledger)->read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(const auto actions, view.actions_of(World::case_id(1)));
            for (const auto& action : actions)
                text += (text.empty() ? "" : " ") + std::string(to_text(action.state));
            return {};
        });
        return read ? text : read.error().what;
    }

    std::filesystem::path directory_;
};

TEST_P(Kill, at_a_named_point_leaves_a_state_of_the_table) {
    ASSERT_EQ(in_child([&] { return plant(); }), 0);
    const int status = in_child([&] {
        setenv("BAILIFF_CRASH_AT", std::string(GetParam().point).c_str(), 1);
        return enforce();
    });
    ASSERT_TRUE(WIFSIGNALED(status)) << "status " << status;
    ASSERT_EQ(WTERMSIG(status), SIGKILL);
    ASSERT_EQ(in_child([&] { return enforce(); }), 0);

    const bool sure = GetParam().has_state || GetParam().point == "taken" ||
                      GetParam().point == "checked" || GetParam().point == "intent_unwritten" ||
                      GetParam().point == "outcome_written";
    EXPECT_EQ(states(), !sure                  ? "unknown waiting"
                        : GetParam().has_state ? "verified verified"
                                               : "done done");
    EXPECT_LE(effect().times(K::service_terminate), 1);
    EXPECT_EQ(effect().times(K::account_suspend), sure ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(F02, Kill, testing::ValuesIn(all_kills()), [](const auto& row) {
    return std::string(row.param.point) + (row.param.has_state ? "" : "_blind");
});

}  // namespace
}  // namespace bailiff
