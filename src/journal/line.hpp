#pragma once
// The text of an event.

#include <bailiff/journal.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

namespace bailiff {

/// `text` such that it stays within its quotes and its line and moves no cursor: \" \\ \n \r \t,
/// and \xNN for other control bytes (C1 and the bidirectional marks of Unicode too) and stray
/// bytes.
[[nodiscard]] std::string escaped(std::string_view text);

/// Cut with "..." where the limits of journal.hpp are reached.
[[nodiscard]] std::string journal_line(std::string_view role, Severity severity,
                                       std::string_view name, std::initializer_list<Field> fields);

}  // namespace bailiff
