#include "src/journal/journal.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace bailiff {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class SetClock final : public Clock {
public:
    Instant now() const override { return {}; }
    SteadyInstant steady() const override { return SteadyInstant(time.load()); }
    std::atomic<std::chrono::nanoseconds> time{std::chrono::hours(1)};
};

class Pipe {
public:
    Pipe() {
        if (pipe2(ends_.data(), O_CLOEXEC) != 0) std::abort();
    }
    ~Pipe() {
        close(ends_[0]);
        close(ends_[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    [[nodiscard]] int in() const { return ends_[1]; }
    /// All lines that are there now.
    [[nodiscard]] std::vector<std::string> lines() const {
        std::stringstream text;
        pollfd waiting{ends_[0], POLLIN, 0};
        std::array<char, 65536> bytes{};
        while (poll(&waiting, 1, 0) == 1) {
            const auto got = read(ends_[0], bytes.data(), bytes.size());
            if (got <= 0) break;
            text.write(bytes.data(), got);
        }
        std::vector<std::string> out;
        for (std::string line; std::getline(text, line);) out.push_back(line);
        return out;
    }
    /// Until nothing more goes in.
    void fill() const {
        const int flags = fcntl(ends_[1], F_GETFL);
        fcntl(ends_[1], F_SETFL, flags | O_NONBLOCK);
        while (write(ends_[1], "filled\n", 7) > 0) {
        }
        fcntl(ends_[1], F_SETFL, flags);
    }

private:
    std::array<int, 2> ends_{};
};

std::vector<std::string> written(const std::function<void(SpdJournal&, SetClock&)>& work) {
    const Pipe pipe;
    {
        SetClock clock;
        SpdJournal journal("milter", &clock, pipe.in());
        work(journal, clock);
    }
    return pipe.lines();
}

std::ptrdiff_t count_of(const std::vector<std::string>& lines, std::string_view part) {
    return std::ranges::count_if(lines,
                                 [&](const auto& line) { return line.find(part) != line.npos; });
}

TEST(SpdJournal, writes_a_line_an_event_in_order) {
    EXPECT_THAT(written([](auto& journal, auto&) {
                    journal.event(Severity::info, "first", {{"k", "a\nb"}});
                    journal.event(Severity::alarm, "second", {});
                }),
                ElementsAre(R"(milter info first k="a\nb")", "milter alarm second"));
}

// spdlog formats with braces and percent signs; the text of a sender must not be a format.
TEST(SpdJournal, takes_no_text_for_a_format) {
    EXPECT_THAT(written([](auto& journal, auto&) {
                    journal.event(Severity::info, "n", {{"k", "{} {0} %s %v {:>99999}"}});
                }),
                ElementsAre(R"(milter info n k="{} {0} %s %v {:>99999}")"));
}

TEST(SpdJournal, holds_a_flood_of_one_name_back_and_counts_it) {
    const auto lines = written([](auto& journal, auto& clock) {
        for (int i = 0; i < 100; ++i) journal.event(Severity::info, "flood", {});
        journal.event(Severity::info, "other", {});
        clock.time = clock.time.load() + std::chrono::nanoseconds(1s);
        journal.event(Severity::info, "flood", {});
    });
    EXPECT_EQ(count_of(lines, "info flood"), 21);
    EXPECT_EQ(count_of(lines, "info other"), 1);
    EXPECT_THAT(lines, Contains(R"(milter warning journal.suppressed event="flood" count="80")"));
}

TEST(SpdJournal, tells_at_its_end_what_it_held_back) {
    const auto lines = written([](auto& journal, auto&) {
        for (int i = 0; i < 25; ++i) journal.event(Severity::info, "flood", {});
    });
    EXPECT_EQ(lines.back(), R"(milter warning journal.suppressed event="flood" count="5")");
}

TEST(SpdJournal, lets_an_alarm_through_a_flood_once_a_second) {
    const auto lines = written([](auto& journal, auto& clock) {
        for (int second = 0; second < 3; ++second) {
            for (int i = 0; i < 30; ++i) journal.event(Severity::info, "name", {});
            for (int i = 0; i < 30; ++i) journal.event(Severity::alarm, "name", {});
            clock.time = clock.time.load() + std::chrono::nanoseconds(1s);
        }
    });
    EXPECT_EQ(count_of(lines, "info name"), 60);
    EXPECT_EQ(count_of(lines, "alarm name"), 3);
}

TEST(SpdJournal, never_waits_for_a_reader_that_stands_still) {
    const Pipe pipe;
    pipe.fill();
    SetClock clock;
    std::optional<SpdJournal> journal(std::in_place, "milter", &clock, pipe.in());
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 5'000; ++i)
        journal->event(Severity::info, "name" + std::to_string(i % 250), {{"k", "v"}});
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
    journal.reset();  // ends, too
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(SpdJournal, tells_how_much_it_dropped_when_the_reader_is_back) {
    const Pipe pipe;
    pipe.fill();
    SetClock clock;
    SpdJournal journal("milter", &clock, pipe.in());
    for (int i = 0; i < 2'000; ++i)
        journal.event(Severity::info, "name" + std::to_string(i % 250), {});
    std::vector<std::string> lines;
    const auto limit = std::chrono::steady_clock::now() + 5s;
    while (count_of(lines, "journal.dropped") == 0 && std::chrono::steady_clock::now() < limit) {
        clock.time = clock.time.load() + std::chrono::nanoseconds(1s);
        journal.event(Severity::info, "again", {});
        std::this_thread::yield();
        const auto more = pipe.lines();
        lines.insert(lines.end(), more.begin(), more.end());
    }
    EXPECT_THAT(lines, Contains(HasSubstr("milter alarm journal.dropped count=\"")));
}

TEST(SpdJournal, survives_a_closed_reader) {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    close(ends[0]);
    {
        SpdJournal journal("milter", nullptr, ends[1]);
        for (int i = 0; i < 10; ++i) journal.event(Severity::alarm, "name", {});
    }
    close(ends[1]);
}

TEST(SpdJournal, keeps_lines_of_many_threads_whole) {
    const Pipe pipe;
    {
        SpdJournal journal("milter", nullptr, pipe.in());
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&journal, thread] {
                for (int i = 0; i < 15; ++i)
                    journal.event(Severity::info, "t" + std::to_string(thread),
                                  {{"k", std::string(200, 'x')}});
            });
        for (auto& thread : threads) thread.join();
    }
    const auto lines = pipe.lines();
    EXPECT_THAT(lines, SizeIs(60));
    EXPECT_EQ(count_of(lines, "k=\"" + std::string(200, 'x') + "\""), 60);
}

}  // namespace
}  // namespace bailiff
