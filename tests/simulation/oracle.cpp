#include "tests/simulation/oracle.hpp"

#include <algorithm>
#include <vector>

namespace bailiff::simulation {

namespace {

bool takes_something(ActionKind kind) {
    switch (kind) {
        case ActionKind::notify_team:
        case ActionKind::notify_holder:
        case ActionKind::ticket_open:
        case ActionKind::webhook:
            return false;
        default:
            return true;
    }
}

bool is_end(ActionState state) {
    return state == ActionState::verified || state == ActionState::done ||
           state == ActionState::cancelled || state == ActionState::observed;
}

bool is_for_a_person(ActionState state) {
    return state == ActionState::dead || state == ActionState::unknown ||
           state == ActionState::waiting;
}

bool stands(const Case& record) {
    return record.state == CaseState::open || record.state == CaseState::rejected;
}

/// Queue ids that the case names: of the message that opened it, and of those that joined.
std::vector<std::string> queue_ids(const Case& record) {
    std::vector<std::string> ids{record.envelope.queue_id};
    constexpr std::string_view says = "queue id ";
    for (const auto& event : record.events)
        if (event.reason.starts_with(says))
            ids.push_back(event.reason.substr(
                says.size(), event.reason.find_first_of(",:", says.size()) - says.size()));
    return ids;
}

std::vector<Case> cases_of(const LedgerView& view) {
    auto all = view.cases({.state = {}, .service = {}, .count = 1'000'000});
    return all ? *std::move(all) : std::vector<Case>();
}

std::string text(const Action& action) {
    return action.case_id.text() + " " + std::string(to_text(action.direction)) + " " +
           std::string(to_text(action.kind)) + " " + action.target + " is " +
           std::string(to_text(action.state)) + " (" + action.detail + ")";
}

/// A way back that the panel has refused, or could not be asked for in all its attempts, waits for
/// a person; the standing of its service waits with it, and a later case finds what it left behind.
bool way_back_is_dead(const LedgerView& view, const std::string& target) {
    const auto is_dead = [](const Action& action) {
        return action.direction == Direction::undo && is_for_a_person(action.state);
    };
    return std::ranges::any_of(cases_of(view), [&](const Case& record) {
        if (record.service.id.text() != target && record.account.text() != target) return false;
        const auto actions = view.actions_of(record.id);
        return actions && std::ranges::any_of(*actions, is_dead);
    });
}

}  // namespace

void Oracle::see(const Order& order, Direction direction) {
    const auto why = why_not(order, direction);
    if (!why.empty())
        sky_.breach(Breach::unproven, std::string(to_text(direction)) + " " +
                                          std::string(to_text(order.kind)) + " " + order.target +
                                          " for " + order.case_id.text() + ": " + why);
}

std::string Oracle::why_not(const Order& order, Direction direction) {
    if (truth_.mode != Mode::enforce) return "the enforcer is in mode observe";
    std::string why;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto record, view.find_case(order.case_id));
        if (!record)
            why = "there is no such case";
        else if (record->mode != Mode::enforce)
            why = "the case is of mode observe";
        else if (direction == Direction::act && takes_something(order.kind))
            why = stands(*record) ? why_not_evident(view, *record) : "the case has ended";
        return {};
    });
    if (!why.empty() || !takes_something(order.kind)) return why;
    if (direction == Direction::act) {
        why = why_not_borne(order);
        return why.empty() ? why_not_now(order) : why;
    }
    const auto decided = truth_.decided.find(order.case_id);
    const bool wanted =
        decided != truth_.decided.end() &&
        (decided->second == CaseState::released || decided->second == CaseState::reinstated);
    if (wanted || truth_.perhaps_undone.contains(order.case_id)) return "";
    return "nobody has ended the case";
}

std::string Oracle::why_not_evident(const LedgerView& view, const Case& record) const {
    const auto path = truth_.paths.find(record.path);
    if (path == truth_.paths.end()) return "path " + record.path + " has no actions";
    if (record.strength != Strength::proven) return "the attribution is not proven";
    const auto raw = view.message(record.id);
    if (!raw || sha256(*raw) != record.message_digest) return "the message is not kept";
    const auto leaves = view.leaves(0, 1'000'000);
    const bool logged = leaves && std::ranges::any_of(*leaves, [&](const Leaf& leaf) {
                            return leaf.kind == "case-open" && leaf.subject == record.id.text();
                        });
    return logged ? "" : "the log has no leaf of the case";
}

std::string Oracle::why_path_has_not(const Case& record, ActionKind kind) const {
    const auto& steps = truth_.paths.at(record.path);
    const auto step = std::ranges::find(steps, kind, &PathStep::kind);
    if (step == steps.end()) return "the path has no such action";
    if (step->when != When::script) return "";
    const auto first = truth_.sent.find(record.envelope.queue_id);
    const bool named = first != truth_.sent.end() && first->second.has_script;
    return named ? "" : "no script was named";
}

