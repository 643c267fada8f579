#pragma once
// The real effect on the mail queue, with somebody who looks over its shoulder.

#include "src/pipeline/queue_effect.hpp"
#include "tests/simulation/sky.hpp"

namespace bailiff::simulation {

/// Threads  one.
class WatchedQueue final : public Effect {
public:
    struct Eyes {
        std::function<void(const Order&)> acts;  ///< it is called now
        std::function<void(const Order&)> says;  ///< it says that all is as the order wants it
    };

    WatchedQueue(QueueEffect real, const Eyes& eyes, Sky& sky)
        : real_(std::move(real)), eyes_(eyes), sky_(sky) {}

    [[nodiscard]] bool knows(ActionKind kind) const override { return real_.knows(kind); }
    [[nodiscard]] Outcome act(const Order& order) override {
        eyes_.acts(order);
        const auto what = "act " + std::string(to_text(order.kind));
        sky_.chronicle.meet(what);
        sky_.note(what + " " + order.target + " for " + order.case_id.text());
        auto outcome = real_.act(order);
        if (outcome.look_again) sky_.chronicle.meet("queue is looked at again");
        sky_.note("  the queue says: " + outcome.detail);
        return outcome;
    }
    [[nodiscard]] Outcome undo(const Order& order) override { return real_.undo(order); }
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override {
        auto state = real_.state(order);
        if (state && *state == row_of(order.kind).wanted) eyes_.says(order);
        return state;
    }
    [[nodiscard]] Result<QueueIds> concerns(const Order& order) override {
        return real_.concerns(order);
    }

private:
    QueueEffect real_;
    const Eyes& eyes_;
    Sky& sky_;
};

}  // namespace bailiff::simulation
