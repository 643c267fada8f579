#include "src/memory/counters.hpp"

#include <algorithm>
#include <limits>

namespace bailiff {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
/// Threads that overtake one another between reading the clock and counting.
constexpr std::int64_t disorder_ms = 5 * second_ms;
/// Years beyond any clock: keeps sums of times within their type.
constexpr std::int64_t time_ms_max = std::int64_t{1} << 60;

std::uint32_t add_held(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t sum = std::uint64_t{a} + b;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
}

std::int64_t unit_of(std::int64_t ms, std::int64_t unit_ms) {
    return ms >= 0 ? ms / unit_ms : (ms - unit_ms + 1) / unit_ms;
}

template <std::size_t size>
std::size_t slot(std::int64_t unit) {
    const auto length = static_cast<std::int64_t>(size);
    return static_cast<std::size_t>((unit % length + length) % length);
}

}  // namespace

template <std::size_t size>
void Window<size>::advance(std::int64_t unit) {
    if (unit <= latest_) return;
    const auto passed = std::min<std::int64_t>(unit - latest_, static_cast<std::int64_t>(size));
    for (std::int64_t back = 0; back < passed; ++back) amounts_[slot<size>(unit - back)] = 0;
    latest_ = unit;
}

template <std::size_t size>
void Window<size>::add(std::int64_t unit, std::uint32_t amount) {
    advance(unit);
    auto& present = amounts_[slot<size>(latest_)];
    present = add_held(present, amount);
}

template <std::size_t size>
std::uint32_t Window<size>::sum(std::int64_t unit) {
    advance(unit);
    std::uint32_t total = 0;
    for (const auto amount : amounts_) total = add_held(total, amount);
    return total;
}

Tally MemoryCounters::count(const Stream& stream, std::uint32_t recipients,
                            const Digest& fingerprint, Instant now) {
    const Lock lock(mutex_);
    const auto at = ticks(now);
    auto& rates = rates_of(stream);
    const auto second = unit_of(at, second_ms);
    const auto minute = unit_of(at, minute_ms);
    const bool fresh = is_new({stream, fingerprint}, at);
    if (fresh) {
        rates.messages_by_second.add(second, 1);
        rates.messages_by_minute.add(minute, 1);
        rates.recipients_by_minute.add(minute, recipients);
    }
    return {.messages_last_minute = rates.messages_by_second.sum(second),
            .messages_last_hour = rates.messages_by_minute.sum(minute),
            .recipients_last_hour = rates.recipients_by_minute.sum(minute),
            .seen_before = !fresh};
}

std::uint64_t MemoryCounters::evicted() const {
    const Lock lock(mutex_);
    return evicted_;
}

std::int64_t MemoryCounters::ticks(Instant now) {
    const auto told =
        std::clamp<std::int64_t>(now.time_since_epoch().count(), -time_ms_max, time_ms_max);
    if (!latest_ms_) latest_ms_ = told;
    const auto shifted = std::clamp(told + offset_ms_, -time_ms_max, time_ms_max);
    if (shifted < *latest_ms_ - disorder_ms) offset_ms_ = *latest_ms_ - told;
    latest_ms_ = std::max(*latest_ms_, shifted);
    return *latest_ms_;
}

MemoryCounters::Rates& MemoryCounters::rates_of(const Stream& stream) {
    auto found = rates_.find(stream);
    if (found == rates_.end()) {
        if (rates_.size() >= limits_.streams_max && !rates_.empty()) {
            rates_.erase(stalest_first_.front());
            stalest_first_.pop_front();
            ++evicted_;
        }
        found = rates_.try_emplace(stream).first;
        found->second.place = stalest_first_.insert(stalest_first_.end(), stream);
    }
    stalest_first_.splice(stalest_first_.end(), stalest_first_, found->second.place);
    return found->second;
}

bool MemoryCounters::is_new(const Seen& message, std::int64_t now) {
    while (!oldest_first_.empty() && oldest_first_.front().first <= now - hour_ms) forget_oldest();
    const auto [place, inserted] = seen_.insert(message);
    if (!inserted) return false;
    oldest_first_.emplace_back(now, place);
    if (oldest_first_.size() > limits_.fingerprints_max) forget_oldest();
    return true;
}

void MemoryCounters::forget_oldest() {
    seen_.erase(oldest_first_.front().second);
    oldest_first_.pop_front();
}

}  // namespace bailiff