/// By what was really sent: somebody has proven to be the one whom it hits, and the path has it.
std::string Oracle::why_not_borne(const Order& order) const {
    std::string why = "no message of this very customer proves it";
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto record, view.find_case(order.case_id));
        if (!record) return {};
        // No path destroys data; a person orders it.
        const auto why_not_of_path = order.kind == ActionKind::service_purge
                                         ? std::string()
                                         : why_path_has_not(*record, order.kind);
        if (!why_not_of_path.empty())
            why = why_not_of_path;
        else {
            const auto& now = tenants_.of(order.service);
            const ServiceRef hit{now.id, now.created};
            const bool right_target = order.kind == ActionKind::account_suspend
                                          ? order.target == now.account.text()
                                          : order.target == now.id.text();
            for (const auto& id : queue_ids(*record)) {
                const auto sent = truth_.sent.find(id);
                if (sent == truth_.sent.end() || !sent->second.is_proof) continue;
                if (sent->second.sender == hit && right_target) why.clear();
            }
        }
        return {};
    });
    return why;
}

/// Protection, directory and budget at this very moment.
std::string Oracle::why_not_now(const Order& order) {
    const auto& now = tenants_.of(order.service);
    const bool of_account = order.kind == ActionKind::account_suspend;
    for (const auto& row : tenants_.rows)
        if (row.is_protected && (row.id == now.id || (of_account && row.account == now.account)))
            return "protected: " + row.id.text();
    // A clock that was set leaves it open by how much an import is old.
    const auto oldest = std::chrono::hours(24) + 2min + truth_.clock_set;
    if (sky_.clock.truth() - tenants_.imported > oldest) return "the directory is stale";
    if (!touches_customer(order.kind)) return "";
    return over_budget(order.action_id) ? "more than actions_per_hour" : "";
}

bool Oracle::over_budget(const ActionId& id) {
    const auto now = sky_.clock.passed();
    if (!truth_.started.emplace(id, now).second) return false;  // a retry counts once
    // Steps of up to a minute are followed at once.
    const auto within = std::ranges::count_if(truth_.started, [&](const auto& started) {
        return started.second > now - std::chrono::hours(1) + 3min &&
               started.second >= truth_.breaker_closed;
    });
    return within > truth_.actions_per_hour * (truth_.restarted_after_set ? 2 : 1);
}

void Oracle::check_promises() const {
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        for (const auto& [id, actions] : truth_.promised) {
            const auto record = view.find_case(id);
            const auto planned = view.actions_of(id);
            if (!record || !*record || !view.message(id))
                sky_.breach(Breach::lost, "case " + id.text() + " was named in a reply");
            else if (!planned || planned->size() < actions)
                sky_.breach(Breach::lost, "actions of case " + id.text());
        }
        for (const auto& [id, state] : truth_.decided) {
            const auto record = view.find_case(id);
            const bool there = record && *record;
            if (there && ((*record)->state == state || truth_.perhaps_undone.contains(id)))
                continue;
            sky_.breach(Breach::lost, "the decision on case " + id.text());
        }
        return {};
    });
}

void Oracle::check_resolved(const Panel& panel) const {
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        for (const auto& record : cases_of(view)) {
            BAILIFF_TRY(const auto actions, view.actions_of(record.id));
            for (const auto& action : actions)
                if ((action.state == ActionState::running ||
                     action.state == ActionState::unknown) &&
                    (panel.tells(action.kind) || is_of_queue(action.kind)))
                    sky_.breach(Breach::unresolved, text(action));
        }
        return {};
    });
}

void Oracle::check_end(const Panel& panel) const {
    check_promises();
    check_resolved(panel);
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        std::uint64_t for_a_person = 0;
        for (const auto& id : truth_.orphans) {
            BAILIFF_TRY(const auto waiting, check_actions_end(view, id));
            for_a_person += waiting;
        }
        for (const auto& record : cases_of(view)) {
            BAILIFF_TRY(const auto waiting, check_actions_end(view, record.id));
            for_a_person += waiting;
            check_case_end(view, record, panel);
        }
        BAILIFF_TRY(const auto stats, view.stats());
        if (stats.waiting != for_a_person)
            sky_.breach(Breach::lost, "what waits for a person is not shown as waiting");
        for (const auto& row : tenants_.rows) check_service_end(view, row, panel);
        return {};
    });
}

