#pragma once
// How many descriptors this process may have, has, and keeps for what is no connection.

#include <bailiff/result.hpp>
#include <cstdint>

namespace bailiff {

/// What the limit of the process leaves for connections.
struct DescriptorBudget {
    std::uint64_t limit = 0;     ///< of the process
    std::uint64_t sessions = 0;  ///< that can be served: at most what was asked for
    int connections_below = 0;   ///< descriptors from this number on are no connection's
};

/// A session takes two: its connection, and one to rspamd while it is judged. The rest, less a
/// reserve, is for connections that are told to come later.
/// Errors   exhausted: not even one session fits.
[[nodiscard]] Result<DescriptorBudget> descriptor_budget(std::uint64_t limit, std::uint64_t used,
                                                         std::uint64_t sessions_wanted);

/// Raises the soft limit as far as the hard one and we allow; returns what it is now.
[[nodiscard]] std::uint64_t raise_descriptor_limit() noexcept;

/// Descriptors that are open now; 0 if nobody can tell.
[[nodiscard]] std::uint64_t descriptors_used() noexcept;

}  // namespace bailiff
