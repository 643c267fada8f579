#pragma once
// Opens one ticket a case in WHMCS.

#include "src/panel/target_map.hpp"
#include "src/panel/whmcs_calls.hpp"

#include <bailiff/ports/effect.hpp>
#include <functional>
#include <string>

namespace bailiff::panel {

/// The subject carries the case id; a ticket of the client that has it is the ticket.
/// Errors   as StopEffect.
/// Threads  one.
class TicketEffect final : public Effect {
public:
    /// `map`, and what `access` refers to, outlive it.
    TicketEffect(WhmcsAccess access, const TargetMap& map, std::function<Calls()> calls)
        : access_(access), map_(map), calls_(std::move(calls)) {}

    [[nodiscard]] bool knows(ActionKind kind) const override {
        return kind == ActionKind::ticket_open;
    }
    [[nodiscard]] Outcome act(const Order& order) override;
    [[nodiscard]] Outcome undo(const Order& order) override;
    /// "opened" or "none".
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override;

private:
    [[nodiscard]] Result<bool> is_open(const Calls& calls, const Order& order,
                                       const std::string& client) const;
    [[nodiscard]] Done open(const Calls& calls, const Order& order,
                            const std::string& client) const;

    WhmcsAccess access_;
    const TargetMap& map_;
    std::function<Calls()> calls_;
};

}  // namespace bailiff::panel
