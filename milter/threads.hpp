#pragma once
// Whether the other threads of this process have anything left to do.

namespace bailiff {

/// Whether each sleeps: waits for a lock, a descriptor or a time. A reply that has left its
/// callback and not yet the process belongs to a thread that does not.
/// Shape    true if the kernel does not tell.
[[nodiscard]] bool other_threads_sleep() noexcept;

}  // namespace bailiff
