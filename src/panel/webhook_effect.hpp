#pragma once
// Tells a receiver what has been decided, signed as Standard Webhooks 1.0 says.

#include "src/panel/calls.hpp"
#include "src/panel/secret.hpp"

#include <bailiff/clock.hpp>
#include <bailiff/ports/effect.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace bailiff::panel {

/// What is signed: "id.seconds.body".
struct WebhookMessage {
    std::string_view id;
    std::int64_t seconds = 0;  ///< since 1970
    std::string_view body;
};

/// "v1,BASE64", one for each line of `secrets`, with a blank between them.
/// Errors   invalid_input: a line is not whsec_ and the base64 of 24 to 64 bytes; never shows it.
[[nodiscard]] Result<std::string> webhook_signature(const WebhookMessage& message,
                                                    std::string_view secrets);

/// {"type":"bailiff.ticket.open","timestamp":"...","data":{...}}: the order, as hooks get it.
[[nodiscard]] std::string webhook_body(const Order& order, Instant now);

/// Carries out `webhook` and notices by telling somebody else. The id of a message is that of the
/// action: a receiver knows by it what it has seen.
/// Errors   retry: not delivered.  never: the receiver wants none of it.  unknown: perhaps
///          delivered; with `receiver_dedupes` that is a retry, too.  state: there is none.
/// Threads  one.
class WebhookEffect final : public Effect {
public:
    struct World {
        const PanelSettings& settings;
        const Secrets& secrets;
        const Clock& clock;
        std::function<Calls()> calls;
    };
    /// What `world` refers to outlives it.
    explicit WebhookEffect(World world) : world_(std::move(world)) {}

    [[nodiscard]] bool knows(ActionKind kind) const override;
    [[nodiscard]] Outcome act(const Order& order) override;
    [[nodiscard]] Outcome undo(const Order& order) override;
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override;

private:
    World world_;
};

}  // namespace bailiff::panel
