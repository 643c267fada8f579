#pragma once
// Mail that Postfix has accepted and not yet delivered, and who handed it in.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <bailiff/service.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// One message in the queue, by what Postfix itself has written into its queue file.
struct QueuedMail {
    std::string queue_id;
    std::string queue;                 ///< "incoming", "active", "deferred" or "hold"
    Instant arrived{};                 ///< whole seconds
    std::string mail_from;             ///< empty: the null sender
    std::string login;                 ///< SASL login; empty: none
    std::string client_address;        ///< empty: not by SMTP
    std::optional<std::uint32_t> uid;  ///< of sendmail(1) mail only
    bool operator==(const QueuedMail&) const = default;

    [[nodiscard]] bool deliverable() const { return queue != "hold"; }
};

/// What mail must carry to be listed: a login, a uid or a client address.
struct MailProof {
    IdentityKind kind = IdentityKind::login;
    std::string value;
    bool operator==(const MailProof&) const = default;
};

using QueueIds = std::vector<std::string>;

/// Letters and digits, and not postsuper's word for all mail.
[[nodiscard]] inline bool is_queue_id(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text != "ALL" &&
           std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

/// The whole authority of the queue role.
/// Errors   unavailable: not now.  invalid_input: this Postfix, or this request, does not allow it.
///          exhausted: more mail than queue_mails_max.
/// Threads  one at a time. Blocks for as long as Postfix' own tools run.
class MailQueue {
public:
    virtual ~MailQueue() = default;

    /// Mail in any queue but maildrop that carries one of `proofs`.
    [[nodiscard]] virtual Result<std::vector<QueuedMail>> list(
        std::span<const MailProof> proofs) = 0;
    /// Where these are now; one that is nowhere is left out.
    [[nodiscard]] virtual Result<std::vector<QueuedMail>> find(const QueueIds& ids) = 0;

    /// What has left meanwhile is passed over, by all three: look again afterwards.
    [[nodiscard]] virtual Result<void> hold(const QueueIds& ids) = 0;
    [[nodiscard]] virtual Result<void> release(const QueueIds& ids) = 0;
    /// Only mail that is held.
    [[nodiscard]] virtual Result<void> remove(const QueueIds& ids) = 0;
};

}  // namespace bailiff
