#include "src/pipeline/desk.hpp"

#include "src/pipeline/breaker.hpp"
#include "src/pipeline/case_notes.hpp"
#include "src/pipeline/disclosure.hpp"
#include "src/pipeline/erasure.hpp"
#include "src/pipeline/report.hpp"
#include "src/pipeline/retention.hpp"

#include <bailiff/crash_point.hpp>
#include <memory>
#include <utility>

namespace bailiff {

namespace {

Result<Case> case_of(const LedgerView& view, const CaseId& id) {
    BAILIFF_TRY(auto record, view.find_case(id));
    if (!record) return fail(Fault::not_found, "there is no case " + id.text());
    return *std::move(record);
}

Result<CaseFile> file_of(const LedgerView& view, const CaseId& id) {
    CaseFile file;
    BAILIFF_TRY(file.record, case_of(view, id));
    BAILIFF_TRY(file.actions, view.actions_of(id));
    if (!file.record.service.id.empty()) {
        BAILIFF_TRY(file.service_standing, view.standing(file.record.service));
    }
    if (!file.record.account.empty()) {
        BAILIFF_TRY(file.account_standing, view.standing(file.record.account));
    }
    return file;
}

// All that the transaction needs, owned: see Ledger::update.
struct Deciding {
    CaseId id;
    Decision decision = Decision::reject;
    DecidedBy by;
    Instant now{};
    bool can_release = false, can_delete = false;
    std::chrono::hours claim_window{}, probation{};
    std::vector<PathSettings> paths;
    ActionIdMaker action_id;

    Result<void> write(LedgerTxn& txn) const {
        BAILIFF_TRY(auto record, case_of(txn, id));
        BAILIFF_TRY(auto actions, txn.actions_of(id));
        BAILIFF_TRY(const auto row, txn.standing(record.service));
        BAILIFF_TRY(const auto answer, decide_case({.record = std::move(record),
                                                    .actions = std::move(actions),
                                                    .decision = decision,
                                                    .by = by,
                                                    .now = now,
                                                    .can_release = can_release,
                                                    .can_delete = can_delete,
                                                    .claim_window = claim_window,
                                                    .probation = probation,
                                                    .paths = paths,
                                                    .on_probation = now < row.probation_until},
                                                   action_id));
        BAILIFF_CHECK(txn.put_case(answer.record));
        for (const auto& action : answer.changed) {
            BAILIFF_CHECK(txn.put_action(action));
            BAILIFF_CHECK(txn.append_leaf(leaf_of(action)));
        }
        BAILIFF_CHECK(txn.append_leaf(decision_leaf(id, to_text(decision), answer.event)));
        if (answer.hold_now && row.standing == Standing::active)
            return txn.put_standing(answer.record.service,
                                    {Standing::held, id, now, row.probation_until});
        if (!answer.lift_now) return {};
        return lift_service(txn, answer.record, now);
    }
};

}  // namespace

LedgerDesk::LedgerDesk(Ledger& ledger, const Clock& clock, const Effect& effect, Options options)
    : ledger_(ledger), clock_(clock), effect_(effect), options_(std::move(options)) {}

Result<std::vector<Case>> LedgerDesk::list(const CaseFilter& filter) const {
    std::vector<Case> cases;
    BAILIFF_CHECK(ledger_
                      .read([&](const LedgerView& view) -> Result<void> {
                          BAILIFF_TRY(cases, view.cases(filter));
                          return {};
                      })
                      .within("listing cases"));
    return cases;
}

Result<CaseFile> LedgerDesk::show(const CaseId& id) const {
    CaseFile file;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(file, file_of(view, id));
        return {};
    }));
    return file;
}

Result<Disclosed> LedgerDesk::disclose(const CaseId& id, const Disclosure& disclosure) {
    BAILIFF_CHECK(check_disclosure(disclosure));
    if (!options_.settle)
        return fail(Fault::invalid_input, "signer.socket is empty: nothing is sealed here");
    const auto leaf = std::make_shared<std::uint64_t>();
    BAILIFF_CHECK(ledger_.update([=, now = clock_.now()](LedgerTxn& txn) -> Result<void> {
        BAILIFF_TRY(*leaf, note_disclosure(txn, id, disclosure, now));
        return {};
    }));
    BAILIFF_CHECK(options_.settle(id));
    Disclosed disclosed{.seals = {}, .leaf = *leaf};
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(disclosed.seals, view.seals(id));
        return {};
    }));
    return disclosed;
}

