#include "src/panel/webhook_effect.hpp"

#include <bailiff/base64.hpp>

#include <algorithm>
#include <bailiff/keyed_digest.hpp>

namespace bailiff::panel {
namespace {

constexpr std::string_view secret_mark = "whsec_";
constexpr std::size_t key_bytes_min = 24;
constexpr std::size_t key_bytes_max = 64;

Result<std::string> key_of(std::string_view secret) {
    if (secret.ends_with('\r')) secret.remove_suffix(1);
    auto key = secret.starts_with(secret_mark) ? from_base64(secret.substr(secret_mark.size()))
                                               : std::nullopt;
    if (!key || key->size() < key_bytes_min || key->size() > key_bytes_max)
        return fail(Fault::invalid_input,
                    "the secret: expected whsec_ and the base64 of 24 to 64 bytes, one a line");
    return *std::move(key);
}

Outcome outcome_of(const CallEnd& end, bool receiver_dedupes) {
    using Kind = Outcome::Kind;
    const auto why = "the receiver: " + end.why;
    if (end.kind == CallEnd::Kind::answered)
        return {Kind::done, "delivered (HTTP " + std::to_string(end.status) + ")", {}};
    if (end.kind == CallEnd::Kind::not_done) return {Kind::retry, why, {}};
    // It has read the request and wants none of it; 408 only had not read all of it.
    if (end.status >= 300 && end.status < 500 && end.status != 408)
        return {Kind::never,
                "the receiver wants none of it (HTTP " + std::to_string(end.status) + ")",
                {}};
    return {receiver_dedupes ? Kind::retry : Kind::unknown, why, {}};
}

}  // namespace

Result<std::string> webhook_signature(const WebhookMessage& message, std::string_view secrets) {
    const auto bytes = std::string(message.id) + "." + std::to_string(message.seconds) + "." +
                       std::string(message.body);
    std::string signature;
    while (!secrets.empty()) {
        const auto line = secrets.substr(0, secrets.find('\n'));
        secrets.remove_prefix(std::min(line.size() + 1, secrets.size()));
        BAILIFF_TRY(const auto key, key_of(line));
        const auto digest = hmac_sha256(key, bytes);
        signature +=
            (signature.empty() ? "v1," : " v1,") +
            to_base64({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
    }
    return signature;
}

bool WebhookEffect::knows(ActionKind kind) const {
    return kind == ActionKind::webhook || kind == ActionKind::notify_team ||
           kind == ActionKind::notify_holder;
}

Outcome WebhookEffect::act(const Order& order) {
    if (!knows(order.kind)) return {Outcome::Kind::never, "not an action for a webhook", {}};
    const auto now = world_.clock.now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto body = webhook_body(order, now);
    const auto& id = order.action_id.text();
    const auto signature = webhook_signature({id, seconds, body}, world_.secrets.common.reveal());
    if (!signature) return {Outcome::Kind::retry, signature.error().what, {}};
    const auto end = world_.calls().post(world_.settings.url,
                                         {{"Content-Type", "application/json"},
                                          {"webhook-id", id},
                                          {"webhook-timestamp", std::to_string(seconds)},
                                          {"webhook-signature", *signature}},
                                         body);
    return outcome_of(end, world_.settings.receiver_dedupes);
}

Outcome WebhookEffect::undo(const Order&) {
    return {Outcome::Kind::never, "what has been told stays told", {}};
}

Result<std::optional<std::string>> WebhookEffect::state(const Order&) {
    return std::optional<std::string>();
}

}  // namespace bailiff::panel
