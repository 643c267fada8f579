#include "src/memory/login_history.hpp"

#include <algorithm>

namespace bailiff {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;
constexpr std::size_t networks_max = 64;
constexpr std::size_t days = 10;

}  // namespace

/// What lies between the last day and this one was silent.
void LoginHistory::turn_to(std::int64_t day) {
    const auto passed = std::min<std::int64_t>(day - day_, days);
    for (std::int64_t back = 0; back < passed; ++back) busiest_[slot<days>(day - back)] = 0;
    day_ = day;
}

void LoginHistory::count(std::int64_t ms) {
    const auto hour = unit_of(ms, hour_ms);
    if (hour != hour_) this_hour_ = 0;
    hour_ = hour;
    this_hour_ = add_held(this_hour_, 1);
    auto& today = busiest_[slot<days>(day_)];
    today = std::max(today, this_hour_);
    minutes_.add(unit_of(ms, minute_ms), 1);
}

/// Without today and yesterday: a burst that passes midnight is not its own measure.
std::uint32_t LoginHistory::busiest_of_the_week_before() const {
    std::uint32_t busiest = 0;
    for (std::int64_t back = 2; back < 9; ++back)
        busiest = std::max(busiest, busiest_[slot<days>(day_ - back)]);
    return busiest;
}

const LoginHistory::Network& LoginHistory::see(std::uint64_t key, std::int64_t minute) {
    auto found = std::ranges::find(networks_, key, &Network::key);
    if (found == networks_.end()) {
        if (networks_.size() >= networks_max)
            networks_.erase(std::ranges::min_element(networks_, {}, &Network::last_minute));
        found = networks_.insert(networks_.end(), {key, minute, minute});
    }
    found->last_minute = minute;
    return *found;
}

Habits LoginHistory::note(std::uint64_t network, bool again, std::int64_t ms) {
    const auto minute = unit_of(ms, minute_ms);
    if (first_ms_ == INT64_MIN) {
        first_ms_ = ms;
        day_ = unit_of(ms, day_ms);
    }
    turn_to(unit_of(ms, day_ms));
    if (!again) count(ms);
    const auto lately = [&](std::int64_t at) { return at > minute - 60; };
    Habits habits;
    habits.new_network = lately(see(network, minute).first_minute);
    for (const auto& each : networks_)
        if (lately(each.last_minute)) ++habits.networks_hour;
    habits.messages_hour = minutes_.sum(minute);
    habits.usual_hour = busiest_of_the_week_before();
    habits.days_known = static_cast<std::uint32_t>((ms - first_ms_) / day_ms);
    return habits;
}

void LoginHistory::write(std::string& bytes) const {
    pack(bytes, first_ms_);
    pack(bytes, day_);
    pack(bytes, hour_);
    pack(bytes, this_hour_);
    for (const auto busiest : busiest_) pack(bytes, busiest);
    minutes_.write(bytes);
    pack(bytes, static_cast<std::uint32_t>(networks_.size()));
    for (const auto& network : networks_) {
        pack(bytes, network.key);
        pack(bytes, network.first_minute);
        pack(bytes, network.last_minute);
    }
}

bool LoginHistory::read(std::string_view& bytes) {
    std::uint32_t count = 0;
    const bool whole =
        unpack(bytes, first_ms_) && unpack(bytes, day_) && unpack(bytes, hour_) &&
        unpack(bytes, this_hour_) &&
        std::ranges::all_of(busiest_, [&](auto& busiest) { return unpack(bytes, busiest); }) &&
        minutes_.read(bytes) && unpack(bytes, count) && count <= networks_max;
    if (!whole) return false;
    networks_.resize(count);
    return std::ranges::all_of(networks_, [&](Network& network) {
        return unpack(bytes, network.key) && unpack(bytes, network.first_minute) &&
               unpack(bytes, network.last_minute);
    });
}

}  // namespace bailiff