Result<std::string> LedgerDesk::exhibit(const CaseId& id, std::uint32_t bag,
                                        const std::string& path, std::uint64_t leaf) const {
    std::string bytes;
    const auto look = [&](const LedgerView& view) -> Result<void> {
        BAILIFF_CHECK(check_leaf(view, id, leaf, clock_.now()));
        if (bag == 0 && path == message_path) {
            BAILIFF_TRY(bytes, view.message(id));
        } else {
            BAILIFF_TRY(bytes, view.exhibit(id, bag, path));
        }
        return {};
    };
    BAILIFF_CHECK(ledger_.read(look));
    return bytes;
}

Result<std::string> LedgerDesk::cover(const CaseId& id, const std::string& tiers, Language language,
                                      std::uint64_t leaf) const {
    TierChoice choice{};
    for (const auto c : tiers)
        if (c >= '1' && c <= '4') choice[static_cast<std::size_t>(c - '1')] = true;
    std::string html;
    const auto look = [&](const LedgerView& view) -> Result<void> {
        BAILIFF_CHECK(check_leaf(view, id, leaf, clock_.now()));
        BAILIFF_TRY(const auto facts, cover_facts(view, id, options_.names, choice, clock_.now()));
        html = report_html(facts, language);
        return {};
    };
    BAILIFF_CHECK(ledger_.read(look));
    return html;
}

Result<CaseFile> LedgerDesk::decide(const CaseId& id, Decision decision, const DecidedBy& by) {
    BAILIFF_CHECK(check_decided_by(by));
    if (is_of_evidence(decision)) return keep_or_erase(id, decision, by);
    const Deciding deciding{
        .id = id,
        .decision = decision,
        .by = by,
        .now = clock_.now(),
        .can_release = effect_.knows(ActionKind::queue_release),
        .can_delete = effect_.knows(ActionKind::queue_delete),
        .claim_window = options_.claim_window,
        .probation = options_.probation,
        .paths = options_.paths ? options_.paths() : std::vector<PathSettings>(),
        .action_id = options_.action_id};
    BAILIFF_CHECK(ledger_.update([deciding](LedgerTxn& txn) { return deciding.write(txn); }));
    if (options_.wake_enforcer) options_.wake_enforcer();
    return show(id);
}

Result<CaseFile> LedgerDesk::keep_or_erase(const CaseId& id, Decision decision,
                                           const DecidedBy& by) {
    BAILIFF_CHECK(ledger_.update([=, now = clock_.now()](LedgerTxn& txn) {
        return decision == Decision::erase ? erase_evidence(txn, id, by, now)
                                           : hold_for_law(txn, id, by, now);
    }));
    crash_point("decision_written");
    return show(id);
}

Result<Report> LedgerDesk::report(Instant since) const {
    Report report;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(report, report_of(view, since));
        return {};
    }));
    return report;
}

Result<ActionBreaker> LedgerDesk::breaker() const {
    ActionBreaker breaker;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(breaker, breaker_of(view));
        return {};
    }));
    return breaker;
}

Result<ActionBreaker> LedgerDesk::reset_breaker(const DecidedBy& by) {
    BAILIFF_CHECK(check_decided_by(by));
    BAILIFF_CHECK(ledger_.update(
        [by, now = clock_.now()](LedgerTxn& txn) { return close_breaker(txn, by, now); }));
    if (options_.wake_enforcer) options_.wake_enforcer();
    return breaker();
}

RetentionTerms LedgerDesk::retention_terms() const {
    if (options_.retention) return options_.retention();
    return {.settings = {}, .claim_window = options_.claim_window};
}

KnownClock LedgerDesk::known_clock() const {
    return options_.known_clock ? options_.known_clock() : KnownClock{};
}

Result<RetentionReport> LedgerDesk::retention() const {
    return retention_report(ledger_, retention_terms(), known_clock(), clock_.now());
}

Result<RetentionRun> LedgerDesk::run_retention(const DecidedBy& by, const RetentionStep& step) {
    BAILIFF_CHECK(check_decided_by(by));
    return bailiff::run_retention(ledger_, retention_terms(), known_clock(), by, step,
                                  clock_.now());
}

}  // namespace bailiff
