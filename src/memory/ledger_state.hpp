#pragma once

#include <bailiff/ports/ledger.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "src/memory/ledger.hpp"

namespace bailiff {

/// All tables and indexes of a MemoryLedger.
struct MemoryLedger::State {
    std::map<CaseId, Case> cases;
    std::map<CaseId, std::string> messages;
    std::set<std::tuple<Digest, Instant, CaseId>> fingerprints;
    std::set<std::tuple<ServiceRef, std::string, Instant, CaseId>> open_cases;
    std::set<std::pair<Instant, CaseId>> cases_by_time;
    std::map<ActionId, Action> actions;
    std::set<std::tuple<CaseId, std::uint32_t, ActionId>> actions_by_case;
    std::set<std::pair<Instant, ActionId>> outbox;
    std::set<ActionId> waiting;
    std::map<ServiceRef, StandingRow> service_standings;
    std::map<AccountId, StandingRow> account_standings;
    std::map<std::pair<Instant, ActionId>, EffectRow> effects;
    std::set<std::pair<Instant, CaseId>> holds;
    std::map<std::string, ActionBreaker> breakers;  ///< one, by the empty name
    std::map<std::string, RuleAge> rule_ages;
    std::vector<Leaf> leaves;
    std::map<std::tuple<CaseId, std::uint32_t, std::string>, std::pair<Exhibit, std::string>>
        exhibits;
    std::map<std::pair<CaseId, std::uint32_t>, Seal> seals;
    std::map<CaseId, std::uint64_t> unsealed;
    std::set<std::pair<CaseId, std::uint32_t>> unstamped;
};

/// Changes containers, and changes them back.
class Undo {
public:
    template <class Key, class Value>
    void set(std::map<Key, Value>& map, const Key& key, Value value) {
        const auto found = map.find(key);
        if (found == map.end()) {
            map.emplace(key, std::move(value));
            steps_.emplace_back([&map, key] { map.erase(key); });
            return;
        }
        steps_.emplace_back([&map, key, old = std::exchange(found->second, std::move(value))] {
            map.at(key) = old;
        });
    }
    template <class Key, class Value>
    void erase(std::map<Key, Value>& map, const Key& key) {
        const auto found = map.find(key);
        if (found == map.end()) return;
        steps_.emplace_back([&map, key, old = std::move(found->second)] { map.emplace(key, old); });
        map.erase(found);
    }
    template <class Value>
    void insert(std::set<Value>& set, Value value) {
        if (set.insert(value).second)
            steps_.emplace_back([&set, value = std::move(value)] { set.erase(value); });
    }
    template <class Value>
    void erase(std::set<Value>& set, const Value& value) {
        if (set.erase(value) != 0) steps_.emplace_back([&set, value] { set.insert(value); });
    }
    template <class Value>
    void append(std::vector<Value>& list, const Value& value) {
        list.push_back(value);
        steps_.emplace_back([&list] { list.pop_back(); });
    }
    /// Everything as it was before the first change.
    void back() {
        for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)();
        steps_.clear();
    }

private:
    std::vector<std::function<void()>> steps_;
};

}  // namespace bailiff
