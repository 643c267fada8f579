// Client and server over a real socket.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "src/queue/client.hpp"
#include "src/queue/server.hpp"
#include "tests/queue/fake_queue.hpp"

namespace bailiff {
namespace {

using testing::ElementsAre;

class Names final : public Journal {
public:
    void event(Severity, std::string_view name, std::initializer_list<Field>) noexcept override {
        const Lock lock(mutex_);
        names_.emplace_back(name);
    }
    std::vector<std::string> names() const {
        const Lock lock(mutex_);
        return names_;
    }

private:
    mutable Mutex mutex_;
    std::vector<std::string> names_ BAILIFF_GUARDED_BY(mutex_);
};

/// A queue role in a thread of this process.
class Role {
public:
    explicit Role(std::vector<uid_t> users) {
        char folder[] = "/tmp/bailiff-queue-XXXXXX";
        EXPECT_NE(mkdtemp(folder), nullptr);
        folder_ = folder;
        path = folder_ + "/queue.sock";
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size());
        EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(fd, 8), 0);
        server_ = std::make_unique<QueueServer>(
            queue, journal,
            QueueServer::Options{.listening = fd,
                                 .users = std::move(users),
                                 .patience = std::chrono::milliseconds(300)});
        thread_ = std::thread([this] { server_->run([this] { return stop_.load(); }); });
    }
    ~Role() {
        stop_ = true;
        thread_.join();
        unlink(path.c_str());
        rmdir(folder_.c_str());
    }
    Role(const Role&) = delete;
    Role& operator=(const Role&) = delete;

    test::FakeQueue queue;
    Names journal;
    std::string path;

private:
    std::string folder_;
    std::atomic<bool> stop_{false};
    std::unique_ptr<QueueServer> server_;
    std::thread thread_;
};

TEST(QueueSocket, lists_holds_releases_and_deletes) {
    Role role({geteuid()});
    role.queue.mails = {test::mail("4AAAA", "a@b"), test::mail("4BBBB", "a@b")};
    QueueClient client(role.path);
    const std::vector<MailProof> proofs{{IdentityKind::login, "a@b"}};
    EXPECT_EQ(client.list(proofs)->size(), 2U);
    EXPECT_EQ(role.queue.asked, proofs);
    ASSERT_TRUE(client.hold({"4AAAA"}));
    EXPECT_EQ(client.find({"4AAAA"})->front().queue, "hold");
    ASSERT_TRUE(client.release({"4AAAA"}));
    EXPECT_EQ(client.find({"4AAAA"})->front().queue, "deferred");
    ASSERT_TRUE(client.hold({"4BBBB"}));
    ASSERT_TRUE(client.remove({"4BBBB"}));
    EXPECT_EQ(role.queue.mails.size(), 1U);
    role.queue.says = fail(Fault::unavailable, "postsuper is away");
    const auto refused = client.hold({"4AAAA"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, testing::HasSubstr("postsuper is away"));
}

TEST(QueueSocket, asks_nothing_for_nobody) {
    Role role({geteuid()});
    QueueClient client(role.path);
    EXPECT_TRUE(client.list({})->empty());
    EXPECT_TRUE(client.find({})->empty());
    EXPECT_TRUE(client.hold({}));
    EXPECT_THAT(role.queue.calls, ElementsAre());
}

TEST(QueueSocket, tells_whether_it_is_there) {
    Role role({geteuid()});
    EXPECT_TRUE(QueueClient(role.path).up());
    EXPECT_FALSE(QueueClient(role.path + "x").up());
    EXPECT_TRUE(QueueClient(role.path).find({"4AAAA"}));
    EXPECT_THAT(role.journal.names(), ElementsAre("queue"));
}

TEST(QueueSocket, says_when_there_is_no_role) {
    QueueClient client("/tmp/bailiff-no-such.sock");
    const auto answer = client.find({"4AAAA"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::unavailable);
    EXPECT_THAT(answer.error().what, testing::HasSubstr("/tmp/bailiff-no-such.sock"));
}

TEST(QueueGuard, queue_listens_to_the_enforcer) {
    const uid_t nobody_here = geteuid() + 1;
    {
        Role role({nobody_here});
        role.queue.mails = {test::mail("4AAAA", "a@b")};
        EXPECT_FALSE(QueueClient(role.path).hold({"4AAAA"}));
        EXPECT_THAT(role.queue.calls, ElementsAre());
        EXPECT_THAT(role.journal.names(), testing::Contains("queue_stranger"));
    }
    setenv("BAILIFF_REMOVE_GUARD", "queue_listens_to_the_enforcer", 1);
    {
        Role role({nobody_here});
        role.queue.mails = {test::mail("4AAAA", "a@b")};
        EXPECT_TRUE(QueueClient(role.path).hold({"4AAAA"}));
        EXPECT_THAT(role.queue.calls, ElementsAre("hold"));
    }
    unsetenv("BAILIFF_REMOVE_GUARD");
}

/// A caller that says nothing, or never ends, keeps the next one waiting for `patience` only.
TEST(QueueSocket, outlives_a_silent_caller) {
    Role role({geteuid()});
    role.queue.mails = {test::mail("4AAAA", "a@b")};
    const int silent = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, role.path.c_str(), role.path.size());
    ASSERT_EQ(connect(silent, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(QueueClient(role.path).hold({"4AAAA"}));
    EXPECT_THAT(role.journal.names(), testing::Contains("queue_unheard"));
    close(silent);
}

}  // namespace
}  // namespace bailiff
