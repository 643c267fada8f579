#pragma once
// A ledger in memory whose transactions can fail at will.

#include <bailiff/ports/ledger.hpp>
#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/pipeline/carry_out_machine.hpp"

namespace bailiff::test {

/// What the ledger holds; copied for each transaction, so that an abort leaves no trace.
struct Shelves {
    std::map<CaseId, Case> cases;
    std::map<ActionId, Action> actions;
    std::map<ServiceRef, StandingRow> services;
    std::map<AccountId, StandingRow> accounts;
    std::vector<EffectRow> effects;
    ActionBreaker breaker;
    bool breaker_is_corrupt = false;  ///< until it is written anew
    std::map<std::string, RuleAge> rule_ages;
    std::vector<Leaf> leaves;
    std::map<CaseId, std::vector<Seal>> seals;
};

class ShelfView : public LedgerTxn {
public:
    explicit ShelfView(Shelves& shelves) : s_(shelves) {}

    Result<std::optional<Case>> find_case(const CaseId& id) const override {
        return find(s_.cases, id);
    }
    Result<std::vector<Case>> cases(const CaseFilter& filter) const override {
        std::vector<Case> found;
        for (const auto& [id, record] : s_.cases)
            if ((!filter.state || record.state == *filter.state) &&
                (!filter.service || record.service.id == *filter.service) &&
                found.size() < filter.count)
                found.push_back(record);
        return found;
    }
    Result<std::optional<CaseId>> case_by_fingerprint(const Digest&) const override {
        return std::optional<CaseId>();
    }
    Result<std::optional<CaseId>> open_case(const ServiceRef&, std::string_view) const override {
        return std::optional<CaseId>();
    }
    Result<std::string> message(const CaseId&) const override { return std::string("raw"); }
    Result<StandingRow> standing(const ServiceRef& id) const override {
        return find(s_.services, id).value_or(StandingRow{});
    }
    Result<StandingRow> standing(const AccountId& id) const override {
        return find(s_.accounts, id).value_or(StandingRow{});
    }
    Result<std::optional<Action>> find_action(const ActionId& id) const override {
        return find(s_.actions, id);
    }
    Result<std::vector<Action>> actions_of(const CaseId& id) const override {
        return sorted([&](const Action& action) { return action.case_id == id; },
                      [](const Action& action) { return std::tuple(action.sequence); });
    }
    Result<std::vector<Action>> outbox(std::size_t count) const override {
        auto found = sorted(
            [](const Action& action) {
                return action.state == ActionState::due || action.state == ActionState::running;
            },
            [](const Action& action) { return std::tuple(action.due); });
        if (found.size() > count) found.resize(count);
        return found;
    }
    Result<std::uint64_t> effects_since(Instant since, Instant until) const override {
        BAILIFF_TRY(const auto rows, effects(since, until));
        return rows.size();
    }
    Result<std::vector<EffectRow>> effects(Instant since, Instant until) const override {
        std::vector<EffectRow> rows;
        std::ranges::copy_if(s_.effects, std::back_inserter(rows), [&](const EffectRow& row) {
            return row.at >= since && row.at <= until;
        });
        return rows;
    }
    Result<ActionBreaker> breaker() const override {
        if (s_.breaker_is_corrupt) return fail(Fault::corrupt, "a wrong checksum");
        return s_.breaker;
    }
    Result<std::optional<RuleAge>> rule_age(std::string_view rule) const override {
        const auto found = s_.rule_ages.find(std::string(rule));
        if (found == s_.rule_ages.end()) return std::optional<RuleAge>{};
        return std::optional(found->second);
    }
    Result<std::uint64_t> holds_since(Instant, Instant) const override { return std::uint64_t{0}; }
    Result<std::vector<Leaf>> leaves(std::uint64_t, std::size_t) const override {
        return s_.leaves;
    }
    Result<std::vector<Exhibit>> exhibits(const CaseId&, std::uint32_t) const override {
        return std::vector<Exhibit>{};
    }
    Result<std::string> exhibit(const CaseId&, std::uint32_t, std::string_view) const override {
        return fail(Fault::not_found, "no exhibits here");
    }
    Result<std::vector<Seal>> seals(const CaseId& id) const override {
        const auto found = s_.seals.find(id);
        return found == s_.seals.end() ? std::vector<Seal>{} : found->second;
    }
    Result<std::vector<Unsealed>> unsealed(const CaseId&, std::size_t) const override {
        return std::vector<Unsealed>{};
    }
    Result<std::uint64_t> changes_since_seal(const CaseId&) const override {
        return std::uint64_t{0};
    }
    Result<std::vector<Unstamped>> unstamped(std::size_t) const override {
        return std::vector<Unstamped>{};
    }
    Result<LedgerStats> stats() const override { return LedgerStats{}; }

