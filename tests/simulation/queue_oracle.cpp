#include "tests/simulation/queue_oracle.hpp"

#include <algorithm>

namespace bailiff::simulation {

using Deed = PostQueue::Deed;

namespace {

bool names(const Case& record, const std::string& id) {
    return std::ranges::count(record.held, id, &HeldMail::queue_id) > 0;
}

}  // namespace

void QueueOracle::breach(const std::string& what) const {
    sky_.breach(Breach::unproven, std::string(to_text(order_.kind)) + " " + order_.target +
                                      " for " + order_.case_id.text() + ": " + what);
}

std::optional<Case> QueueOracle::case_of(const CaseId& id) const {
    std::optional<Case> record;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(record, view.find_case(id));
        return {};
    });
    return record;
}

void QueueOracle::see(const Order& order) {
    order_ = order;
    if (truth_.mode != Mode::enforce) return breach("the enforcer is in mode observe");
    if (order.kind == ActionKind::queue_hold) return;
    const bool release = order.kind == ActionKind::queue_release;
    const auto why = why_not_decided(release ? CaseState::released : CaseState::rejected);
    if (!why.empty()) breach(why);
    if (queue_.was_deleted(order.target))
        sky_.breach(Breach::twice, std::string(to_text(order.kind)) + " of " + order.target +
                                       ", which is deleted already");
}

void QueueOracle::see(Deed deed, const Post& post) {
    std::string why;
    if (deed == Deed::hold)
        why = why_not_held(post);
    else if (deed == Deed::release)
        why = why_not_ordered(post, ActionKind::queue_release);
    else
        why = why_not_ordered(post, ActionKind::queue_delete);
    if (deed == Deed::remove && why.empty() && !post.is_spam)
        why = "nobody has judged this very message to be spam";
    if (!why.empty()) breach(post.mail.queue_id + ": " + why);
}

/// A case that stands, of the very customer who has sent it, has named it before.
std::string QueueOracle::why_not_held(const Post& post) const {
    if (order_.kind != ActionKind::queue_hold) return "nobody has ordered to hold it";
    const auto record = case_of(order_.case_id);
    if (!record || !names(*record, post.mail.queue_id)) return "no case names it";
    if (record->service == post.owner) return "";
    // A new customer has the login of the former one; only the milter's note can tell them apart.
    const auto note = sent_.find(post.mail.queue_id);
    const bool same_id = record->service.id == post.owner.id;
    if (!same_id || !note || *note) return "it is another's: " + post.owner.id.text();
    sky_.chronicle.meet("mail of a former customer held, its note was lost");
    return "";
}

std::string QueueOracle::why_not_ordered(const Post& post, ActionKind kind) const {
    if (order_.kind != kind || order_.target != post.mail.queue_id) return "nobody has ordered it";
    const auto record = case_of(order_.case_id);
    return record && names(*record, post.mail.queue_id) ? "" : "no case names it";
}

/// When it is begun: who thinks better of it later, may be too late.
std::string QueueOracle::why_not_decided(CaseState wanted) const {
    const auto decided = truth_.decided.find(order_.case_id);
    const bool right = decided != truth_.decided.end() && decided->second == wanted;
    if (right || truth_.perhaps_undone.contains(order_.case_id)) return "";
    return "no person has decided so";
}

void QueueOracle::hear(const Order& order) const {
    if (order.kind == ActionKind::queue_hold) return hear_held(order);
    const auto* post = queue_.at(order.target);
    if (post != nullptr && !post->mail.deliverable())
        sky_.breach(Breach::disagrees, order.target + " is held, but " +
                                           std::string(to_text(order.kind)) +
                                           " is said to be done");
}

/// Neither in the queue nor on its way into it, though passed before the case was there.
void QueueOracle::hear_held(const Order& order) const {
    const auto record = case_of(order.case_id);
    if (!record) return;
    // Whose login a new customer has: nobody looks for the mail of the former one any more.
    if (tenants_.of(record->service.id).created != record->service.created)
        return sky_.chronicle.meet("queue of a former customer said to be held");
    sky_.chronicle.meet("queue said to be held");
    const auto disagree = [&](const Post& post, const char* what) {
        sky_.breach(Breach::disagrees, post.mail.queue_id + " of " + post.owner.id.text() + what +
                                           ", but queue.hold of " + order.case_id.text() +
                                           " says held");
    };
    for (const auto& [id, post] : queue_.all())
        if (post.owner == record->service && post.mail.deliverable())
            disagree(post, " is deliverable");
    if (truth_.clock_set > 0ms) return;
    for (const auto& [id, coming] : queue_.coming()) {
        if (coming.first.owner != record->service) continue;
        if (sky_.clock.truth() - sky_.clock.passed() + coming.second < record->opened)
            disagree(coming.first, " was passed before");
        else
            sky_.chronicle.meet("mail passed after the case comes after the hold");
    }
}

void QueueOracle::check_end() const {
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto cases, view.cases({.state = {}, .service = {}, .count = 1'000'000}));
        std::set<std::string> named;
        for (const auto& record : cases) {
            for (const auto& mail : record.held) named.insert(mail.queue_id);
            BAILIFF_TRY(const auto actions, view.actions_of(record.id));
            check_end_of(record, actions);
        }
        for (const auto& [id, post] : queue_.all()) {
            if (post.mail.deliverable())
                sky_.breach(Breach::lost, id + " is deliverable, and nobody delivers it");
            else if (!named.contains(id))
                sky_.chronicle.meet("mail held without a case");
        }
        return {};
    });
}

/// Held mail of a case that a person has ended has its order, however that may have gone on.
void QueueOracle::check_end_of(const Case& record, const std::vector<Action>& actions) const {
    const bool released = record.state == CaseState::released;
    if (!released && record.state != CaseState::rejected) return;
    const auto wanted = released ? ActionKind::queue_release : ActionKind::queue_delete;
    const auto ended = std::ranges::find(record.events, to_text(record.state), &CaseEvent::what);
    for (const auto& mail : record.held) {
        const auto* post = queue_.at(mail.queue_id);
        if (post == nullptr || post->mail.deliverable() || !(released || mail.judged)) continue;
        const bool ordered = std::ranges::any_of(actions, [&](const Action& action) {
            return action.kind == wanted && action.target == mail.queue_id;
        });
        if (ordered) continue;
        // Known gap: what is held for a case after a person has ended it waits for another one.
        const bool before = ended != record.events.end() && mail.at + 30s < ended->at;
        if (before && truth_.clock_set == 0ms)
            sky_.breach(Breach::lost, "held mail " + mail.queue_id + " of " + record.id.text());
        sky_.chronicle.meet("mail held for a case that was " + std::string(to_text(record.state)));
    }
}

}  // namespace bailiff::simulation
