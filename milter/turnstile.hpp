#pragma once
// The way in: each accept(2) of libmilter goes through here.

#include <cstdint>

namespace bailiff {

/// libmilter accepts for ever: it takes the last descriptor of the process, then turns in a circle
/// without a pause, and goes on accepting while it stops. So this program defines accept(2) itself;
/// the dynamic linker gives ours to libmilter. On other sockets it is the usual one.
/// One a process, as libmilter is.  Threads  any.
class Turnstile {
public:
    struct Counts {
        std::uint64_t passed = 0;
        std::uint64_t turned_away = 0;  ///< closed at once, for want of descriptors
    };

    /// Lets connections of `listening` in whose descriptor is below `descriptors`: the lowest free
    /// number is always the one given, so those from there on stay for the rest of the program.
    static void open(int listening, int descriptors) noexcept;
    /// From now on connections wait in the backlog, and libmilter for let_go().
    static void shut() noexcept;
    /// The waiting libmilter returns, with no connection.
    static void let_go() noexcept;

    [[nodiscard]] static Counts counts() noexcept;
};

}  // namespace bailiff
