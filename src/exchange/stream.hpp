#pragma once
// One exchange over a stream socket: all of a request, all of an answer.

#include <bailiff/descriptor.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace bailiff::exchange {

/// Whatever comes until the other side has said all, or `patience` is over.
/// Errors   unavailable: too late, or broken off.  exhausted: more than `bytes_max`.
[[nodiscard]] Result<std::string> receive_all(const Descriptor& socket, std::size_t bytes_max,
                                              std::chrono::milliseconds patience);

/// Sends all and says that this was all.
/// Errors   unavailable.
[[nodiscard]] Result<void> send_all(const Descriptor& socket, std::string_view bytes,
                                    std::chrono::milliseconds patience);

}  // namespace bailiff::exchange
