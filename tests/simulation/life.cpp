#include "tests/simulation/life.hpp"

#include <bailiff/crash_point.hpp>

namespace bailiff {
namespace simulation {

namespace {
Life* living = nullptr;  // the simulation has one thread
}

Living::Living(Life& life) : before_(living) {
    living = &life;
}
Living::~Living() {
    living = before_;
}

void Life::pass(std::string_view point) {
    if (dead_) throw Died();
    if (left_ == 0 || point != point_ || --left_ > 0) return;
    dead_ = true;
    chronicle_.meet("died at " + (point_.empty() ? std::string("a call") : point_));
    throw Died();
}

}  // namespace simulation

// In place of the one in src/guard, which kills the process; the linker takes this one first.
void crash_point(std::string_view name) {
    if (simulation::living != nullptr) simulation::living->pass(name);
}

}  // namespace bailiff
