#pragma once
// The queue of a Postfix on this machine, by its own tools.

#include <bailiff/ports/mail_queue.hpp>
#include <string>

namespace bailiff {

/// Runs postconf(1), postcat(1) and postsuper(1), as root.
/// Order    acts only while enable_long_queue_ids = yes: a short id may be another message's soon.
/// Threads  one at a time.
class PostfixQueue final : public MailQueue {
public:
    struct Options {
        std::string config_directory = "/etc/postfix";
        std::string tools = "/usr/sbin";
        std::size_t mails_max = 200'000;  ///< more in all queues together: list() is `exhausted`
    };
    explicit PostfixQueue(Options options) : options_(std::move(options)) {}

    [[nodiscard]] Result<std::vector<QueuedMail>> list(std::span<const MailProof> proofs) override;
    [[nodiscard]] Result<std::vector<QueuedMail>> find(const QueueIds& ids) override;
    [[nodiscard]] Result<void> hold(const QueueIds& ids) override;
    [[nodiscard]] Result<void> release(const QueueIds& ids) override;
    [[nodiscard]] Result<void> remove(const QueueIds& ids) override;

    /// Errors   invalid_input: queue ids of this Postfix are short.  unavailable: no Postfix.
    [[nodiscard]] Result<void> check() const;

private:
    /// A setting of Postfix.
    [[nodiscard]] Result<std::string> setting(const std::string& name) const;
    [[nodiscard]] Result<void> change(const std::vector<std::string>& what, const QueueIds& ids);

    // Constant after construction.
    Options options_;
};

}  // namespace bailiff
