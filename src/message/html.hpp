#pragma once
// HTML -> the text that a reader sees, and the addresses that it names.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff::html {

struct Rendered {
    std::string text;                ///< UTF-8; blocks apart by line ends, other blanks collapsed
    std::vector<std::string> links;  ///< attribute values, decoded, in order; not unique
    std::string base;                ///< of <base href>, if any
    bool links_cut = false;          ///< there were more than links_max
};

inline constexpr std::size_t links_max = 10'000;

/// Reads each byte a bounded number of times, whatever is left open (fault B14).
/// Shape    `html` is UTF-8. Hidden text stays: rules want to see it. Script and style go.
/// Source   reference of the rule language §2.6: which tags break a line.
[[nodiscard]] Rendered render(std::string_view html);

}  // namespace bailiff::html