Result<std::uint64_t> Oracle::check_actions_end(const LedgerView& view, const CaseId& id) const {
    BAILIFF_TRY(const auto actions, view.actions_of(id));
    std::uint64_t for_a_person = 0;
    for (const auto& action : actions) {
        sky_.chronicle.meet("ended " + std::string(to_text(action.state)));
        for_a_person += is_for_a_person(action.state) ? 1 : 0;
        if (!is_end(action.state) && !is_for_a_person(action.state))
            sky_.breach(Breach::lost, "stands still: " + text(action));
    }
    return for_a_person;
}

/// What a case that stands calls verified is so outside.
void Oracle::check_case_end(const LedgerView& view, const Case& record, const Panel& panel) const {
    const auto actions = view.actions_of(record.id);
    if (!actions) return;
    check_script_end(record, *actions);
    if (!stands(record)) return;
    for (const auto& action : *actions) {
        if (action.direction != Direction::act || action.state != ActionState::verified) continue;
        const bool is_here = tenants_.of(action.service.id).created == action.service.created;
        if (action.kind == ActionKind::script_block && is_here &&
            panel.script_of(action.target) != "blocked")
            disagrees(panel, "script " + action.target, "is not blocked, but " + text(action));
        const bool of_service = action.kind == ActionKind::service_terminate ||
                                action.kind == ActionKind::service_suspend;
        if (!of_service && action.kind != ActionKind::account_suspend) continue;
        const auto& now = tenants_.of(action.service.id);
        if (of_service && now.created != action.service.created) continue;  // purged since
        const auto target = of_service ? ActionTarget::service : ActionTarget::account;
        if (panel.at(target, action.target) != "active") continue;
        disagrees(panel, (of_service ? "service " : "account ") + action.target,
                  "is active, but " + text(action));
    }
}

/// A case that a message with a script has opened blocks it, if its path does so.
void Oracle::check_script_end(const Case& record, const std::vector<Action>& actions) const {
    const auto path = truth_.paths.find(record.path);
    if (path == truth_.paths.end() || !truth_.sent.contains(record.envelope.queue_id)) return;
    const auto has = [&](const auto& steps, auto of) {
        return std::ranges::count(steps, ActionKind::script_block, of) > 0;
    };
    if (!has(path->second, &PathStep::kind) || has(actions, &Action::kind)) return;
    if (why_path_has_not(record, ActionKind::script_block).empty())
        sky_.breach(Breach::lost, "script.block of case " + record.id.text());
}

void Oracle::check_service_end(const LedgerView& view, const Service& row,
                               const Panel& panel) const {
    const auto agree = [&](const Result<StandingRow>& standing, const std::string& outside,
                           const std::string& target) {
        const bool stopped = standing && standing->standing >= Standing::suspended;
        if (stopped == (outside != "active")) return standing.has_value();
        if (!way_back_is_dead(view, target)) return false;
        sky_.chronicle.meet("disagrees while a way back waits for a person");
        return true;
    };
    const auto service = panel.at(ActionTarget::service, row.id.text());
    const auto of_service = view.standing(ServiceRef{row.id, row.created});
    if (!agree(of_service, service, row.id.text()))
        disagrees(panel, "service " + row.id.text(),
                  "is " + service + ", standing " + std::string(to_text(of_service->standing)));
    check_script_free(view, row, panel);
    const auto account = panel.at(ActionTarget::account, row.account.text());
    const auto of_account = view.standing(row.account);
    if (!agree(of_account, account, row.account.text()))
        disagrees(panel, "account " + row.account.text(),
                  "is " + account + ", standing " + std::string(to_text(of_account->standing)));
}

/// What no case that stands has blocked is free.
void Oracle::check_script_free(const LedgerView& view, const Service& row,
                               const Panel& panel) const {
    if (panel.script_of(row.id.text()) == "active") return;
    for (const auto& record : cases_of(view)) {
        const auto actions = view.actions_of(record.id);
        if (!actions || !stands(record) || record.service.id != row.id) continue;
        if (std::ranges::any_of(*actions, [](const Action& action) {
                return action.kind == ActionKind::script_block &&
                       action.state != ActionState::cancelled;
            }))
            return;
    }
    if (way_back_is_dead(view, row.id.text()))
        return sky_.chronicle.meet("disagrees while a way back waits for a person");
    disagrees(panel, "script " + row.id.text(),
              "is " + panel.script_of(row.id.text()) + ", and no case that stands wants it");
}

/// What the panel did later than it said, or denied when asked, nobody can know: counted apart.
void Oracle::disagrees(const Panel& panel, const std::string& name, const std::string& what) const {
    if (panel.astray.contains(name)) return sky_.chronicle.meet("astray by the panel's own word");
    if (panel.by_hand.contains(name)) return sky_.chronicle.meet("brought back by hand");
    sky_.breach(Breach::disagrees, name + " " + what);
}

}  // namespace bailiff::simulation
