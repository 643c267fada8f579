#pragma once
// Services of two accounts, their cases, and the enforcer between ledger and panel.

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "src/pipeline/carry_out.hpp"
#include "src/pipeline/desk.hpp"
#include "src/seal/ids.hpp"
#include "tests/pipeline/carry_out_panel.hpp"

namespace bailiff::test {

using namespace std::chrono_literals;

inline const Instant created = *parse_rfc3339("2020-01-01");

inline Service service(std::string_view id, std::string_view account) {
    Service row;
    row.id = *ServiceId::parse(id);
    row.account = *AccountId::parse(account);
    row.created = created;
    return row;
}

/// All of it, with services svc-a and svc-b of account acc-1 and svc-c of acc-2.
struct World {
    World() {
        directory.rows = {service("svc-a", "acc-1"), service("svc-b", "acc-1"),
                          service("svc-c", "acc-2")};
    }
    ~World() { unsetenv("BAILIFF_REMOVE_GUARD"); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Machine machine;
    TestClock clock;
    ListJournal journal;
    HalfEntropy entropy;
    ShelfLedger ledger{machine};
    RowDirectory directory{clock};
    Panel panel{machine, ledger};
    Effect* effect = &panel;  ///< what the enforcer has carry out
    CarryOut::Options options{
        .mode = Mode::enforce,
        .budgets = {.actions_per_hour = 100, .actions_per_rule = 100, .terminations_per_day = 100},
        .retry_first = 1s,
        .retry_ceiling = 60s};
    std::unique_ptr<CarryOut> enforcer;  ///< the running one; started when it is first needed

    static CaseId case_id(int number) {
        return *CaseId::parse("B000000000000000" + std::to_string(number));
    }
    /// What the milter writes on a confirmed verdict.
    Case& open_case(int number, std::string_view service_id = "svc-a",
                    std::vector<ActionKind> kinds = {ActionKind::service_terminate,
                                                     ActionKind::account_suspend,
                                                     ActionKind::notify_team},
                    std::string path = "zero_tolerance") {
        const auto row = **directory.service(*ServiceId::parse(service_id));
        Case record;
        record.id = case_id(number);
        record.opened = clock.now();
        record.path = std::move(path);
        record.mode = Mode::enforce;
        record.service = row.ref();
        record.account = row.account;
        record.strength = Strength::proven;
        auto& stored = ledger.shelves.cases[record.id] = record;
        auto& standing = ledger.shelves.services[row.ref()];
        if (standing.standing == Standing::active)
            standing = {Standing::held, record.id, clock.now()};
        for (const auto kind : kinds) plan(record, kind);
        return stored;
    }
    Action& plan(const Case& record, ActionKind kind, std::string target = {}) {
        Action action;
        action.case_id = record.id;
        action.kind = kind;
        action.service = record.service;
        action.account = record.account;
        action.target =
            kind == ActionKind::account_suspend ? record.account.text() : record.service.id.text();
        if (!target.empty()) action.target = std::move(target);
        action.sequence = static_cast<std::uint32_t>(actions(record.id).size());
        action.due = action.changed = clock.now();
        action.id = action_id(record.id, action.direction, kind, action.target, 0);
        return ledger.shelves.actions[action.id] = action;
    }
    std::vector<Action> actions(const CaseId& id) {
        return *ShelfView(ledger.shelves).actions_of(id);
    }
    /// "terminate=verified suspend=due ..." without the first halves of the names.
    std::string states(int number) {
        std::string text;
        for (const auto& action : actions(case_id(number))) {
            const auto kind = to_text(action.kind);
            text += (text.empty() ? "" : " ");
            if (action.direction == Direction::undo) text += "undo-";
            text += std::string(kind.substr(kind.find('.') + 1)) + "=" +
                    std::string(to_text(action.state));
        }
        return text;
    }
    /// Good until the next transaction.
    Action& action(int number, ActionKind kind, Direction direction = Direction::act) {
        for (auto& [id, action] : ledger.shelves.actions)
            if (action.case_id == case_id(number) && action.kind == kind &&
                action.direction == direction)
                return action;
        throw std::out_of_range("no such action");
    }
    Standing service_standing(std::string_view id = "svc-a") {
        return ledger.shelves.services[{*ServiceId::parse(id), created}].standing;
    }
    Standing account_standing(std::string_view id = "acc-1") {
        return ledger.shelves.accounts[*AccountId::parse(id)].standing;
    }

    /// The enforcer is started anew: nothing but the ledger is remembered.
    void restart() {
        machine.start_again();
        enforcer.reset();
    }
    std::size_t run() {
        if (!enforcer)
            enforcer = std::make_unique<CarryOut>(ledger, directory, *effect, clock, journal, entropy,
                                                  options);
        return enforcer->run_due();
    }
    /// Until nothing is left that the enforcer does by itself, or the machine has died.
    void run_to_the_end() {
        for (int i = 0; i < 100 && !machine.dead() && !ShelfView(ledger.shelves).outbox(1)->empty();
             ++i) {
            run();
            clock.pass(options.retry_ceiling);
            directory.imported = clock.now();
        }
    }
    Result<CaseFile> decide(int number, Decision decision, DecidedBy by = {"Ada", "looked at it"}) {
        LedgerDesk desk(ledger, clock, *effect, {.action_id = action_id});
        return desk.decide(case_id(number), decision, by);
    }
    void reset_breaker() {
        LedgerDesk desk(ledger, clock, panel, {.action_id = action_id});
        (void)desk.reset_breaker({"Ada", "looked at all of them"}).value();
    }
};

}  // namespace bailiff::test
