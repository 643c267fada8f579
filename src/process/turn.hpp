#pragma once
// One program at a time, also over the death of the process that started it.

#include <bailiff/result.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "src/process/spawn.hpp"

namespace bailiff::process {

/// The file that is standard input of each program and is locked for as long as one runs: a program
/// inherits the lock, so that it outlives a killed parent with the program, and no longer.
struct Turn {
    std::string path;  ///< only we and the group may write in its directory
    std::chrono::milliseconds
        overdue{};  ///< since its start; then what a dead parent left is ended
};

/// The file with `bytes`, locked, to be read from the start. Waits for a program of a dead parent
/// until that ends or is overdue; then ends all that have the file as their standard input.
/// Errors   unavailable: the file cannot be had, or what holds it cannot be ended.
[[nodiscard]] Result<Descriptor> take_turn(const Turn& turn, std::string_view bytes);

/// Ends the turn, whoever still has the file: a process that left the group keeps nobody waiting.
void end_turn(const Descriptor& input);

}  // namespace bailiff::process
