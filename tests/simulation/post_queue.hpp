#pragma once
// Postfix' mail queue: what is really in it, whose it is, and all the ways in which its tools fail.

#include <bailiff/ports/mail_queue.hpp>
#include <bailiff/ports/sent_mail.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "tests/simulation/life.hpp"
#include "tests/simulation/sky.hpp"

namespace bailiff::simulation {

/// One message, as its sender knows it.
struct Post {
    QueuedMail mail;
    ServiceRef owner;      ///< id empty: nobody of this host
    bool is_spam = false;  ///< at least one witness said so of this very message
};

/// Mail comes by itself and leaves by itself, also while somebody looks at it.
/// Threads  one.
class PostQueue final : public MailQueue {
public:
    enum class Deed { hold, release, remove };
    /// Told of each message that is really held, released or deleted; the oracle's eye.
    using Watch = std::function<void(Deed, const Post&)>;

    PostQueue(Life& enforcer, Sky& sky) : enforcer_(enforcer), sky_(sky) {}

    Result<std::vector<QueuedMail>> list(std::span<const MailProof> proofs) override;
    Result<std::vector<QueuedMail>> find(const QueueIds& ids) override;
    Result<void> hold(const QueueIds& ids) override { return change(Deed::hold, ids); }
    Result<void> release(const QueueIds& ids) override { return change(Deed::release, ids); }
    Result<void> remove(const QueueIds& ids) override { return change(Deed::remove, ids); }

    /// The MTA has said yes to it, and writes its queue file; `held` if the milter said so.
    void accept(Post post, bool held);
    /// Nothing: it has left, or never came.
    [[nodiscard]] const Post* at(const std::string& id) const;
    [[nodiscard]] const std::map<std::string, Post>& all() const { return in_; }
    /// Accepted, and not yet in the queue: since when.
    [[nodiscard]] const std::map<std::string, std::pair<Post, Duration>>& coming() const {
        return coming_;
    }
    [[nodiscard]] bool was_deleted(const std::string& id) const { return deleted_.contains(id); }

    Watch watch;

private:
    [[nodiscard]] Result<void> look();
    Result<void> change(Deed deed, const QueueIds& ids);
    void carry_out(Deed deed, const std::string& id);
    void try_delivery(const std::string& id, Duration after, int tries_left);
    void end_delivery(const std::string& id, int tries_left);

    Life& enforcer_;
    Sky& sky_;
    std::map<std::string, Post> in_;
    std::map<std::string, std::pair<Post, Duration>> coming_;
    std::set<std::string> deleted_;
};

/// The milter's table of who sent what: notes that it may lose.
class SentNotes final : public SentMail {
public:
    explicit SentNotes(Sky& sky) : sky_(sky) {}
    void note(std::string_view queue_id, const SentRow& row) noexcept override;
    Result<std::optional<SentRow>> find(std::string_view queue_id) const override;

private:
    Sky& sky_;
    std::map<std::string, SentRow, std::less<>> rows_;
};

}  // namespace bailiff::simulation
