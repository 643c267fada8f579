#include "src/memory/counters.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace bailiff {

bool operator==(const Tally& a, const Tally& b) {
    return a.messages_last_minute == b.messages_last_minute &&
           a.messages_last_hour == b.messages_last_hour &&
           a.recipients_last_hour == b.recipients_last_hour;
}
std::ostream& operator<<(std::ostream& out, const Tally& tally) {
    return out << tally.messages_last_minute << '/' << tally.messages_last_hour << '/'
               << tally.recipients_last_hour;
}

namespace {

using namespace std::chrono_literals;

constexpr Instant start{std::chrono::milliseconds(1'795'397'220'000)};  // a whole minute

ServiceRef service(unsigned number, Instant created = start) {
    return {ServiceId::parse("web-" + std::to_string(number)).value(), created};
}

Digest print(std::uint64_t number) {
    Digest digest;
    for (std::size_t byte = 0; byte < 8; ++byte)
        digest.bytes[byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    return digest;
}

struct Event {
    ServiceRef service;
    std::uint32_t recipients;
    Digest fingerprint;
    Instant at;
};

/// Slow and obviously right: keeps every event and counts them all again.
class Recount {
public:
    Tally count(const Event& event) {
        if (!is_retry(event)) counted_.push_back(event);
        Tally tally;
        for (const auto& earlier : counted_) {
            if (earlier.service != event.service) continue;
            if (age<std::chrono::seconds>(earlier, event) < 60) ++tally.messages_last_minute;
            if (age<std::chrono::minutes>(earlier, event) >= 60) continue;
            ++tally.messages_last_hour;
            tally.recipients_last_hour += earlier.recipients;
        }
        return tally;
    }

private:
    bool is_retry(const Event& event) const {
        return std::ranges::any_of(counted_, [&](const Event& earlier) {
            return earlier.service == event.service && earlier.fingerprint == event.fingerprint &&
                   event.at - earlier.at < 1h;
        });
    }
    template <class Unit>
    static std::int64_t age(const Event& earlier, const Event& now) {
        return (std::chrono::floor<Unit>(now.at) - std::chrono::floor<Unit>(earlier.at)).count();
    }
    std::vector<Event> counted_;
};

Event any_event(std::mt19937_64& random, Instant& now) {
    // Mostly dense, now and then a gap that empties a window.
    const std::int64_t gaps[] = {0, 1, 400, 3'000, 30'000, 61'000, 1'200'000, 3'600'001};
    now += std::chrono::milliseconds(gaps[std::min(random() % 8, random() % 8)]);
    return {service(static_cast<unsigned>(random() % 3)), static_cast<std::uint32_t>(random() % 50),
            print(random() % 40), now};
}

class CountersAgainstRecount : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Seeds, CountersAgainstRecount, testing::Range(0, 8));

TEST_P(CountersAgainstRecount, agree_after_each_event) {
    MemoryCounters counters;
    Recount recount;
    std::mt19937_64 random(static_cast<std::uint64_t>(GetParam()));
    Instant now = start + std::chrono::milliseconds(static_cast<int>(random() % 3'600'000));
    for (int n = 0; n < 1'500; ++n) {
        const auto event = any_event(random, now);
        ASSERT_EQ(counters.count(event.service, event.recipients, event.fingerprint, event.at),
                  recount.count(event))
            << "event " << n;
    }
}

struct Counted {
    std::string name;
    std::vector<Event> events;
    Tally want;  ///< after the last
};
std::ostream& operator<<(std::ostream& out, const Counted& row) {
    return out << row.name;
}

const ServiceRef a = service(1), b = service(2);

const Counted rows[] = {
    {"the_present_message_counts", {{a, 7, print(1), start}}, {1, 1, 7}},
    {"a_retry_is_not_counted_twice",  // fault A09
     {{a, 7, print(1), start}, {a, 7, print(1), start + 30min}},
     {0, 1, 7}},
    {"a_retry_after_an_hour_is_a_new_message",
     {{a, 7, print(1), start}, {a, 7, print(1), start + 1h}},
     {1, 1, 7}},
    {"the_same_content_of_two_services_counts_for_both",
     {{a, 7, print(1), start}, {b, 5, print(1), start}},
     {1, 1, 5}},
    {"services_do_not_mix", {{a, 7, print(1), start}, {b, 5, print(2), start}}, {1, 1, 5}},
    {"a_new_customer_inherits_nothing",  // fault G17
     {{a, 7, print(1), start}, {service(1, start + 1s), 5, print(2), start}},
     {1, 1, 5}},
    {"the_minute_ends_after_sixty_seconds",
     {{a, 1, print(1), start}, {a, 1, print(2), start + 60s}},
     {1, 2, 2}},
    {"the_minute_lasts_sixty_seconds",
     {{a, 1, print(1), start}, {a, 1, print(2), start + 59'999ms}},
     {2, 2, 2}},
    {"the_hour_ends_after_sixty_minutes",
     {{a, 1, print(1), start}, {a, 1, print(2), start + 1h}},
     {1, 1, 1}},
    {"the_hour_lasts_sixty_minutes",
     {{a, 1, print(1), start}, {a, 1, print(2), start + 1h - 1ms}},
     {1, 2, 2}},
    {"sums_stay_at_their_largest",
     {{a, UINT32_MAX, print(1), start}, {a, 9, print(2), start}},
     {2, 2, UINT32_MAX}},
    {"sums_over_minutes_stay_at_their_largest",
     {{a, UINT32_MAX, print(1), start}, {a, 9, print(2), start + 1min}},
     {1, 2, UINT32_MAX}},
    {"a_clock_set_back_goes_on_from_where_it_was",  // fault E15
     {{a, 1, print(1), start}, {a, 1, print(2), start - 24h}, {a, 1, print(3), start - 24h + 30s}},
     {3, 3, 3}},
    {"a_clock_set_back_does_not_stop_the_windows",  // fault E15
     {{a, 1, print(1), start}, {a, 1, print(2), start - 24h}, {a, 1, print(3), start - 23h}},
     {1, 1, 1}},
    {"a_clock_set_forward_and_back_does_not_stop_the_windows",  // fault E15
     {{a, 1, print(1), start + 8'760h}, {a, 1, print(2), start}, {a, 1, print(3), start + 61min}},
     {1, 1, 1}},
    {"threads_out_of_order_do_not_speed_up_time",
     {{a, 1, print(1), start + 4s}, {a, 1, print(2), start}, {a, 1, print(3), start + 62s}},
     {3, 3, 3}},
    {"time_before_1970_is_time",
     {{a, 1, print(1), Instant(-1min)}, {a, 1, print(2), Instant(-1ms)}},
     {2, 2, 2}},
    {"time_without_end_is_survived",
     {{a, 1, print(1), Instant::max()}, {a, 1, print(2), Instant::min()}},
     {2, 2, 2}},
    {"time_without_beginning_is_survived",
     {{a, 1, print(1), Instant::min()}, {a, 1, print(2), Instant::max()}},
     {1, 1, 1}},
};

class Counters_ : public testing::TestWithParam<Counted> {};
INSTANTIATE_TEST_SUITE_P(Table, Counters_, testing::ValuesIn(rows),
                         [](const auto& row) { return row.param.name; });

TEST_P(Counters_, count) {
    MemoryCounters counters;
    Tally tally;
    for (const auto& event : GetParam().events)
        tally = counters.count(event.service, event.recipients, event.fingerprint, event.at);
    EXPECT_EQ(tally, GetParam().want);
}

TEST(CountersBounds, forget_the_stalest_service_first) {
    MemoryCounters counters({.streams_max = 2, .fingerprints_max = 100});
    (void)counters.count(service(1), 1, print(1), start);
    (void)counters.count(service(2), 1, print(2), start);
    (void)counters.count(service(1), 1, print(3), start);
    (void)counters.count(service(3), 1, print(4), start);  // 2 is the stalest
    EXPECT_EQ(counters.evicted(), 1U);
    EXPECT_EQ(counters.count(service(1), 1, print(5), start), (Tally{3, 3, 3}));
    EXPECT_EQ(counters.count(service(2), 1, print(6), start), (Tally{1, 1, 1}));
}

TEST(CountersBounds, forget_the_oldest_fingerprint_first) {
    MemoryCounters counters({.streams_max = 2, .fingerprints_max = 2});
    for (const auto number : {1U, 2U, 3U}) (void)counters.count(a, 1, print(number), start);
    EXPECT_EQ(counters.count(a, 1, print(2), start).messages_last_hour, 3U);
    EXPECT_EQ(counters.count(a, 1, print(1), start).messages_last_hour, 4U);
}

TEST(CountersBounds, of_nothing_are_survived) {
    MemoryCounters counters({.streams_max = 0, .fingerprints_max = 0});
    EXPECT_EQ(counters.count(a, 1, print(1), start), (Tally{1, 1, 1}));
    EXPECT_EQ(counters.count(a, 1, print(1), start), (Tally{2, 2, 2}));
    EXPECT_EQ(counters.count(b, 1, print(1), start), (Tally{1, 1, 1}));
}

void count_some(MemoryCounters& counters, std::uint64_t first) {
    for (auto number = first; number < first + 1'000; ++number)
        (void)counters.count(a, 1, print(number), start);
}

TEST(CountersThreads, lose_nothing) {
    MemoryCounters counters;
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] { count_some(counters, thread * 1'000); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(counters.count(a, 1, print(9'999), start), (Tally{4'001, 4'001, 4'001}));
}

}  // namespace
}  // namespace bailiff
