#include "tests/simulation/purges.hpp"

#include <algorithm>

namespace bailiff::simulation {

void Purges::see(const Order& order, Direction direction, const Panel& panel) {
    if (order.kind != ActionKind::service_purge && order.kind != ActionKind::service_terminate &&
        order.kind != ActionKind::service_suspend)
        return;
    const auto service = order.service.text();
    auto& grave = graves_[service];
    if (order.kind == ActionKind::service_terminate && direction == Direction::act)
        grave.tried.insert(order.case_id);
    const auto what = std::string(to_text(direction)) + " " + std::string(to_text(order.kind)) +
                      " " + service + " for " + order.case_id.text();
    // Whoever was told wrong by the panel itself is not to blame.
    const bool astray = panel.astray.contains("service " + service);
    if (grave.destroyed && !astray)
        return sky_.breach(
            order.kind == ActionKind::service_purge ? Breach::twice : Breach::unproven,
            what + ": its data are destroyed already");
    if (order.kind != ActionKind::service_purge) return;
    auto why =
        direction == Direction::undo ? "nothing brings data back" : why_not_decided(order.case_id);
    // Known gap: the ledger does not see that a person has brought the service back, and another
    // case has ended it since; the window counts from the first end.
    if (why.empty() && grave.ended_again)
        sky_.chronicle.meet("purge of what was brought back by hand and ended again");
    else if (why.empty() && !astray)
        why = why_not_ended(order.case_id, grave);
    if (!why.empty()) sky_.breach(Breach::unproven, what + ": " + why);
}

std::string Purges::why_not_decided(const CaseId& id) const {
    if (!truth_.purges_ordered.contains(id)) return "no named person has ordered it";
    const auto decided = truth_.decided.find(id);
    const bool rejected = decided != truth_.decided.end() && decided->second == CaseState::rejected;
    return rejected || truth_.perhaps_undone.contains(id) ? "" : "its case is not rejected";
}

bool Purges::let_go(const CaseId& id) const {
    const auto decided = truth_.decided.find(id);
    const bool ended =
        decided != truth_.decided.end() &&
        (decided->second == CaseState::reinstated || decided->second == CaseState::released);
    return ended || truth_.perhaps_undone.contains(id);
}

/// A case that found its service terminated by another one, and stands when a person ends that
/// one, keeps what the other had done, and with it the right to be purged for.
std::string Purges::why_not_ended(const CaseId& id, const Grave& grave) const {
    if (!grave.ended) return "the service is not terminated";
    if (!grave.by.contains(id)) {
        const bool heir =
            std::ranges::any_of(grave.by, [&](const CaseId& by) { return let_go(by); });
        // Interrupted in the middle, nobody can tell whether it was this one or the other.
        const bool tried = grave.tried.contains(id);
        if (!heir && !tried) return "this case has not terminated the service";
        sky_.chronicle.meet(heir ? "purge by the heir of another case"
                                 : "purge by one of two that ended it at once");
    }
    // By a clock that was set, as much too early.
    const auto least = truth_.claim_window - truth_.clock_set - 2min;
    if (sky_.clock.passed() - *grave.ended < least) return "the claim window is open";
    return "";
}

void Purges::changed(const CaseId& by, const std::string& service, const std::string& now) {
    auto& grave = graves_[service];
    if (now == "purged") {
        sky_.chronicle.meet("purged");
        grave.destroyed = true;
    } else if (now == "terminated") {
        grave.ended_again = grave.ended_again || grave.back_by_hand;
        if (!grave.ended) grave.ended = sky_.clock.passed();
        grave.by.insert(by);
    } else {
        grave.back_by_hand = grave.back_by_hand || by.text().empty();
        grave.ended.reset();
        grave.by.clear();
    }
}

void Purges::check_end(const LedgerView& view, const Tenants& tenants, const Panel& panel) const {
    for (const auto& id : truth_.purges_promised) {
        const auto actions = view.actions_of(id);
        const bool there = actions && std::ranges::any_of(*actions, [](const Action& action) {
                               return action.kind == ActionKind::service_purge;
                           });
        if (!there) sky_.breach(Breach::lost, "the order to purge for case " + id.text());
    }
    for (const auto& row : tenants.rows) {
        const auto name = "service " + row.id.text();
        if (panel.astray.contains(name)) continue;
        const auto known = view.standing(ServiceRef{row.id, row.created});
        const bool destroyed = panel.at(ActionTarget::service, row.id.text()) == "purged";
        if (known && destroyed == (known->standing == Standing::purged)) continue;
        sky_.breach(Breach::disagrees, name + (destroyed ? " is purged" : " is not purged") +
                                           ", and the ledger says otherwise");
    }
}

}  // namespace bailiff::simulation
