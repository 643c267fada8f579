#include "src/queue/client.hpp"

#include "src/exchange/exchange.hpp"

namespace bailiff {

namespace {

constexpr std::size_t answer_bytes_max = 256U << 20;

}  // namespace

bool QueueClient::up() const {
    return exchange::is_up(socket_);
}

Result<std::vector<QueuedMail>> QueueClient::ask(const QueueRequest& request) const {
    const auto doing = "asking the queue role at " + socket_;
    BAILIFF_TRY(
        const auto text,
        exchange::ask(socket_, to_json(request), answer_bytes_max, patience_).within(doing));
    return queue_answer_from_json(text).within(doing);
}

Result<void> QueueClient::act(QueueVerb verb, const QueueIds& ids) const {
    if (ids.empty()) return {};
    BAILIFF_CHECK(ask({.verb = verb, .proofs = {}, .ids = ids}));
    return {};
}

Result<std::vector<QueuedMail>> QueueClient::list(std::span<const MailProof> proofs) {
    if (proofs.empty()) return std::vector<QueuedMail>{};
    return ask({.verb = QueueVerb::list, .proofs = {proofs.begin(), proofs.end()}, .ids = {}});
}

Result<std::vector<QueuedMail>> QueueClient::find(const QueueIds& ids) {
    if (ids.empty()) return std::vector<QueuedMail>{};
    return ask({.verb = QueueVerb::list, .proofs = {}, .ids = ids});
}

Result<void> QueueClient::hold(const QueueIds& ids) {
    return act(QueueVerb::hold, ids);
}

Result<void> QueueClient::release(const QueueIds& ids) {
    return act(QueueVerb::release, ids);
}

Result<void> QueueClient::remove(const QueueIds& ids) {
    return act(QueueVerb::remove, ids);
}

}  // namespace bailiff
