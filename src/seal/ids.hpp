#pragma once
// Identifiers that we make ourselves.

#include <bailiff/case.hpp>
#include <bailiff/ids.hpp>
#include <bailiff/ports/entropy.hpp>
#include <cstdint>
#include <string_view>

namespace bailiff {

/// A fresh case id: 80 random bits, so that it says nothing about how many cases there are.
/// Threads  as `entropy`.
[[nodiscard]] CaseId new_case_id(Entropy& entropy);

/// The id under which an action exists once, however often it is planned.
/// Shape    format, never to change: SHA-256 over "bailiff.action.1", case id, direction, kind and
///          target, each preceded by its length in 8 bytes big-endian, then `generation` in 4.
/// Threads  any.
[[nodiscard]] ActionId action_id(const CaseId& case_id, Direction direction, ActionKind kind,
                                 std::string_view target, std::uint32_t generation);

}  // namespace bailiff
