#include "tests/simulation/post_queue.hpp"

#include <algorithm>
#include <utility>

namespace bailiff::simulation {

namespace {

bool carries(const QueuedMail& mail, const MailProof& proof) {
    switch (proof.kind) {
        case IdentityKind::login:
            return mail.login == proof.value;
        case IdentityKind::client_ip:
            return mail.client_address == proof.value;
        case IdentityKind::uid:
            return mail.uid && std::to_string(*mail.uid) == proof.value;
        default:
            return false;
    }
}

}  // namespace

/// Postfix' tools take their time, and may fail.
Result<void> PostQueue::look() {
    enforcer_.call();
    sky_.wait(sky_.chance.between(20ms, 3s));
    enforcer_.call();
    if (sky_.weather.queue_away) return fail(Fault::unavailable, "the queue role is away");
    if (!sky_.chance.in_1000(sky_.weather.queue)) return {};
    sky_.chronicle.meet("queue unreadable");
    return fail(Fault::unavailable, "the queue cannot be read now");
}

Result<std::vector<QueuedMail>> PostQueue::list(std::span<const MailProof> proofs) {
    BAILIFF_CHECK(look());
    std::vector<QueuedMail> found;
    for (const auto& entry : in_) {
        const auto& mail = entry.second.mail;  // clang 14 captures no structured binding
        if (std::ranges::any_of(proofs, [&](const auto& proof) { return carries(mail, proof); }))
            found.push_back(mail);
    }
    return found;
}

Result<std::vector<QueuedMail>> PostQueue::find(const QueueIds& ids) {
    BAILIFF_CHECK(look());
    std::vector<QueuedMail> found;
    for (const auto& id : ids)
        if (const auto* post = at(id)) found.push_back(post->mail);
    return found;
}

const Post* PostQueue::at(const std::string& id) const {
    const auto found = in_.find(id);
    return found == in_.end() ? nullptr : &found->second;
}

/// A time-out tells nobody whether all, some or none of it was done.
Result<void> PostQueue::change(Deed deed, const QueueIds& ids) {
    enforcer_.call();
    auto done = ids.size();
    Result<void> answer;
    try {
        sky_.wait(sky_.chance.between(20ms, 5s));
        enforcer_.call();
    } catch (const Died&) {
        for (const auto& id : ids)
            if (sky_.chance.below(2) == 0) carry_out(deed, id);
        throw;
    }
    if (sky_.weather.queue_away) return fail(Fault::unavailable, "the queue role is away");
    if (sky_.chance.in_1000(sky_.weather.queue * 4)) {
        const auto how = sky_.chance.below(16);
        done = how < 5 ? 0 : how < 10 ? done : sky_.chance.below(done + 1);
        sky_.chronicle.meet(how == 15  ? "queue refuses"
                            : how < 5  ? "queue time-out, nothing done"
                            : how < 10 ? "queue time-out, but done"
                                       : "queue time-out in the middle");
        if (how == 15) done = 0;
        answer = fail(how == 15 ? Fault::invalid_input : Fault::unavailable, "no answer in time");
    }
    for (std::size_t i = 0; i < done; ++i) carry_out(deed, ids[i]);
    enforcer_.call();
    return answer;
}

/// As postsuper(1): what has left is passed over, and only held mail is released or deleted.
void PostQueue::carry_out(Deed deed, const std::string& id) {
    const auto found = in_.find(id);
    if (found == in_.end()) return sky_.chronicle.meet("mail had left");
    auto& post = found->second;
    const bool held = !post.mail.deliverable();
    if (held == (deed == Deed::hold)) return;
    sky_.note("  " + id +
              (deed == Deed::hold      ? " is held"
               : deed == Deed::release ? " is released"
                                       : " is deleted"));
    watch(deed, post);
    if (deed == Deed::remove) {
        sky_.chronicle.meet("mail deleted");
        deleted_.insert(id);
        in_.erase(found);
        return;
    }
    if (post.mail.queue == "active") sky_.chronicle.meet("mail held while being delivered");
    sky_.chronicle.meet(deed == Deed::hold ? "mail held" : "mail released");
    post.mail.queue = deed == Deed::hold ? "hold" : "deferred";
    if (deed == Deed::release) try_delivery(id, sky_.chance.between(1s, 10min), 3);
}

void PostQueue::accept(Post post, bool held) {
    const auto id = post.mail.queue_id;
    coming_.insert_or_assign(id, std::pair{post, sky_.clock.passed()});
    sky_.later(sky_.chance.between(10ms, 1500ms), [this, id, held] {
        auto came = coming_.extract(id).mapped().first;
        came.mail.queue = held ? "hold" : "incoming";
        came.mail.arrived = std::chrono::floor<std::chrono::seconds>(sky_.clock.now());
        sky_.chronicle.meet(held ? "mail comes held" : "mail comes");
        in_.insert_or_assign(id, std::move(came));
        if (!held) try_delivery(id, sky_.chance.between(50ms, 2h), 4);
    });
}

void PostQueue::try_delivery(const std::string& id, Duration after, int tries_left) {
    sky_.later(after, [this, id, tries_left] {
        const auto found = in_.find(id);
        if (found == in_.end() || !found->second.mail.deliverable()) return;
        found->second.mail.queue = "active";
        sky_.later(sky_.chance.between(50ms, 20min),
                   [this, id, tries_left] { end_delivery(id, tries_left); });
    });
}

/// A delivery agent that has begun goes on, though its mail was held meanwhile.
void PostQueue::end_delivery(const std::string& id, int tries_left) {
    const auto found = in_.find(id);
    if (found == in_.end()) return;
    const bool held = !found->second.mail.deliverable();
    const bool leaves = tries_left <= 1 || sky_.chance.below(2) == 0;
    if (held && !leaves) return;
    if (leaves) {
        sky_.chronicle.meet(held ? "mail leaves while held" : "mail leaves");
        in_.erase(found);
        return;
    }
    found->second.mail.queue = "deferred";
    try_delivery(id, sky_.chance.between(5min, 8h), tries_left - 1);
}

void SentNotes::note(std::string_view queue_id, const SentRow& row) noexcept {
    if (sky_.chance.in_1000(20)) return sky_.chronicle.meet("note of sent mail lost");
    rows_.insert_or_assign(std::string(queue_id), row);
}

Result<std::optional<SentRow>> SentNotes::find(std::string_view queue_id) const {
    const auto found = rows_.find(queue_id);
    if (found == rows_.end()) return std::optional<SentRow>();
    return std::optional<SentRow>(found->second);
}

}  // namespace bailiff::simulation
