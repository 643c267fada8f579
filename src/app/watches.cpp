#include "src/app/watches.hpp"

#include "src/pipeline/directory_state.hpp"

namespace bailiff {
namespace {

constexpr auto corrupt_for = std::chrono::minutes(1);

std::string why_not(DirectoryState state, const Result<DirectoryInfo>& info) {
    if (state == DirectoryState::ok) return {};
    if (!info) return info.error().what;
    return "imported at " + to_rfc3339(info->imported) + ": nobody is punished by it";
}

}  // namespace

Watches::Watches(const LmdbLedger& ledger, const Directory& directory, const OwnTime& time,
                 Journal& journal)
    : ledger_(ledger),
      directory_(directory),
      time_(time),
      ledger_watch_("ledger_state", journal, time),
      records_watch_("ledger_records", journal, time),
      directory_watch_("directory_state", journal, time),
      clock_watch_("clock_state", journal, time) {}

void Watches::look_at_records(const LedgerHealth& health) {
    const auto now = time_.steady();
    if (health.corrupt_seen > corrupt_seen_) corrupt_at_ = now;
    corrupt_seen_ = health.corrupt_seen;
    const bool corrupt = corrupt_seen_ > 0 && now - corrupt_at_ < corrupt_for;
    records_watch_.see(corrupt ? "corrupt" : "ok",
                       corrupt ? "records fail their checksum and are passed over" : "");
}

Conditions Watches::look() {
    const auto health = ledger_.health();
    ledger_watch_.see(to_text(health.state), health.why);
    look_at_records(health);
    const auto info = directory_.info();
    const auto state = directory_state(info, time_);
    directory_watch_.see(to_text(state), why_not(state, info));
    const auto jump = time_.jump();
    clock_watch_.see(jump ? "jumped" : "ok",
                     jump ? "the machine's clock is ahead of ours by " +
                                std::to_string(*jump / std::chrono::seconds(1)) + " s"
                          : "");
    Conditions now{.ledger = ledger_watch_.state(),
                   .health = health,
                   .records = records_watch_.state(),
                   .directory = directory_watch_.state(),
                   .imported = std::nullopt,
                   .clock = clock_watch_.state()};
    if (info) now.imported = *info;
    return now;
}

}  // namespace bailiff
