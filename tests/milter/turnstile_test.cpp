// The accept(2) that libmilter uses: faults A04, D09.
#include "milter/turnstile.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

#include "milter/descriptors.hpp"
#include "milter/threads.hpp"
#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

class TurnstileTest : public testing::Test {
protected:
    void SetUp() override {
        listening_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        // An address that the kernel invents.
        ASSERT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&name), sizeof(sa_family_t)), 0);
        ASSERT_EQ(::listen(listening_, 8), 0);
        length_ = sizeof address_;
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address_), &length_);
    }
    void TearDown() override { ::close(listening_); }

    [[nodiscard]] int client() const {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address_), length_), 0);
        return fd;
    }
    [[nodiscard]] int accept() const { return ::accept(listening_, nullptr, nullptr); }

    int listening_ = -1;
    sockaddr_storage address_{};
    socklen_t length_ = 0;
};

TEST_F(TurnstileTest, lets_in_below_the_reserve_and_closes_the_rest_at_once) {
    const int first = client();
    Turnstile::open(listening_, first + 3);
    const auto before = Turnstile::counts();
    const int passed = accept();
    EXPECT_GE(passed, 0);
    const int second = client();
    const int third = client();
    EXPECT_EQ(accept(), -1);
    EXPECT_EQ(errno, EAGAIN);
    char byte = 0;
    EXPECT_EQ(::read(second, &byte, 1), 0);  // closed
    EXPECT_EQ(Turnstile::counts().passed, before.passed + 1);
    EXPECT_EQ(Turnstile::counts().turned_away, before.turned_away + 1);
    const test::WithoutGuard removed("descriptors_are_kept");
    const int last = accept();
    EXPECT_GE(last, 0);
    for (const int fd : {first, second, third, passed, last}) ::close(fd);
}

TEST_F(TurnstileTest, shut_it_keeps_connections_in_the_backlog_until_libmilter_is_let_go) {
    Turnstile::open(listening_, 1'000);
    Turnstile::shut();
    const int waiting = client();
    std::atomic<int> accepted{0};
    std::thread libmilter([&] { accepted = accept(); });
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(accepted, 0);
    Turnstile::let_go();
    libmilter.join();
    EXPECT_EQ(accepted, -1);
    Turnstile::open(listening_, 1'000);  // as the next process would
    const int served = accept();
    EXPECT_GE(served, 0);
    ::close(served);
    ::close(waiting);
}

TEST(DescriptorBudget, leaves_two_a_session_and_a_reserve) {
    struct Row {
        const char* name;
        std::uint64_t limit, used, wanted, sessions;
    };
    for (const auto& row : {Row{"plenty", 65'536, 20, 400, 400}, Row{"few", 96, 16, 100, 32},
                            Row{"one", 34, 16, 100, 1}, Row{"none", 33, 16, 100, 0},
                            Row{"less than used", 10, 16, 100, 0}}) {
        const auto budget = descriptor_budget(row.limit, row.used, row.wanted);
        ASSERT_EQ(budget.has_value(), row.sessions > 0) << row.name;
        if (!budget) continue;
        EXPECT_EQ(budget->sessions, row.sessions) << row.name;
        // Each session that is admitted finds a number below, and its rspamd one above.
        const auto below = static_cast<std::uint64_t>(budget->connections_below);
        EXPECT_GE(below, row.used + row.sessions) << row.name;
        EXPECT_GE(row.limit - below, row.sessions) << row.name;
    }
}

TEST(Descriptors, are_counted) {
    const auto before = descriptors_used();
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(descriptors_used(), before + 2);
    for (const int fd : ends) ::close(fd);
}

TEST(Threads, one_that_works_is_seen) {
    std::atomic<bool> work{true};
    std::atomic<bool> begun{false};
    std::thread busy([&] {
        while (work) begun = true;
    });
    while (!begun) std::this_thread::yield();
    EXPECT_FALSE(other_threads_sleep());
    work = false;
    busy.join();
    bool asleep = false;
    for (int i = 0; i < 500 && !asleep; ++i) {
        asleep = other_threads_sleep();
        std::this_thread::sleep_for(2ms);
    }
    EXPECT_TRUE(asleep);
}

}  // namespace
}  // namespace bailiff
