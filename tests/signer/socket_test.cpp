// The signer's socket: what is said on it, and who is heard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <bailiff/guard.hpp>
#include <cstdlib>
#include <thread>

#include "src/api/listener.hpp"
#include "src/exchange/exchange.hpp"
#include "src/signer/client.hpp"
#include "src/signer/server.hpp"
#include "tests/api/fake_desk.hpp"

namespace bailiff {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Witness final : Signer {
    std::vector<std::string> calls;
    LogGrowth growth;
    [[nodiscard]] Result<std::string> sign_bag(std::string_view tags) override {
        calls.emplace_back("bag");
        return "signed " + std::string(tags);
    }
    [[nodiscard]] Result<std::string> sign_checkpoint(const LogGrowth& asked) override {
        growth = asked;
        if (asked.size == 0) return fail(Fault::invalid_input, "not grown");
        return std::string("note");
    }
    [[nodiscard]] Result<LastCheckpoint> last_checkpoint() override {
        return LastCheckpoint{17, "last note"};
    }
};

/// The role on a socket of its own, hearing these users.
class Role {
public:
    explicit Role(uid_t user)
        : server_(journal, {.name = "signer",
                            .listening = listener_->release(),
                            .may_ask =
                                [user](uid_t who) {
                                    return guard(Guard::signer_listens_to_the_enforcer,
                                                 who == user);
                                }}),
          thread_([this] {
              server_.run([this] { return stop_.load(); },
                          [this](std::string_view text) { return answer_of(witness, text); });
          }) {}
    ~Role() {
        stop_ = true;
        thread_.join();
    }
    const std::string path = "/tmp/bailiff-signer-" + std::to_string(getpid()) + ".sock";
    RememberingJournal journal;
    Witness witness;

private:
    Result<UnixListener> listener_ = UnixListener::open(path);
    std::atomic<bool> stop_{false};
    exchange::Server server_;
    std::thread thread_;
};

TEST(SignerSocket, asks_and_answers) {
    Role role(geteuid());
    SignerClient client(role.path);
    EXPECT_TRUE(client.up());
    EXPECT_EQ(client.sign_bag("tags\n").value(), "signed tags\n");
    LogGrowth growth{.old_size = 3, .proof = {sha256("a"), sha256("b")}, .size = 9, .root = {}};
    growth.root = sha256("root");
    EXPECT_EQ(client.sign_checkpoint(growth).value(), "note");
    EXPECT_EQ(role.witness.growth.proof, growth.proof);
    EXPECT_EQ(role.witness.growth.root, growth.root);
    EXPECT_EQ(role.witness.growth.old_size, 3U);
    EXPECT_EQ(client.last_checkpoint()->size, 17U);
    EXPECT_EQ(client.last_checkpoint()->note, "last note");
    const auto refused = client.sign_checkpoint({});
    EXPECT_EQ(refused.error().fault, Fault::invalid_input);
    EXPECT_THAT(refused.error().what, HasSubstr("not grown"));
}

TEST(SignerSocket, any_bytes_get_an_error_and_sign_nothing) {
    Role role(geteuid());
    for (const std::string bad :
         {"x", "{}", R"({"v":1})", R"({"v":1,"verb":"all"})", R"({"v":1,"verb":"bag"})",
          R"({"v":1,"verb":"checkpoint","old":-1,"size":2,"root":"","proof":[]})",
          R"({"v":1,"verb":"checkpoint","old":1,"size":2,"root":"AA==","proof":[]})",
          R"({"v":2,"verb":"last"})"}) {
        const auto said = exchange::ask(role.path, bad, 1U << 20, std::chrono::seconds(5));
        ASSERT_TRUE(said) << bad;
        EXPECT_THAT(*said, HasSubstr("error")) << bad;
    }
    EXPECT_THAT(role.witness.calls, ElementsAre());
}

TEST(SignerSocket, nobody_there_is_unavailable) {
    SignerClient client("/tmp/bailiff-no-such-signer.sock");
    EXPECT_FALSE(client.up());
    EXPECT_EQ(client.sign_bag("tags\n").error().fault, Fault::unavailable);
}

TEST(SignerGuard, signer_listens_to_the_enforcer) {
    {
        Role role(geteuid() + 1);
        EXPECT_FALSE(SignerClient(role.path).sign_bag("tags\n"));
        EXPECT_THAT(role.witness.calls, ElementsAre());
    }
    setenv("BAILIFF_REMOVE_GUARD", "signer_listens_to_the_enforcer", 1);
    {
        Role role(geteuid() + 1);
        EXPECT_TRUE(SignerClient(role.path).sign_bag("tags\n"));
    }
    unsetenv("BAILIFF_REMOVE_GUARD");
}

}  // namespace
}  // namespace bailiff
