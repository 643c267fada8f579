// Who is let in, and who serves: faults A04, A05, D09.
#include "milter/entrance.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <latch>
#include <thread>

#include "milter/descriptors.hpp"
#include "milter/workers.hpp"
#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!holds() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
    return holds();
}

/// Whether the other side has closed, once nothing is left to read.
bool is_closed(int fd) {
    char byte = 0;
    return ::read(fd, &byte, 1) <= 0;
}

class EntranceTest : public testing::Test {
protected:
    void SetUp() override {
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        // An address that the kernel invents.
        ASSERT_EQ(::bind(listening_.number(), reinterpret_cast<sockaddr*>(&name),
                         sizeof(sa_family_t)), 0);
        ASSERT_EQ(::listen(listening_.number(), 8), 0);
        ::getsockname(listening_.number(), reinterpret_cast<sockaddr*>(&address_), &length_);
    }
    [[nodiscard]] Descriptor client() const {
        Descriptor fd(::socket(AF_UNIX, SOCK_STREAM, 0));
        EXPECT_EQ(::connect(fd.number(), reinterpret_cast<const sockaddr*>(&address_), length_), 0);
        return fd;
    }
    [[nodiscard]] std::unique_ptr<Entrance> entrance(int below) {
        auto opened = Entrance::open({.listening = listening_.number(),
                                      .connections_below = below,
                                      .take = [this](Descriptor taken) {
                                          held_ = std::move(taken);
                                          ++taken_;
                                          return takes_.load();
                                      }});
        EXPECT_TRUE(opened);
        return *std::move(opened);
    }

    Descriptor listening_{::socket(AF_UNIX, SOCK_STREAM, 0)};
    sockaddr_storage address_{};
    socklen_t length_ = sizeof address_;
    Descriptor held_;
    std::atomic<int> taken_{0};
    std::atomic<bool> takes_{true};
};

TEST_F(EntranceTest, lets_in_below_the_bound_and_closes_the_rest_at_once) {
    const auto first = client();
    const auto way = entrance(first.number() + 3);  // its own descriptor, and one connection
    way->start();
    ASSERT_TRUE(eventually([&] { return taken_ == 1; }));
    const auto second = client();
    const auto third = client();
    EXPECT_TRUE(is_closed(second.number()));
    EXPECT_TRUE(is_closed(third.number()));
    EXPECT_EQ(way->turned_away(), 2U);
    EXPECT_EQ(taken_, 1);
    const test::WithoutGuard removed("descriptors_are_kept");
    const auto last = client();
    EXPECT_TRUE(eventually([&] { return taken_ == 2; }));
}

TEST_F(EntranceTest, shut_it_leaves_connections_to_the_next) {
    entrance(1'000)->shut();
    const auto early = client();
    {
        const auto first = entrance(1'000);
        first->start();
        ASSERT_TRUE(eventually([&] { return taken_ == 1; }));
        first->shut();
        const auto waiting = client();
        std::this_thread::sleep_for(20ms);
        EXPECT_EQ(taken_, 1);
    }
    const auto next = entrance(1'000);
    next->start();
    EXPECT_TRUE(eventually([&] { return taken_ == 2; }));
}

TEST_F(EntranceTest, counts_those_for_whom_there_is_no_place) {
    takes_ = false;
    const auto way = entrance(1'000);
    way->start();
    const auto one = client();
    EXPECT_TRUE(eventually([&] { return way->turned_away() == 1; }));
}

struct Pair {
    Descriptor ours, theirs;
};
Pair connected() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Answers each byte with itself, once `gate` lets it.
void echo(int socket, const std::function<void()>& gate) {
    char byte = 0;
    while (::recv(socket, &byte, 1, 0) == 1) {
        gate();
        if (::send(socket, &byte, 1, MSG_NOSIGNAL) != 1) return;
    }
}

TEST(Workers, none_waits_for_a_thread_while_others_are_judged) {
    constexpr int all = 12;
    std::latch here(all);  // falls only if all are served at the same time
    Workers workers(all, [&](int socket, PacketReader&) {
        echo(socket, [&] { here.arrive_and_wait(); });
    });
    std::vector<Descriptor> clients;
    for (int i = 0; i < all; ++i) {
        auto pair = connected();
        ASSERT_TRUE(workers.take(std::move(pair.ours)));
        EXPECT_EQ(::send(pair.theirs.number(), "x", 1, 0), 1);
        clients.push_back(std::move(pair.theirs));
    }
    for (const auto& client : clients) {
        char byte = 0;
        EXPECT_EQ(::recv(client.number(), &byte, 1, 0), 1);
    }
    auto further = connected();
    EXPECT_FALSE(workers.take(std::move(further.ours)));
    EXPECT_TRUE(is_closed(further.theirs.number()));
    EXPECT_EQ(workers.busy(), static_cast<std::size_t>(all));
}

TEST(Workers, a_connection_is_closed_when_it_ends_and_its_thread_serves_the_next) {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    Workers workers(1, [&](int, PacketReader&) {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
    });
    for (int i = 0; i < 5; ++i) {
        auto pair = connected();
        ASSERT_TRUE(workers.take(std::move(pair.ours)));
        EXPECT_TRUE(is_closed(pair.theirs.number()));
        ASSERT_TRUE(eventually([&] { return workers.busy() == 0; }));
    }
    EXPECT_EQ(threads.size(), 1U);
}

TEST(Workers, hung_up_what_was_sent_is_answered_and_no_more) {
    std::latch judging(1), go_on(1);
    Workers workers(3, [&](int socket, PacketReader&) {
        echo(socket, [&] {
            judging.count_down();
            go_on.wait();
        });
    });
    auto idle = connected();
    auto asking = connected();
    ASSERT_TRUE(workers.take(std::move(idle.ours)));
    ASSERT_TRUE(workers.take(std::move(asking.ours)));
    EXPECT_EQ(::send(asking.theirs.number(), "x", 1, 0), 1);
    judging.wait();
    workers.hang_up();
    EXPECT_TRUE(is_closed(idle.theirs.number()));
    EXPECT_TRUE(eventually([&] { return workers.busy() == 1; }));
    EXPECT_EQ(::send(asking.theirs.number(), "y", 1, MSG_NOSIGNAL), -1);
    go_on.count_down();
    char byte = 0;
    EXPECT_EQ(::recv(asking.theirs.number(), &byte, 1, 0), 1);
    EXPECT_TRUE(eventually([&] { return workers.busy() == 0; }));
    auto late = connected();
    ASSERT_TRUE(workers.take(std::move(late.ours)));
    EXPECT_TRUE(is_closed(late.theirs.number()));
}

TEST(Workers, outlive_what_a_connection_throws) {
    Workers workers(1, [](int, PacketReader&) { throw std::bad_alloc(); });
    for (int i = 0; i < 3; ++i) {
        auto pair = connected();
        ASSERT_TRUE(workers.take(std::move(pair.ours)));
        EXPECT_TRUE(is_closed(pair.theirs.number()));
        ASSERT_TRUE(eventually([&] { return workers.busy() == 0; }));
    }
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

}  // namespace
}  // namespace bailiff
