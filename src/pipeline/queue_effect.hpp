#pragma once
// Effects on the mail of a service that Postfix has not yet delivered.

#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/mail_queue.hpp>
#include <bailiff/ports/sent_mail.hpp>

namespace bailiff {

/// `queue.hold` of all that a service has queued; `queue.release` and `queue.delete` of one held
/// message. Whose a message is, the same station tells that told it at the door, from what Postfix
/// itself wrote into the queue file; where the table of sent mail names another service, the
/// message is left alone.
/// Threads  as MailQueue: one at a time.
class QueueEffect final : public Effect {
public:
    /// `sent`: nullptr, if there is no such table.
    QueueEffect(MailQueue& queue, const Directory& directory, const SentMail* sent,
                const Clock& clock)
        : queue_(queue), directory_(directory), sent_(sent), clock_(clock) {}

    [[nodiscard]] bool knows(ActionKind kind) const override;
    [[nodiscard]] Outcome act(const Order& order) override;
    [[nodiscard]] Outcome undo(const Order& order) override;
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override;
    [[nodiscard]] Result<QueueIds> concerns(const Order& order) override;

private:
    struct Own {
        std::vector<QueuedMail> mails;
        std::size_t disputed = 0;  ///< the table of sent mail says it is another's
    };
    [[nodiscard]] Result<Own> mails_of(const ServiceId& id);
    [[nodiscard]] Result<bool> is_of(const QueuedMail& mail, const Service& service) const;
    [[nodiscard]] bool is_disputed(const QueuedMail& mail, const Service& service) const;
    [[nodiscard]] Outcome hold(const Order& order);
    /// Whether mail that we let pass before the case was written may still be on its way into the
    /// queue.
    [[nodiscard]] bool is_settling(const Order& order) const;

    MailQueue& queue_;
    const Directory& directory_;
    const SentMail* sent_;
    const Clock& clock_;
    std::size_t disputed_ = 0;  ///< of the last concerns(): reading the whole queue once more costs
};

}  // namespace bailiff
