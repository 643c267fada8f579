#include "src/memory/ledger.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <exception>
#include <limits>
#include <optional>

#include "src/memory/ledger_state.hpp"

namespace bailiff {
namespace {

template <class Map, class Key>
auto found_in(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
}

bool matches(const Case& record, const CaseFilter& filter) {
    return (!filter.state || *filter.state == record.state) &&
           (!filter.service || *filter.service == record.service.id) && fits(record, filter);
}

template <class Set>
std::uint64_t count_in(const Set& set, Instant since, Instant until) {
    std::uint64_t count = 0;
    for (auto at = set.lower_bound({since, {}}); at != set.end() && at->first <= until; ++at)
        ++count;
    return count;
}

std::vector<EffectRow> rows_in(const std::map<std::pair<Instant, ActionId>, EffectRow>& effects,
                               Instant since, Instant until) {
    std::vector<EffectRow> rows;
    auto at = effects.lower_bound({since, {}});
    for (; at != effects.end() && at->first.first <= until; ++at) rows.push_back(at->second);
    return rows;
}

/// All reading functions, for `Port` = LedgerView or LedgerTxn.
template <class Port, class State>
class Reads : public Port {
public:
    explicit Reads(State& state) : state_(state) {}

    Result<std::optional<Case>> find_case(const CaseId& id) const override {
        return found_in(state_.cases, id);
    }

    Result<std::vector<Case>> cases(const CaseFilter& filter) const override {
        std::vector<Case> listed;
        const auto& order = state_.cases_by_time;
        for (auto at = order.rbegin(); at != order.rend() && listed.size() < filter.count; ++at) {
            const auto& record = state_.cases.at(at->second);
            if (matches(record, filter)) listed.push_back(record);
        }
        return listed;
    }

    Result<std::optional<CaseId>> case_by_fingerprint(const Digest& fingerprint) const override {
        std::optional<CaseId> newest;
        auto at = state_.fingerprints.lower_bound({fingerprint, Instant::min(), {}});
        for (; at != state_.fingerprints.end() && std::get<0>(*at) == fingerprint; ++at)
            newest = std::get<2>(*at);
        return newest;
    }

    Result<std::optional<CaseId>> open_case(const ServiceRef& service,
                                            std::string_view path) const override {
        std::optional<CaseId> newest;
        const std::tuple first(service, std::string(path), Instant::min(), CaseId{});
        auto at = state_.open_cases.lower_bound(first);
        for (; at != state_.open_cases.end(); ++at) {
            if (std::get<0>(*at) != service || std::get<1>(*at) != path) break;
            newest = std::get<3>(*at);
        }
        return newest;
    }

    Result<std::string> message(const CaseId& id) const override {
        auto raw = found_in(state_.messages, id);
        if (!raw) return fail(Fault::not_found, "case " + id.text() + " has no message");
        return *std::move(raw);
    }

    Result<StandingRow> standing(const ServiceRef& service) const override {
        return found_in(state_.service_standings, service).value_or(StandingRow{});
    }

    Result<StandingRow> standing(const AccountId& account) const override {
        return found_in(state_.account_standings, account).value_or(StandingRow{});
    }

    Result<std::optional<Action>> find_action(const ActionId& id) const override {
        return found_in(state_.actions, id);
    }

    Result<std::vector<Action>> actions_of(const CaseId& id) const override {
        std::vector<Action> listed;
        auto at = state_.actions_by_case.lower_bound({id, 0, {}});
        for (; at != state_.actions_by_case.end() && std::get<0>(*at) == id; ++at)
            listed.push_back(state_.actions.at(std::get<2>(*at)));
        return listed;
    }

    Result<std::vector<Action>> outbox(std::size_t count) const override {
        std::vector<Action> listed;
        for (const auto& [due, id] : state_.outbox) {
            if (listed.size() >= count) break;
            listed.push_back(state_.actions.at(id));
        }
        return listed;
    }

    Result<std::uint64_t> effects_since(Instant since, Instant until) const override {
        return rows_in(state_.effects, since, until).size();
    }

    Result<std::vector<EffectRow>> effects(Instant since, Instant until) const override {
        return rows_in(state_.effects, since, until);
    }

    Result<ActionBreaker> breaker() const override {
        return found_in(state_.breakers, std::string()).value_or(ActionBreaker{});
    }

    Result<std::optional<RuleAge>> rule_age(std::string_view rule) const override {
        return found_in(state_.rule_ages, std::string(rule));
    }

    Result<std::uint64_t> holds_since(Instant since, Instant until) const override {
        return count_in(state_.holds, since, until);
    }

