#pragma once
// The queue as the enforcer sees it: through the socket of the queue role.

#include <bailiff/ports/mail_queue.hpp>
#include <chrono>
#include <string>

#include "src/queue/queue_json.hpp"

namespace bailiff {

/// Threads  any; one connection a call.
class QueueClient final : public MailQueue {
public:
    explicit QueueClient(std::string socket,
                         std::chrono::milliseconds patience = std::chrono::seconds(90))
        : socket_(std::move(socket)), patience_(patience) {}

    /// Whether the role takes connections.
    [[nodiscard]] bool up() const;

    [[nodiscard]] Result<std::vector<QueuedMail>> list(std::span<const MailProof> proofs) override;
    [[nodiscard]] Result<std::vector<QueuedMail>> find(const QueueIds& ids) override;
    [[nodiscard]] Result<void> hold(const QueueIds& ids) override;
    [[nodiscard]] Result<void> release(const QueueIds& ids) override;
    [[nodiscard]] Result<void> remove(const QueueIds& ids) override;

private:
    [[nodiscard]] Result<std::vector<QueuedMail>> ask(const QueueRequest& request) const;
    [[nodiscard]] Result<void> act(QueueVerb verb, const QueueIds& ids) const;

    // Constant after construction.
    std::string socket_;
    std::chrono::milliseconds patience_;
};

}  // namespace bailiff
