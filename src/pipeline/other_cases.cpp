#include "src/pipeline/other_cases.hpp"

#include "src/enforce/states.hpp"
#include "src/pipeline/case_notes.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <string>

namespace bailiff {

namespace {

constexpr std::size_t cases_max = 10'000;

bool stands(const Case& record) {
    return record.state == CaseState::open || record.state == CaseState::rejected;
}

bool holds(const Case& record) {
    return record.mode == Mode::enforce && record.path != "review" && stands(record);
}

/// What a termination has to do with a suspension, it has not with a blocked script.
bool same_thing(ActionKind a, ActionKind b) {
    return a == b || (standing_by(a) != Standing::active && standing_by(b) != Standing::active);
}

bool same_target(const Action& a, const Action& b) {
    const auto target = row_of(a.kind).target;
    return same_thing(a.kind, b.kind) && target == row_of(b.kind).target && a.target == b.target &&
           (target == ActionTarget::account || a.service == b.service);
}

}  // namespace

CaseClaim claim_of(const std::vector<Action>& actions, const CaseId& id, ActionTarget target,
                   const std::string& id_of_target) {
    CaseClaim claim{Standing::active, id};
    for (const auto& act : actions) {
        if (act.direction != Direction::act || act.case_id != id) continue;
        if (row_of(act.kind).target != target || act.target != id_of_target) continue;
        if (!may_have_happened(act.state) || act.state == ActionState::running) continue;
        claim.standing = std::max(claim.standing, standing_by(act.kind));
    }
    return claim;
}

Result<std::optional<CaseClaim>> others_claim(const LedgerView& view, const ServiceRef& service,
                                              const CaseId& but) {
    BAILIFF_TRY(const auto cases,
                view.cases({.state = std::nullopt, .service = service.id, .count = cases_max}));
    std::vector<CaseClaim> claims;
    for (const auto& other : cases) {
        if (other.id == but || other.service != service || !holds(other)) continue;
        BAILIFF_TRY(const auto actions, view.actions_of(other.id));
        auto claim = claim_of(actions, other.id, ActionTarget::service, service.id.text());
        if (guard_removed(Guard::other_cases_keep_theirs)) claim.standing = Standing::held;
        claim.standing = std::max(claim.standing, Standing::held);
        claims.push_back(claim);
    }
    return harshest(claims);
}

Result<std::vector<Action>> actions_of_others(const LedgerView& view, const Action& action,
                                              const std::vector<ServiceId>& services) {
    std::vector<Action> found;
    for (const auto& service : services) {
        BAILIFF_TRY(const auto cases,
                    view.cases({.state = std::nullopt, .service = service, .count = cases_max}));
        for (const auto& other : cases) {
            if (other.id == action.case_id) continue;
            BAILIFF_TRY(const auto actions, view.actions_of(other.id));
            for (const auto& one : actions) {
                const bool counts =
                    one.direction == Direction::act ? stands(other) : !is_final(one.state);
                if (!counts || one.service != other.service || !same_target(one, action)) continue;
                if (std::ranges::count(found, one.id, &Action::id) == 0) found.push_back(one);
            }
        }
    }
    return found;
}

bool is_under_way(const std::vector<Action>& others) {
    return std::ranges::any_of(others, [](const Action& other) {
        return other.direction == Direction::act && other.state == ActionState::running;
    });
}

Result<void> relink(LedgerTxn& txn, const Action& taken_out, const std::vector<Action>& others,
                    const std::string& began) {
    for (const auto& other : others) {
        BAILIFF_TRY(auto now, txn.find_action(other.id));
        if (!now) continue;
        const auto back = way_back_without(taken_out.kind, began, now->state_before);
        if (back == now->state_before) continue;
        now->state_before = std::string(back);
        BAILIFF_CHECK(txn.put_action(*now));
        BAILIFF_CHECK(txn.append_leaf(leaf_of(*now)));
    }
    return {};
}

}  // namespace bailiff
