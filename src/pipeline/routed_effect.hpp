#pragma once
// Several effects as one.

#include <bailiff/ports/effect.hpp>

namespace bailiff {

/// Each kind of action goes to `first` if that knows it, else to `second`: an operator's hook comes
/// before our own way.  Threads  as theirs.
class RoutedEffect final : public Effect {
public:
    RoutedEffect(Effect& first, Effect& second) : first_(first), second_(second) {}

    [[nodiscard]] bool knows(ActionKind kind) const override {
        return first_.knows(kind) || second_.knows(kind);
    }
    [[nodiscard]] Outcome act(const Order& order) override { return by(order).act(order); }
    [[nodiscard]] Outcome undo(const Order& order) override { return by(order).undo(order); }
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override {
        return by(order).state(order);
    }
    [[nodiscard]] Result<QueueIds> concerns(const Order& order) override {
        return by(order).concerns(order);
    }

private:
    Effect& by(const Order& order) {
        return first_.knows(order.kind) || !second_.knows(order.kind) ? first_ : second_;
    }
    Effect& first_;
    Effect& second_;
};

}  // namespace bailiff
