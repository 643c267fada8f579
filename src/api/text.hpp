#pragma once
// The desk's JSON → what an abuse analyst wants to see at a glance.

#include <bailiff/sentence.hpp>
#include <string>
#include <string_view>

namespace bailiff {

/// One line a case, newest first as the desk gives them.
/// Shape    any bytes; control characters from mail come out escaped, so that a terminal shows them
///          and does not obey them. Text that is not the desk's JSON gives a line that says so.
[[nodiscard]] std::string case_list_text(std::string_view json);

/// What was done, or would have been, in figures.
[[nodiscard]] std::string report_text(std::string_view json);
/// The breaker, in two lines.
[[nodiscard]] std::string breaker_text(std::string_view json);

/// All of one case; the reasons of the verdict in this language.
[[nodiscard]] std::string case_show_text(std::string_view json, Language language = Language::en);

}  // namespace bailiff
