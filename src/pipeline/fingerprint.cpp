#include "src/pipeline/fingerprint.hpp"

namespace bailiff {
namespace {

void append(std::string& text, std::string_view field) {
    text += std::to_string(field.size());
    text += ':';
    text += field;
}

bool is_made_by(const Envelope& envelope, const std::string& message_id) {
    return !envelope.queue_id.empty() && message_id.find(envelope.queue_id) != std::string::npos;
}

}  // namespace

Digest fingerprint_of(const Submission& submission, const Message& message,
                      const Attribution& attribution) {
    std::string text;
    append(text, attribution.service ? attribution.service->id.text() : "");
    for (const auto& field : message.fields) {
        const bool subject = field.name == "Subject" || field.name == "From";
        const bool id = (field.name == "Message-ID" || field.name == "Message-Id") &&
                        !is_made_by(submission.envelope, field.value);
        if (subject || id) append(text, field.value);
    }
    for (const auto& address : submission.envelope.rcpt_to) append(text, address);
    const auto body = submission.raw.find("\r\n\r\n");
    append(text, body == std::string::npos ? std::string_view{}
                                           : std::string_view(submission.raw).substr(body));
    return sha256(text);
}

}  // namespace bailiff
