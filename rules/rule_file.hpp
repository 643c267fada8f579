#pragma once
// A rule file as statements with positions: comments, trimming and blocks.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::rules {

/// Where something stands; files are counted in the order in which they are read.
struct Place {
    std::uint32_t file = 0;
    std::uint32_t line = 0;
    auto operator<=>(const Place&) const = default;
};

/// Something that is wrong there; `key` is the setting that it is about.
struct Complaint {
    Place place;
    std::string key;
    std::string what;
};

/// One line that counts: `key text`.
struct Statement {
    Place place;
    std::string key;  ///< lower case, with - as _
    std::string text;
};

/// The statements of a file that stand in no block which is switched off. A block is
/// `ifplugin X .. else .. endif`; it is on for the plugin name Bailiff and off for all others.
/// Errors   what is wrong with blocks is added to `complaints`.
[[nodiscard]] std::vector<Statement> read_statements(std::string_view text, std::uint32_t file,
                                                     std::vector<Complaint>& complaints);

/// Takes the first word off `text`; both ends lose their blanks.
[[nodiscard]] std::string_view take_word(std::string_view& text);

}  // namespace bailiff::rules
