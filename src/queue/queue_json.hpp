#pragma once
// What is said over the socket of the queue role. README.md has the format.

#include <bailiff/ports/mail_queue.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

enum class QueueVerb : std::uint8_t { list, hold, release, remove };
[[nodiscard]] constexpr std::string_view to_text(QueueVerb verb) {
    switch (verb) {
        case QueueVerb::list:
            return "list";
        case QueueVerb::hold:
            return "hold";
        case QueueVerb::release:
            return "release";
        case QueueVerb::remove:
            return "delete";
    }
    return "";
}

/// `list` names proofs or ids; the others ids.
struct QueueRequest {
    QueueVerb verb = QueueVerb::list;
    std::vector<MailProof> proofs;
    QueueIds ids;
};

[[nodiscard]] std::string to_json(const QueueRequest& request);
/// Errors   invalid_input: what was expected instead.
[[nodiscard]] Result<QueueRequest> queue_request_from_json(std::string_view text);

/// `mails` is empty but for `list`.
[[nodiscard]] std::string to_json(const Result<std::vector<QueuedMail>>& answer);
/// Errors   those of the role; internal: no such answer.
[[nodiscard]] Result<std::vector<QueuedMail>> queue_answer_from_json(std::string_view text);

}  // namespace bailiff