    Result<std::vector<Leaf>> leaves(std::uint64_t first, std::size_t count) const override {
        const auto& all = state_.leaves;
        const auto from = std::min<std::uint64_t>(first, all.size());
        const auto length = std::min<std::uint64_t>(count, all.size() - from);
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
        return std::vector<Leaf>(begin, begin + static_cast<std::ptrdiff_t>(length));
    }

    Result<std::vector<Exhibit>> exhibits(const CaseId& id, std::uint32_t bag) const override {
        std::vector<Exhibit> listed;
        auto at = state_.exhibits.lower_bound({id, bag, {}});
        for (; at != state_.exhibits.end(); ++at) {
            if (std::get<0>(at->first) != id || std::get<1>(at->first) != bag) break;
            listed.push_back(at->second.first);
        }
        return listed;
    }

    Result<std::string> exhibit(const CaseId& id, std::uint32_t bag,
                                std::string_view path) const override {
        const auto found = found_in(state_.exhibits, std::tuple(id, bag, std::string(path)));
        if (!found)
            return fail(Fault::not_found,
                        "there is no exhibit " + std::string(path) + " of case " + id.text());
        return found->second;
    }

    Result<std::vector<Seal>> seals(const CaseId& id) const override {
        std::vector<Seal> listed;
        auto at = state_.seals.lower_bound({id, 0});
        for (; at != state_.seals.end() && at->first.first == id; ++at)
            listed.push_back(at->second);
        return listed;
    }

    Result<std::vector<Unsealed>> unsealed(const CaseId& after, std::size_t count) const override {
        std::vector<Unsealed> listed;
        auto at = state_.unsealed.upper_bound(after);
        for (; at != state_.unsealed.end() && listed.size() < count; ++at)
            listed.push_back({at->first, at->second});
        return listed;
    }

    Result<std::uint64_t> changes_since_seal(const CaseId& id) const override {
        return found_in(state_.unsealed, id).value_or(0);
    }

    Result<std::vector<Unstamped>> unstamped(std::size_t count) const override {
        std::vector<Unstamped> listed;
        for (const auto& [id, number] : state_.unstamped)
            if (listed.size() < count) listed.push_back({id, number});
        return listed;
    }

    Result<LedgerStats> stats() const override {
        LedgerStats stats;
        stats.cases = state_.cases.size();
        stats.leaves = state_.leaves.size();
        stats.outbox = state_.outbox.size();
        stats.waiting = state_.waiting.size();
        stats.unsealed = state_.unsealed.size();
        stats.unstamped = state_.unstamped.size();
        return stats;
    }

protected:
    State& state_;
};

template <class IdType>
Result<void> require(const IdType& id, const char* what) {
    if (id.empty()) return fail(Fault::invalid_input, std::string(what) + " is empty");
    return {};
}

template <class State>
class Writes final : public Reads<LedgerTxn, State> {
public:
    Writes(State& state, Undo& undo) : Reads<LedgerTxn, State>(state), undo_(undo) {}

    Result<void> put_case(const Case& changed) override {
        BAILIFF_CHECK(require(changed.id, "the id of a case"));
        auto& state = this->state_;
        if (const auto old = found_in(state.cases, changed.id)) unlist(*old);
        undo_.set(state.cases, changed.id, changed);
        undo_.insert(state.cases_by_time, {changed.opened, changed.id});
        if (changed.fingerprint != Digest{})
            undo_.insert(state.fingerprints, {changed.fingerprint, changed.opened, changed.id});
        if (changed.state == CaseState::open)
            undo_.insert(state.open_cases,
                         {changed.service, changed.path, changed.opened, changed.id});
        note_change(changed.id);
        return {};
    }

    Result<void> put_message(const CaseId& id, std::string_view raw) override {
        BAILIFF_CHECK(require(id, "the case of a message"));
        if (raw.size() > limits::message_bytes_max)
            return fail(Fault::exhausted, "the message is too long to be stored");
        undo_.set(this->state_.messages, id, std::string(raw));
        return {};
    }

    Result<void> put_action(const Action& action) override {
        BAILIFF_CHECK(require(action.id, "the id of an action"));
        BAILIFF_CHECK(require(action.case_id, "the case of an action"));
        auto& state = this->state_;
        if (const auto old = found_in(state.actions, action.id)) unlist(*old);
        undo_.set(state.actions, action.id, action);
        undo_.insert(state.actions_by_case, {action.case_id, action.sequence, action.id});
        const auto now = action.state;
        if (now == ActionState::due || now == ActionState::running)
            undo_.insert(state.outbox, {action.due, action.id});
        if (now == ActionState::waiting || now == ActionState::unknown || now == ActionState::dead)
            undo_.insert(state.waiting, action.id);
        note_change(action.case_id);
        return {};
    }

