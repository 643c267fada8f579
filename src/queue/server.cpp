#include "src/queue/server.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>

namespace bailiff {

namespace {

constexpr std::size_t request_bytes_max = 8U << 20;

}  // namespace

QueueServer::QueueServer(MailQueue& queue, Journal& journal, Options options)
    : queue_(queue),
      journal_(journal),
      server_(journal, {.name = "queue",
                        .listening = options.listening,
                        .may_ask =
                            [users = std::move(options.users)](uid_t who) {
                                return guard(Guard::queue_listens_to_the_enforcer,
                                             std::ranges::count(users, who) > 0);
                            },
                        .request_bytes_max = request_bytes_max,
                        .patience = options.patience}) {}

void QueueServer::run(const std::function<bool()>& stopping) {
    server_.run(stopping, [this](std::string_view text) {
        const auto request = queue_request_from_json(text);
        return to_json(request ? answer(*request) : Failure(request.error()));
    });
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
