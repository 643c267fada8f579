#include "src/pipeline/own_time.hpp"

#include <bailiff/limits.hpp>

namespace bailiff {
namespace {

bool is_step(std::chrono::milliseconds by) {
    return by <= limits::clock_step_max && by >= -limits::clock_step_max;
}

}  // namespace

OwnTime::OwnTime(const Clock& machine)
    : machine_(machine), course_{machine.now(), machine.steady()} {}

Instant OwnTime::now() const {
    const Lock lock(mutex_);
    const auto steady = machine_.steady();
    const auto told = machine_.now();
    const auto own =
        course_.at + std::chrono::floor<std::chrono::milliseconds>(steady - course_.steady);
    const auto by = told - own;
    if (!is_step(by) && (!jump_ || !is_step(by - jump_->by))) jump_ = Jump{by, steady};
    if (!is_step(by) && steady - jump_->since < limits::clock_settles_after) return own;
    jump_.reset();
    course_ = {told, steady};
    return told;
}

std::optional<std::chrono::milliseconds> OwnTime::jump() const {
    (void)now();
    const Lock lock(mutex_);
    if (!jump_) return std::nullopt;
    return jump_->by;
}

}  // namespace bailiff