    Result<void> put_case(const Case& changed) override {
        s_.cases[changed.id] = changed;
        return {};
    }
    Result<void> put_message(const CaseId&, std::string_view) override { return {}; }
    Result<void> put_action(const Action& action) override {
        s_.actions[action.id] = action;
        return {};
    }
    Result<void> put_standing(const ServiceRef& id, const StandingRow& row) override {
        s_.services[id] = row;
        return {};
    }
    Result<void> put_standing(const AccountId& id, const StandingRow& row) override {
        s_.accounts[id] = row;
        return {};
    }
    Result<void> count_effect(const EffectRow& effect) override {
        s_.effects.push_back(effect);
        return {};
    }
    Result<void> put_breaker(const ActionBreaker& breaker) override {
        s_.breaker = breaker;
        s_.breaker_is_corrupt = false;
        return {};
    }
    Result<void> put_rule_age(std::string_view rule, const RuleAge& age) override {
        s_.rule_ages[std::string(rule)] = age;
        return {};
    }
    Result<void> count_hold(const CaseId&, Instant) override { return {}; }
    Result<std::uint64_t> append_leaf(const Leaf& leaf) override {
        s_.leaves.push_back(leaf);
        return s_.leaves.size() - 1;
    }
    Result<void> put_exhibit(const CaseId&, std::uint32_t, const Exhibit&,
                             std::string_view) override {
        return {};
    }
    Result<void> put_seal(const CaseId& id, const Seal& seal) override {
        s_.seals[id].push_back(seal);
        return {};
    }
    Result<void> set_sealed(const CaseId&, std::uint64_t) override { return {}; }

private:
    template <class Map, class Key>
    static std::optional<typename Map::mapped_type> find(const Map& map, const Key& key) {
        const auto found = map.find(key);
        if (found == map.end()) return std::nullopt;
        return found->second;
    }
    template <class Want, class By>
    std::vector<Action> sorted(Want want, By by) const {
        std::vector<Action> found;
        for (const auto& [id, action] : s_.actions)
            if (want(action)) found.push_back(action);
        std::ranges::stable_sort(found, {}, by);
        return found;
    }
    Shelves& s_;
};

class ShelfLedger final : public Ledger {
public:
    explicit ShelfLedger(Machine& machine) : machine_(machine) {}

    Result<void> update(LedgerChange change, LedgerChange = {}) override {
        machine_.step();
        in_update = true;
        Shelves copy = shelves;
        ShelfView view(copy);
        const auto done = change(view);
        in_update = false;
        if (!done) return done;
        if (fail_update > 0 && --fail_update == 0)
            return fail(failure, "the ledger was told to fail");
        shelves = std::move(copy);
        machine_.step();
        return {};
    }
    Result<void> read(const std::function<Result<void>(const LedgerView&)>& look) const override {
        machine_.step();
        Shelves copy = shelves;
        return look(ShelfView(copy));
    }

    Shelves shelves;
    int fail_update = 0;  ///< the n-th from now fails before its commit
    Fault failure = Fault::unavailable;
    bool in_update = false;

private:
    Machine& machine_;
};

}  // namespace bailiff::test
