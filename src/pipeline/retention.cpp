#include "src/pipeline/retention.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "src/evidence/custody.hpp"
#include "src/pipeline/disclosure.hpp"
#include "src/pipeline/erasure.hpp"

namespace bailiff {
namespace {

constexpr std::size_t page_leaves = 1'000;
constexpr auto a_day = std::chrono::hours(24);

struct Erased {
    bool content = false;
    std::uint64_t in_a_day = 0;
};

Erased erased_of(const Case& record, Instant now) {
    Erased erased;
    for (const auto& event : record.events) {
        if (!is_custody_event(event)) continue;
        const auto words = custody_words(event);
        if (words.action != "erase") continue;
        erased.content = erased.content || words.object == "content" || words.object == "all";
        if (event.by == retention_name && event.at > now - a_day) ++erased.in_a_day;
    }
    return erased;
}

Instant readable_until(const Case& record) {
    Instant until{};
    for (const auto& event : record.events) {
        if (!is_custody_event(event)) continue;
        const auto action = custody_words(event).action;
        if (action == "view" || action == "export")
            until = std::max(until, event.at + disclosure_lasts);
    }
    return until;
}

Result<std::vector<RetentionLine>> lines_of(const LedgerView& view, const Case& record,
                                            const RetentionTerms& terms, Instant now) {
    BAILIFF_TRY(const auto actions, view.actions_of(record.id));
    // A holder may be written after an erasure, with the first seal: asked each time, it is small.
    BAILIFF_TRY(const bool holder, is_left(view, record.id, "holder"));
    auto lines = retention_lines({.record = record,
                                  .actions = actions,
                                  .legal_hold = is_on_legal_hold(record),
                                  .content_erased = erased_of(record, now).content,
                                  .holder_erased = !holder,
                                  .readable_until = readable_until(record)},
                                 terms, now);
    std::vector<RetentionLine> left;
    for (auto& line : lines) {
        if (now >= line.due) {
            BAILIFF_TRY(const bool is_there, is_left(view, record.id, line.part));
            if (!is_there) continue;
        }
        left.push_back(std::move(line));
    }
    return left;
}

Result<void> read_case(const LedgerView& view, const std::string& subject,
                       const RetentionTerms& terms, Instant now, RetentionPage& page) {
    BAILIFF_TRY(const auto id, CaseId::parse(subject));
    BAILIFF_TRY(const auto record, view.find_case(id));
    if (!record) return {};
    BAILIFF_TRY(auto lines, lines_of(view, *record, terms, now));
    ++page.cases;
    page.erased_in_a_day += erased_of(*record, now).in_a_day;
    std::ranges::move(lines, std::back_inserter(page.lines));
    return {};
}

void count(const RetentionLine& line, const RetentionSettings& settings, RetentionReport& report) {
    if (is_due(line, report.at)) {
        ++report.due;
        if (is_of_job(line, settings)) ++report.due_by_job;
    } else if (report.at >= line.due) {
        ++report.held;
    } else if (report.at + retention_ahead >= line.due) {
        ++report.next;
    }
}

/// What is of interest first: due, then held back, then to come.
int order_of(const RetentionLine& line, Instant now) {
    if (is_due(line, now)) return 0;
    return now >= line.due ? 1 : 2;
}

// All that the transaction needs, owned: see Ledger::update.
struct Erasing {
    RetentionLine line;
    RetentionTerms terms;
    DecidedBy by;
    Instant now{};

