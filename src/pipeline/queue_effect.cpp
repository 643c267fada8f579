#include "src/pipeline/queue_effect.hpp"

#include "src/identify/attribute.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <chrono>
#include <utility>

namespace bailiff {

namespace {

/// Between the arrival that Postfix noted, in whole seconds, and our verdict.
constexpr auto same_arrival = std::chrono::minutes(10);

/// From our reply to the queue file: what cleanup(8) needs, and much more.
constexpr auto settling_time = std::chrono::seconds(2);

std::vector<MailProof> proofs_of(const Service& service) {
    std::vector<MailProof> proofs;
    for (const auto& identity : service.identities) {
        const bool vouched = identity.kind == IdentityKind::login ||
                             identity.kind == IdentityKind::client_ip ||
                             identity.kind == IdentityKind::uid;
        if (vouched) proofs.push_back({identity.kind, identity.value});
    }
    return proofs;
}

/// What the door would have seen of it.
Envelope envelope_of(const QueuedMail& mail) {
    Envelope envelope;
    const bool by_smtp = !mail.client_address.empty() || !mail.login.empty();
    envelope.door = by_smtp ? Door::submission : Door::local;
    envelope.queue_id = mail.queue_id;
    envelope.login = mail.login;
    envelope.client_address = mail.client_address;
    if (!by_smtp) envelope.uid = mail.uid;
    envelope.mail_from = mail.mail_from;
    envelope.received = mail.arrived;
    return envelope;
}

Outcome failed(const Error& error) {
    const bool never = error.fault == Fault::invalid_input;
    return {never ? Outcome::Kind::never : Outcome::Kind::retry, error.what};
}

std::string counted(std::size_t count) {
    return std::to_string(count) + (count == 1 ? " message" : " messages");
}

}  // namespace

bool QueueEffect::knows(ActionKind kind) const {
    return kind == ActionKind::queue_hold || kind == ActionKind::queue_release ||
           kind == ActionKind::queue_delete;
}

Result<bool> QueueEffect::is_of(const QueuedMail& mail, const Service& service) const {
    BAILIFF_TRY(const auto attribution, attribute_envelope(envelope_of(mail), directory_));
    return guard(Guard::queued_mail_is_attributed,
                 attribution.vouched && attribution.vouched->ref() == service.ref());
}

bool QueueEffect::is_disputed(const QueuedMail& mail, const Service& service) const {
    if (sent_ == nullptr) return false;
    const auto row = sent_->find(mail.queue_id);
    if (!row || !*row || (*row)->service == service.ref()) return false;
    const auto apart = (*row)->at - mail.arrived;
    return apart < same_arrival && apart > -same_arrival;  // else it is of an earlier message
}

Result<QueueEffect::Own> QueueEffect::mails_of(const ServiceId& id) {
    BAILIFF_TRY(const auto service, directory_.service(id));
    if (!service)
        return fail(Fault::unavailable,
                    "the directory has no service " + id.text() + ": nobody can tell its mail");
    const auto proofs = proofs_of(*service);
    BAILIFF_TRY(auto listed, queue_.list(proofs));
    Own own;
    for (auto& mail : listed) {
        BAILIFF_TRY(const bool is_its, is_of(mail, *service));
        if (!is_its) continue;
        if (is_disputed(mail, *service))
            ++own.disputed;
        else
            own.mails.push_back(std::move(mail));
    }
    return own;
}

Result<QueueIds> QueueEffect::concerns(const Order& order) {
    QueueIds ids;
    if (order.kind != ActionKind::queue_hold) return ids;
    BAILIFF_TRY(const auto own, mails_of(order.service));
    disputed_ = own.disputed;
    for (const auto& mail : own.mails)
        if (mail.deliverable()) ids.push_back(mail.queue_id);
    return ids;
}

/// Mail in `active` may be with a delivery agent already: it is held, and may have left as well.
Outcome QueueEffect::hold(const Order& order) {
    const auto before = queue_.find(order.queue_ids);
    if (!before) return failed(before.error());
    const auto leaving = std::ranges::count(*before, "active", &QueuedMail::queue);
    if (auto held = queue_.hold(order.queue_ids); !held) return failed(held.error());
    const auto after = queue_.find(order.queue_ids);
    if (!after) return {Outcome::Kind::unknown, after.error().what};
    const auto stopped =
        static_cast<std::size_t>(std::ranges::count(*after, "hold", &QueuedMail::queue));
    auto detail =
        counted(stopped) + " held, " +
        std::to_string(order.queue_ids.size() - std::min(order.queue_ids.size(), stopped)) +
        " had left";
    if (leaving > 0) detail += ", " + std::to_string(leaving) + " may have been under way";
    if (disputed_ > 0)
        detail += ", " + std::to_string(disputed_) + " left alone: sent by another service";
    Outcome outcome{Outcome::Kind::done, detail};
    if (is_settling(order)) outcome.look_again = settling_time;
    return outcome;
}

bool QueueEffect::is_settling(const Order& order) const {
    const auto age = clock_.now() - order.decided;
    return age >= std::chrono::seconds(0) && age < settling_time;
}

Outcome QueueEffect::act(const Order& order) {
    if (order.kind == ActionKind::queue_hold) return hold(order);
    const QueueIds one{order.target};
    const auto done =
        order.kind == ActionKind::queue_release ? queue_.release(one) : queue_.remove(one);
    if (!done) return failed(done.error());
    return {Outcome::Kind::done, "message " + order.target};
}

Outcome QueueEffect::undo(const Order&) {
    return {Outcome::Kind::never, "the mail queue has no way back but release"};
}

Result<std::optional<std::string>> QueueEffect::state(const Order& order) {
    if (order.kind == ActionKind::queue_hold) {
        BAILIFF_TRY(const auto own, mails_of(order.service));
        const bool left = std::ranges::any_of(own.mails, &QueuedMail::deliverable);
        if (left) return std::optional<std::string>("deliverable");
        return std::optional<std::string>(is_settling(order) ? "settling" : "held");
    }
    BAILIFF_TRY(const auto found, queue_.find({order.target}));
    const bool held = !found.empty() && !found.front().deliverable();
    if (held) return std::optional<std::string>("held");
    const bool released = order.kind == ActionKind::queue_release;
    // Delivered meanwhile, or deleted by hand: neither can be held any more.
    return std::optional<std::string>(released ? "released" : "deleted");
}

}  // namespace bailiff
