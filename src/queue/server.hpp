#pragma once
// The queue role's side of its socket.

#include <bailiff/journal.hpp>
#include <bailiff/ports/mail_queue.hpp>
#include <chrono>
#include <functional>
#include <sys/types.h>
#include <vector>

#include "src/exchange/exchange.hpp"
#include "src/queue/queue_json.hpp"

namespace bailiff {

/// Answers one request after the other. Only `users` are listened to: by the kernel's word, not by
/// the socket's mode, because the milter is in the same group.
/// Threads  one.
class QueueServer {
public:
    struct Options {
        int listening = -1;  ///< taken over
        std::vector<uid_t> users;
        std::chrono::milliseconds patience{5'000};  ///< for a request to come whole
    };
    QueueServer(MailQueue& queue, Journal& journal, Options options);

    /// Until `stopping` says so; looked at between requests and every half second.
    void run(const std::function<bool()>& stopping);

private:
    [[nodiscard]] Result<std::vector<QueuedMail>> answer(const QueueRequest& request);

    MailQueue& queue_;
    Journal& journal_;
    exchange::Server server_;
};

}  // namespace bailiff