    /// Whether it was still due: a hold may have come, or a person's word.
    Result<bool> write(LedgerTxn& txn) const {
        BAILIFF_TRY(const auto record, txn.find_case(line.case_id));
        if (!record) return false;
        BAILIFF_TRY(const auto lines, lines_of(txn, *record, terms, now));
        const auto still = std::ranges::find(lines, line.part, &RetentionLine::part);
        if (still == lines.end() || !is_due(*still, now)) return false;
        auto why = by.reason.empty() ? still->why : by.reason + "; " + still->why;
        BAILIFF_CHECK(erase_evidence(txn, line.case_id, {by.name, std::move(why), line.part}, now));
        return true;
    }
};

}  // namespace

Result<Instant> newest_leaf(const LedgerView& view) {
    BAILIFF_TRY(const auto stats, view.stats());
    if (stats.leaves == 0) return Instant{};
    BAILIFF_TRY(const auto leaves, view.leaves(stats.leaves - 1, 1));
    return leaves.empty() ? Instant{} : leaves.front().at;
}

Result<RetentionPage> retention_page(const Ledger& ledger, std::uint64_t from, std::size_t count,
                                     const RetentionTerms& terms, Instant now) {
    RetentionPage page;
    page.next = from;
    BAILIFF_CHECK(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto leaves, view.leaves(from, count));
        page.next += leaves.size();
        page.end = leaves.size() < count;
        for (const auto& leaf : leaves) {
            if (leaf.kind != "case-open") continue;
            const auto read = read_case(view, leaf.subject, terms, now, page);
            if (read) continue;
            if (read.error().fault != Fault::corrupt) return Failure(read.error());
            ++page.unreadable;
        }
        return {};
    }));
    return page;
}

Result<RetentionReport> retention_report(const Ledger& ledger, const RetentionTerms& terms,
                                         KnownClock clock, Instant now) {
    RetentionReport report;
    report.at = now;
    report.job = terms.settings.job;
    BAILIFF_CHECK(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(clock.newest, newest_leaf(view));
        return {};
    }));
    RetentionPage page;
    for (std::uint64_t from = 0; !page.end; from = page.next) {
        BAILIFF_TRY(page, retention_page(ledger, from, page_leaves, terms, now));
        report.cases += page.cases;
        report.unreadable += page.unreadable;
        report.erased_in_a_day += page.erased_in_a_day;
        for (auto& line : page.lines) {
            count(line, terms.settings, report);
            if (now + retention_ahead >= line.due) report.lines.push_back(std::move(line));
        }
    }
    std::ranges::stable_sort(report.lines, {}, [now](const RetentionLine& line) {
        return std::pair(order_of(line, now), line.due);
    });
    if (report.lines.size() > retention_lines_max) report.lines.resize(retention_lines_max);
    report.stopped = clock_objection(clock, now, false);
    if (report.stopped.empty())
        report.stopped =
            budget_objection(report.due_by_job, report.erased_in_a_day, terms.settings);
    return report;
}

Result<bool> erase_due(Ledger& ledger, const RetentionLine& line, const RetentionTerms& terms,
                       const DecidedBy& by, Instant now) {
    const auto erased = std::make_shared<bool>(false);
    BAILIFF_CHECK(ledger.update(
        [erased, erasing = Erasing{line, terms, by, now}](LedgerTxn& txn) -> Result<void> {
            auto done = erasing.write(txn);
            if (!done) return Failure(std::move(done).error());
            *erased = *done;
            return {};
        }));
    return *erased;
}

Result<RetentionRun> run_retention(Ledger& ledger, const RetentionTerms& terms, KnownClock clock,
                                   const DecidedBy& by, const RetentionStep& step, Instant now) {
    BAILIFF_CHECK(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(clock.newest, newest_leaf(view));
        return {};
    }));
    const auto objection = clock_objection(clock, now, true);
    if (!objection.empty())
        return fail(Fault::invalid_input, "nothing is erased by this clock: " + objection);
    RetentionRun run;
    BAILIFF_TRY(auto page, retention_page(ledger, step.from, page_leaves, terms, now));
    run.next = page.next;
    run.end = page.end;
    for (auto& line : page.lines) {
        if (!is_due(line, now)) continue;
        if (run.erased.size() >= std::min(step.count, retention_step_max)) {
            run.next = step.from;  // the rest of this page comes first next time
            run.end = false;
            break;
        }
        BAILIFF_TRY(const bool erased, erase_due(ledger, line, terms, by, now));
        if (erased) run.erased.push_back(std::move(line));
    }
    return run;
}

}  // namespace bailiff
