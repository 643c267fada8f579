#pragma once
// What a hook says, as one line that a journal, a record and a page can carry.

#include <string>
#include <string_view>

namespace bailiff::process {

/// `text` without control bytes and without what is no UTF-8, runs of blanks as one, no blanks at
/// the ends; cut at limits::reason_bytes_max, never within a character.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace bailiff::process
