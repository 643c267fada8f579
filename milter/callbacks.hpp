#pragma once
// The callbacks as one registration.

#include <bailiff/result.hpp>

namespace bailiff {

class Reception;

/// Registers our callbacks with libmilter; `reception` must outlive every thread of libmilter.
/// Order    once a process, before the socket is opened.
[[nodiscard]] Result<void> register_callbacks(Reception& reception);

}  // namespace bailiff
