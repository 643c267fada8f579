#pragma once
// What the operator asks of a role that waits in its main thread; the milter and its
// keeper have ways of their own.

namespace bailiff {

/// From now on TERM and INT ask to stop, HUP asks to reload, and no broken pipe ends the process.
/// A poll(2) under way is woken by each.
void hear_signals();

[[nodiscard]] bool stop_is_asked();
/// Whether a reload was asked for since the last call.
[[nodiscard]] bool take_reload();

}  // namespace bailiff
