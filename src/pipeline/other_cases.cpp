#include "src/pipeline/other_cases.hpp"

#include "src/enforce/states.hpp"
#include "src/pipeline/case_notes.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <functional>
#include <set>
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

/// The harshest of those cases of a service that count by their actions; each holds it at least.
Result<std::optional<CaseClaim>> claim_of_those(
    const LedgerView& view, const ServiceRef& service, const CaseId& but,
    const std::function<bool(const std::vector<Action>&)>& counts) {
    BAILIFF_TRY(const auto cases,
                view.cases({.state = std::nullopt, .service = service.id, .count = cases_max}));
    std::vector<CaseClaim> claims;
    for (const auto& other : cases) {
        if (other.id == but || other.service != service || !holds(other)) continue;
        BAILIFF_TRY(const auto actions, view.actions_of(other.id));
        if (!counts(actions)) continue;
        auto claim = claim_of(actions, other.id, ActionTarget::service, service.id.text());
        if (guard_removed(Guard::other_cases_keep_theirs)) claim.standing = Standing::held;
        claim.standing = std::max(claim.standing, Standing::held);
        claims.push_back(claim);
    }
    return harshest(claims);
}

/// Those whose cases may want something of what an undo is about.
Result<std::set<ServiceId>> services_with_a_part(const LedgerView& view, const Directory& directory,
                                                 const Action& undo) {
    std::set<ServiceId> services{undo.service.id};
    if (standing_by(undo.kind) == Standing::active) return services;
    if (const auto all = directory.services_of(undo.account))
        for (const auto& service : *all) services.insert(service.id);
    // A panel may list what was terminated no more: the account still stands by its case.
    BAILIFF_TRY(const auto row, view.standing(undo.account));
    BAILIFF_TRY(const auto holder, view.find_case(row.case_id));
    if (holder) services.insert(holder->service.id);
    return services;
}

void take_actions(Others& found, const Action& undo, const Case& other,
                  const std::vector<Action>& actions) {
    for (const auto& one : actions) {
        const bool act = one.direction == Direction::act;
        if (!(act ? stands(other) : !is_final(one.state))) continue;
        if (one.service != other.service || !same_target(one, undo)) continue;
        if (std::ranges::count(found.actions, one.id, &Action::id) > 0) continue;
        found.actions.push_back(one);
        if (!act || !may_have_happened(one.state)) continue;
        if (!found.keeper && keeps(one.kind, undo.kind)) found.keeper = one;
        found.want = std::max(found.want, standing_by(one.kind));
    }
}

// What one case has done to its service or to the account. One that stands, but whose act has come
// to nothing, has no part in it: what is found of it outside is for a person.
void take_claims(Others& found, const Action& undo, const Case& other,
                 const std::vector<Action>& actions) {
    if (other.mode != Mode::enforce || other.account != undo.account) return;
    for (const auto& act : actions) {
        const bool stops = standing_by(act.kind) != Standing::active;
        if (act.direction != Direction::act || !stops || act.service != other.service) continue;
        if (stands(other) && !may_have_happened(act.state)) continue;
        OtherClaim claim{other.id, row_of(act.kind).target, act.target,
                         stands(other) ? standing_by(act.kind) : Standing::active};
        if (std::ranges::count(found.claims, claim) == 0) found.claims.push_back(std::move(claim));
    }
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
    return claim_of_those(view, service, but, [](const auto&) { return true; });
}

Result<std::optional<CaseClaim>> others_claim_at_work(const LedgerView& view,
                                                      const ServiceRef& service,
                                                      const CaseId& but) {
    return claim_of_those(view, service, but, [](const std::vector<Action>& actions) {
        return std::ranges::any_of(actions, [](const Action& act) {
            return touches_customer(act.kind) && act.direction == Direction::act &&
                   (act.state == ActionState::due || may_have_happened(act.state));
        });
    });
}

Result<Others> look_at_others(const LedgerView& view, const Directory& directory,
                              const Action& undo) {
    BAILIFF_TRY(const auto services, services_with_a_part(view, directory, undo));
    Others found;
    for (const auto& service : services) {
        BAILIFF_TRY(const auto cases,
                    view.cases({.state = std::nullopt, .service = service, .count = cases_max}));
        for (const auto& other : cases) {
            if (other.id == undo.case_id) continue;
            BAILIFF_TRY(const auto actions, view.actions_of(other.id));
            take_actions(found, undo, other, actions);
            take_claims(found, undo, other, actions);
        }
    }
    const bool counts = !guard_removed(Guard::other_cases_keep_theirs);
    if (!counts) found.want = Standing::active, found.claims.clear();
    found.way_back = way_back(undo.state_before, found.want);
    return found;
}

bool is_under_way(const Others& others) {
    return std::ranges::any_of(others.actions, [](const Action& other) {
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
