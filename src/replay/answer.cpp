#include "src/replay/answer.hpp"

#include <algorithm>

namespace bailiff {
namespace {

Decided decided(const Replayed& replayed) {
    return {replayed.verdict.level, replayed.plan.path, replayed.plan.reply,
            replayed.plan.hold_service};
}

}  // namespace

void Side::add(Level level, Reply::Kind reply, bool hold, Instant at) {
    ++levels[static_cast<std::size_t>(level)];
    if (reply != Reply::Kind::proceed) ++stopped;
    if (!hold) return;
    ++holds;
    first_hold = std::min(first_hold.value_or(at), at);
}

void Answer::add(const FeatureRow& row, const Replay::Told& told) {
    if (!told.replayed) {
        ++untold[static_cast<std::size_t>(told.why_not)];
        return;
    }
    ++messages;
    first = std::min(first.value_or(row.received), row.received);
    last = std::max(last.value_or(row.received), row.received);
    const auto& then = row.decided;
    const auto now = decided(*told.replayed);
    const auto count = [&](auto& sums) {
        if (now != then) ++sums.changed;
        sums.before.add(then.level, then.reply, then.holds, row.received);
        sums.after.add(now.level, now.reply, now.holds, row.received);
    };
    count(*this);
    auto found = services.find(row.service);
    if (found == services.end()) {
        if (services.size() >= services_max) {
            ++unlisted;
            return;
        }
        found = services.try_emplace(row.service).first;
        found->second.account = row.account;
    }
    ++found->second.messages;
    count(found->second);
}

}  // namespace bailiff
