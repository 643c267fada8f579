#pragma once
// Text files for people: lines that fit a terminal and a printer.

#include <bailiff/sentence.hpp>
#include <string>
#include <string_view>

namespace bailiff {

inline constexpr std::size_t text_columns = 78;

/// What stands before the first line, and how far the others are moved in.
struct Margin {
    std::string first;
    std::size_t rest = 0;  ///< columns
};

/// Paragraph in lines of at most text_columns characters, where a blank allows it; ends in "\n".
/// Control characters are shown by their number; French blanks do not break.
[[nodiscard]] std::string wrapped(const Sentence& paragraph, Language language,
                                  const Margin& margin = {});

/// A heading, underlined, with an empty line around it.
[[nodiscard]] std::string heading(const Sentence& title, Language language);

}  // namespace bailiff
