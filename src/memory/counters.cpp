#include "src/memory/counters.hpp"

#include <algorithm>
#include <functional>

namespace bailiff {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
/// Threads that overtake one another between reading the clock and counting.
constexpr std::int64_t disorder_ms = 5 * second_ms;
/// Years beyond any clock: keeps sums of times within their type.
constexpr std::int64_t time_ms_max = std::int64_t{1} << 60;
/// The form of the bytes of logins.
constexpr std::uint32_t logins_form = 1;
constexpr std::size_t logins_at_once = 256;

std::uint64_t network_key(std::string_view network) {
    return std::hash<std::string_view>{}(network);
}

}  // namespace

Tally MemoryCounters::count(const Stream& stream, std::uint32_t recipients,
                            const Digest& fingerprint, Instant now) {
    const Lock lock(mutex_);
    const auto at = ticks(now);
    auto& rates = rates_.at(stream);
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

Habits MemoryCounters::note_login(std::string_view login, std::string_view network, bool again,
                                  Instant now) {
    const Lock lock(mutex_);
    const auto at = ticks(now);
    return logins_.at(std::string(login)).note(network_key(network), again, at);
}

std::string MemoryCounters::logins() const {
    std::string bytes;
    pack(bytes, logins_form);
    pack(bytes, network_key("another library would hash otherwise"));
    std::vector<std::string> names;
    {
        const Lock lock(mutex_);
        pack(bytes, latest_ms_.value_or(0));
        names.assign(logins_.keys().begin(), logins_.keys().end());
    }
    for (std::size_t begin = 0; begin < names.size(); begin += logins_at_once) {
        const Lock lock(mutex_);
        for (auto i = begin; i < std::min(names.size(), begin + logins_at_once); ++i) {
            const auto* history = logins_.find(names[i]);
            if (history == nullptr) continue;  // forgotten meanwhile
            pack(bytes, std::string_view(names[i]));
            history->write(bytes);
        }
    }
    return bytes;
}

Result<std::size_t> MemoryCounters::read_logins(std::string_view bytes) {
    std::uint32_t form = 0;
    std::uint64_t hash = 0;
    std::int64_t latest = 0;
    if (!unpack(bytes, form) || !unpack(bytes, hash) || !unpack(bytes, latest) ||
        form != logins_form || hash != network_key("another library would hash otherwise"))
        return fail(Fault::corrupt, "not the habits of logins, or of another version");
    FreshMap<std::string, LoginHistory> read(limits_.logins_max);
    std::size_t count = 0;
    while (!bytes.empty()) {
        std::string name;
        LoginHistory history;
        if (!unpack(bytes, name) || !history.read(bytes))
            return fail(Fault::corrupt,
                        "the habits end in the middle of login " + std::to_string(count + 1));
        read.at(name) = std::move(history);
        ++count;
    }
    const Lock lock(mutex_);
    logins_ = std::move(read);
    // Order: what was noted lies before whatever comes.
    latest_ms_ = std::max(latest_ms_.value_or(latest), latest);
    return logins_.keys().size();
}

std::uint32_t MemoryCounters::strike(const ServiceRef& service, Instant now) {
    const Lock lock(mutex_);
    const auto hour = unit_of(ticks(now), hour_ms);
    auto& strikes = strikes_.at(service);
    strikes.add(hour, 1);
    return strikes.sum(hour);
}

std::uint64_t MemoryCounters::evicted() const {
    const Lock lock(mutex_);
    return rates_.evicted();
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
