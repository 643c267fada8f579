#pragma once
// Effects through programs of the operator: the hook contract of src/enforce/README.md.

#include <bailiff/limits.hpp>
#include <bailiff/ports/effect.hpp>
#include <bailiff/settings.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace bailiff {

/// Runs the hook that is named for a kind of action.
/// Errors   act, undo: as Outcome says; a hook that is missing, refused or not executable is
///          `retry`, with the reason.  state: unavailable when the hook could not be started, ran
///          out of time, was killed, or exited with 75.
/// Threads  any; keeps nothing between calls. With a `turn_file` hooks run one at a time, also
///          those that a killed process has started: they are waited for, and ended when overdue.
class HookEffect final : public Effect {
public:
    /// If two hooks name the same kind, the first one is it.
    explicit HookEffect(std::vector<HookSettings> hooks,
                        std::chrono::milliseconds term_grace = limits::hook_term_grace,
                        std::string turn_file = {});

    [[nodiscard]] bool knows(ActionKind kind) const override;
    [[nodiscard]] Outcome act(const Order& order) override;
    [[nodiscard]] Outcome undo(const Order& order) override;
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override;

private:
    // Constant after construction.
    std::vector<HookSettings> hooks_;
    std::chrono::milliseconds term_grace_;
    std::string turn_file_;
};

}  // namespace bailiff
