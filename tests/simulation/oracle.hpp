#pragma once
// Judges the enforcement path from outside: by the panel's effects, what was promised, and the
// ledger. Shares no rule with the source: states, guards and budgets are written here once more.

#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/ledger.hpp>
#include <string>

#include "tests/simulation/panel.hpp"
#include "tests/simulation/tenants.hpp"
#include "tests/simulation/truth.hpp"

namespace bailiff::simulation {

class Oracle {
public:
    Oracle(const Ledger& disk, const Tenants& tenants, Truth& truth, Sky& sky)
        : disk_(disk), tenants_(tenants), truth_(truth), sky_(sky) {}

    /// The panel is called: may this be done to a customer now?
    void see(const Order& order, Direction direction);
    /// After each step: what was promised is there.
    void check_promises() const;
    /// The panel has answered for ten minutes: nothing is left that only it could tell.
    void check_resolved(const Panel& panel) const;
    /// Everything is well and much time has passed: all is final or a person's, and agrees.
    void check_end(const Panel& panel) const;

private:
    [[nodiscard]] std::string why_not(const Order& order, Direction direction);
    [[nodiscard]] std::string why_not_borne(const Order& order) const;
    [[nodiscard]] std::string why_path_has_not(const Case& record, ActionKind kind) const;
    [[nodiscard]] std::string why_not_now(const Order& order);
    [[nodiscard]] std::string why_not_evident(const LedgerView& view, const Case& record) const;
    [[nodiscard]] bool over_budget(const ActionId& id);
    /// Returns how many of them wait for a person.
    Result<std::uint64_t> check_actions_end(const LedgerView& view, const CaseId& id) const;
    void check_case_end(const LedgerView& view, const Case& record, const Panel& panel) const;
    void check_service_end(const LedgerView& view, const Service& row, const Panel& panel) const;
    void check_script_free(const LedgerView& view, const Service& row, const Panel& panel) const;
    void check_script_end(const Case& record, const std::vector<Action>& actions) const;
    /// `name` is that of Panel::astray.
    void disagrees(const Panel& panel, const std::string& name, const std::string& what) const;

    const Ledger& disk_;
    const Tenants& tenants_;
    Truth& truth_;
    Sky& sky_;
};

}  // namespace bailiff::simulation
