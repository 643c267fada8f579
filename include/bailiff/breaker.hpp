#pragma once
// The breaker on mass action, and what its budgets count.

#include <bailiff/action_kind.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ids.hpp>
#include <string>
#include <vector>

namespace bailiff {

/// Open: everything that would touch a customer waits for a person, until one closes it by name.
struct ActionBreaker {
    bool open = false;
    Instant since{};     ///< of the last change; budgets count from here on
    std::string cause;   ///< the setting that was spent; empty: it has never been open
    std::string detail;  ///< one sentence
    std::string by;      ///< who closed it last
    std::string reason;  ///< and why
    bool operator==(const ActionBreaker&) const = default;
};

/// One act on a customer that was started.
struct EffectRow {
    Instant at{};
    ActionId action;
    ActionKind kind = ActionKind::notify_team;
    AccountId account;
    std::vector<std::string> rules;  ///< own rules that weighed in its case
    bool operator==(const EffectRow&) const = default;
};

/// Since when a rule reads as it does.
struct RuleAge {
    Digest digest;  ///< of its definition and score
    Instant since{};
    bool operator==(const RuleAge&) const = default;
};

}  // namespace bailiff
