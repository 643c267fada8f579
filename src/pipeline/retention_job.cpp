#include "src/pipeline/retention_job.hpp"

#include <algorithm>
#include <bailiff/crash_point.hpp>

namespace bailiff {

RetentionJob::RetentionJob(Ledger& ledger, const Clock& clock, Journal& journal, Options options)
    : ledger_(ledger),
      clock_(clock),
      journal_(journal),
      options_(std::move(options)),
      watch_("retention_state", journal, clock),
      wakes_(clock.steady()) {}

void RetentionJob::step() {
    if (stage_ == Stage::resting) {
        if (clock_.steady() < wakes_) return;
        begin();
    }
    const auto done = stage_ == Stage::walking ? walk() : erase();
    if (done) return;
    watch_.see("failing", done.error().what);
    rest();
}

void RetentionJob::begin() {
    stage_ = Stage::walking;
    terms_ = options_.terms();
    now_ = clock_.now();
    from_ = due_ = erased_in_a_day_ = 0;
    lines_.clear();
}

Result<void> RetentionJob::walk() {
    BAILIFF_TRY(auto page, retention_page(ledger_, from_, options_.leaves_a_step, terms_, now_));
    from_ = page.next;
    erased_in_a_day_ += page.erased_in_a_day;
    const auto most =
        static_cast<std::size_t>(std::max<std::int64_t>(terms_.settings.erasures_a_day, 0));
    for (auto& line : page.lines) {
        if (!is_due(line, now_) || !is_of_job(line, terms_.settings)) continue;
        ++due_;
        if (lines_.size() < most) lines_.push_back(std::move(line));
    }
    if (!page.end) return {};
    return weigh();
}

/// Everything is counted: it begins only if all of it may go.
Result<void> RetentionJob::weigh() {
    KnownClock clock = options_.clock();
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(clock.newest, newest_leaf(view));
        return {};
    }));
    auto why = due_ == 0 ? std::string() : clock_objection(clock, clock_.now(), false);
    if (why.empty()) why = budget_objection(due_, erased_in_a_day_, terms_.settings);
    watch_.see(why.empty() ? "ok" : "stopped", why);
    if (!why.empty() || lines_.empty()) {
        rest();
        return {};
    }
    std::ranges::reverse(lines_);
    stage_ = Stage::erasing;
    return {};
}

Result<void> RetentionJob::erase() {
    const auto ends = clock_.steady() + options_.step_max;
    const auto terms = options_.terms();
    auto clock = options_.clock();
    const auto why = clock_objection(clock, clock_.now(), false);
    if (!why.empty()) {
        watch_.see("stopped", why);
        rest();
        return {};
    }
    for (std::size_t i = 0; i < options_.erasures_a_step && !lines_.empty(); ++i) {
        const auto line = std::move(lines_.back());
        lines_.pop_back();
        if (!is_of_job(line, terms.settings)) continue;
        BAILIFF_TRY(const bool erased,
                    erase_due(ledger_, line, terms, {std::string(retention_name), "", line.part},
                              clock_.now()));
        crash_point("retention_between");
        if (erased)
            journal_.event(
                Severity::info, "retention.erased",
                {{"case", line.case_id.text()}, {"part", line.part}, {"rule", line.rule}});
        if (clock_.steady() >= ends) break;
    }
    if (lines_.empty()) rest();
    return {};
}

void RetentionJob::rest() {
    stage_ = Stage::resting;
    lines_.clear();
    wakes_ = clock_.steady() + options_.pause;
}

}  // namespace bailiff