    Result<void> put_standing(const ServiceRef& service, const StandingRow& row) override {
        BAILIFF_CHECK(require(service.id, "the service of a standing"));
        undo_.set(this->state_.service_standings, service, row);
        return {};
    }

    Result<void> put_standing(const AccountId& account, const StandingRow& row) override {
        BAILIFF_CHECK(require(account, "the account of a standing"));
        undo_.set(this->state_.account_standings, account, row);
        return {};
    }

    Result<void> count_effect(const EffectRow& effect) override {
        BAILIFF_CHECK(require(effect.action, "the action of an effect"));
        undo_.set(this->state_.effects, {effect.at, effect.action}, effect);
        return {};
    }

    Result<void> put_breaker(const ActionBreaker& breaker) override {
        undo_.set(this->state_.breakers, std::string(), breaker);
        return {};
    }

    Result<void> put_rule_age(std::string_view rule, const RuleAge& age) override {
        undo_.set(this->state_.rule_ages, std::string(rule), age);
        return {};
    }

    Result<void> count_hold(const CaseId& id, Instant at) override {
        BAILIFF_CHECK(require(id, "the case of a hold"));
        undo_.insert(this->state_.holds, {at, id});
        return {};
    }

    Result<std::uint64_t> append_leaf(const Leaf& leaf) override {
        undo_.append(this->state_.leaves, leaf);
        return this->state_.leaves.size() - 1;
    }

    Result<void> put_exhibit(const CaseId& id, std::uint32_t bag, const Exhibit& exhibit,
                             std::string_view bytes) override {
        BAILIFF_CHECK(require(id, "the case of an exhibit"));
        if (bytes.size() > limits::message_bytes_max)
            return fail(Fault::exhausted, exhibit.path + " is too long to be stored");
        undo_.set(this->state_.exhibits, {id, bag, exhibit.path},
                  std::pair(exhibit, std::string(bytes)));
        return {};
    }

    Result<void> put_seal(const CaseId& id, const Seal& seal) override {
        BAILIFF_CHECK(require(id, "the case of a seal"));
        undo_.set(this->state_.seals, {id, seal.number}, seal);
        const std::pair key(id, seal.number);
        if (seal.stamp.empty())
            undo_.insert(this->state_.unstamped, key);
        else
            undo_.erase(this->state_.unstamped, key);
        return {};
    }

    Result<void> set_sealed(const CaseId& id, std::uint64_t changes) override {
        const auto found = found_in(this->state_.unsealed, id);
        if (found == changes) undo_.erase(this->state_.unsealed, id);
        return {};
    }

private:
    void note_change(const CaseId& id) {
        const auto before = found_in(this->state_.unsealed, id).value_or(0);
        undo_.set(this->state_.unsealed, id, before + 1);
    }

    void unlist(const Case& old) {
        auto& state = this->state_;
        undo_.erase(state.cases_by_time, {old.opened, old.id});
        undo_.erase(state.fingerprints, {old.fingerprint, old.opened, old.id});
        undo_.erase(state.open_cases, {old.service, old.path, old.opened, old.id});
    }

    void unlist(const Action& old) {
        auto& state = this->state_;
        undo_.erase(state.actions_by_case, {old.case_id, old.sequence, old.id});
        undo_.erase(state.outbox, {old.due, old.id});
        undo_.erase(state.waiting, old.id);
    }

    Undo& undo_;
};

template <class State>
Result<void> carry_out(const std::function<Result<void>(LedgerTxn&)>& change, State& state,
                       Undo& undo) {
    Writes<State> txn(state, undo);
    try {
        return change(txn);
    } catch (const std::exception& e) {
        return fail(Fault::internal, std::string("a change ended by exception: ") + e.what());
    }
}

}  // namespace

MemoryLedger::MemoryLedger() : state_(std::make_unique<State>()) {}
MemoryLedger::~MemoryLedger() = default;

Result<void> MemoryLedger::update(LedgerChange change, LedgerChange) {
    const Lock lock(mutex_);
    Undo undo;
    auto result = carry_out(change, *state_, undo);
    if (!result) undo.back();
    return result;
}

Result<void> MemoryLedger::read(const std::function<Result<void>(const LedgerView&)>& look) const {
    const Lock lock(mutex_);
    return look(Reads<LedgerView, const State>(*state_));
}

}  // namespace bailiff
