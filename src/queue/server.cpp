#include "src/queue/server.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <poll.h>
#include <sys/socket.h>

namespace bailiff {

namespace {

constexpr std::size_t request_bytes_max = 8U << 20;
constexpr int look_at_stopping_ms = 500;

}  // namespace

void QueueServer::run(const std::function<bool()>& stopping) {
    while (!stopping()) {
        pollfd watched{listening_.number(), POLLIN, 0};
        if (poll(&watched, 1, look_at_stopping_ms) <= 0) continue;
        const Descriptor caller(accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (caller.number() >= 0) serve(caller);
    }
}

bool QueueServer::is_listened_to(const Descriptor& caller) const {
    ucred who{};
    socklen_t size = sizeof who;
    if (getsockopt(caller.number(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
    return guard(Guard::queue_listens_to_the_enforcer,
                 std::ranges::count(options_.users, who.uid) > 0);
}

void QueueServer::serve(const Descriptor& caller) {
    if (!is_listened_to(caller))
        return journal_.event(Severity::alarm, "queue_stranger",
                              {{"why", "a user other than the enforcer's asked"}});
    const auto text = queue::receive_all(caller, request_bytes_max, options_.patience);
    if (!text)
        return journal_.event(Severity::warning, "queue_unheard", {{"why", text.error().what}});
    if (text->empty()) return;  // only whether we are there was asked
    const auto request = queue_request_from_json(*text);
    const auto answered = request ? answer(*request) : Failure(request.error());
    const auto sent = queue::send_all(caller, to_json(answered), options_.patience);
    if (!sent) journal_.event(Severity::warning, "queue_unanswered", {{"why", sent.error().what}});
}

Result<std::vector<QueuedMail>> QueueServer::answer(const QueueRequest& request) {
    std::vector<QueuedMail> nothing;
    Result<std::vector<QueuedMail>> answered = nothing;
    if (request.verb == QueueVerb::list) {
        answered = request.ids.empty() ? queue_.list(request.proofs) : queue_.find(request.ids);
    } else {
        const auto done = request.verb == QueueVerb::hold      ? queue_.hold(request.ids)
                          : request.verb == QueueVerb::release ? queue_.release(request.ids)
                                                               : queue_.remove(request.ids);
        if (!done) answered = Failure(done.error());
    }
    const auto count =
        answered && request.verb == QueueVerb::list ? answered->size() : request.ids.size();
    journal_.event(answered ? Severity::info : Severity::alarm, "queue",
                   {{"verb", std::string(to_text(request.verb))},
                    {"mails", std::to_string(count)},
                    {"why", answered ? "" : answered.error().what}});
    return answered;
}

}  // namespace bailiff
